// What the cost of the engine is counted from, against the template: memory, alarms, the sweeper's clock, traces, logs.
import { describe, expect, it } from 'vitest';
import type { StepMetadata } from '../../lib/step-function.ts';
import { ENGINE_AT_REST } from '../../src/core/cost-at-rest.ts';
import { FUNCTION_MEMORY_MB } from '../../src/core/plan-usage.ts';
import { STEPS } from '../../src/steps/index.ts';
import { resources, synthesize } from './synth.ts';

const { engine } = synthesize();
const descriptions = (Object.values(STEPS) as readonly StepMetadata[]).map(({ does }) => does);
const functions = Object.values(resources(engine, 'AWS::Lambda::Function'))
  .map(({ Properties }) => Properties)
  .filter(({ Description }) => descriptions.includes(Description));

describe('the engine as its cost is counted', () => {
  it('gives every function the memory of the plan, on the processor of the price', () => {
    expect(functions).toHaveLength(descriptions.length);
    for (const { MemorySize, Architectures } of functions) {
      expect(MemorySize).toBe(FUNCTION_MEMORY_MB);
      expect(Architectures).toEqual(['arm64']);
    }
  });

  it('has as many metrics in its alarms', () => {
    const alarms = Object.values(resources(engine, 'AWS::CloudWatch::Alarm'));
    const metrics = alarms.reduce((sum, { Properties }) => sum + (Properties.Metrics?.length ?? 1), 0);
    expect(metrics).toBe(ENGINE_AT_REST.alarmMetrics);
  });

  it('has nothing but the sweeper on the clock', () => {
    const schedules = Object.values(resources(engine, 'AWS::Events::Rule')).flatMap(
      ({ Properties }) => Properties.ScheduleExpression ?? [],
    );
    expect(schedules).toEqual([`rate(${ENGINE_AT_REST.minutesBetweenSweeps} minute)`]);
  });

  it('has its sweeper traced or not', () => {
    const sweeper = functions.find(({ Description }) => Description === STEPS['sweep-rollouts'].does);
    expect(sweeper?.TracingConfig?.Mode === 'Active').toBe(ENGINE_AT_REST.isSweeperTraced);
  });

  it('keeps its logs as long', () => {
    const days = Object.values(resources(engine, 'AWS::Logs::LogGroup')).map(
      ({ Properties }) => Properties.RetentionInDays,
    );
    expect(new Set(days)).toEqual(new Set([ENGINE_AT_REST.logMonths * 30]));
  });

  it('pays its table by request', () => {
    for (const { Properties } of Object.values(resources(engine, 'AWS::DynamoDB::Table'))) {
      expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
    }
  });
});
