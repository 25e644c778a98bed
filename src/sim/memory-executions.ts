// Workflow executions in memory, as the guard and the sweeper see them.
import type { ExecutionStatus, Executions } from '../ports.ts';

export interface MemoryExecutions extends Executions {
  begin(executionArn: string): void;
  /** How it ended; an execution that ended before stays as it is. */
  end(executionArn: string, status: Exclude<ExecutionStatus, 'RUNNING' | 'MISSING'>): void;
  /** Its history has grown by so many events. */
  addHistory(executionArn: string, events: number): void;
}

/** @param onStop hears of every running execution that is stopped, after its status is ABORTED */
export function memoryExecutions(
  onStop: (executionArn: string, cause: string) => void = () => {},
): MemoryExecutions {
  const statuses = new Map<string, ExecutionStatus>();
  const histories = new Map<string, number>();
  const end: MemoryExecutions['end'] = (arn, status) => {
    if (statuses.get(arn) === 'RUNNING') statuses.set(arn, status);
  };
  return {
    begin: (arn) => {
      statuses.set(arn, 'RUNNING');
    },
    end,
    addHistory: (arn, events) => {
      histories.set(arn, (histories.get(arn) ?? 0) + events);
    },
    status: async (arn) => statuses.get(arn) ?? 'MISSING',
    historyEvents: async (arn) => histories.get(arn) ?? 0,
    stop: async (arn, cause) => {
      if (statuses.get(arn) !== 'RUNNING') return;
      end(arn, 'ABORTED');
      onStop(arn, cause);
    },
  };
}
