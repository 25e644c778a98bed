// What a rollout reads and writes in the engine's DynamoDB table, in request units. A test plays rollouts against an
// emulated table and compares. Source: DynamoDB developer guide, «DynamoDB read and write operations»: a write unit is
// 1 KB, a read unit 4 KB read consistently; each write in a transaction counts double, and its copy in an index once more.
import { canonicalJson, type ServiceSpec } from './service-spec.ts';

export interface RecordUnits {
  readonly readUnits: number;
  readonly writeUnits: number;
}

const BYTES_PER_UNIT = 1024;
const KB_PER_READ = 4;
/** A row without its service: sides, gates, the judge's memory, and a task token of up to 1 KB. As seen, rounded up. */
const ROW_BYTES = 6000;
/** The fact that a look leaves: up to six minutes of both versions and the verdict. As seen, rounded up. */
const FACT_BYTES = 3300;
const FACT_BYTES_PER_CUSTOM_CHECK = 500;
/** The reason of an alarm's state is quoted. */
const FACT_BYTES_PER_ALARM = 250;

interface Sizes {
  /** Write units of the row and of a look's fact. */
  readonly row: number;
  readonly fact: number;
  /** Read units of the row and of the whole audit at the end. */
  readonly rowRead: number;
  readonly auditRead: number;
}

type Count = (sizes: Sizes) => readonly [reads: number, writes: number];

/** Of one call. A change of the row is three times its size: twice in its transaction, once in its index. */
const UNITS_OF_CALL: Readonly<Record<string, Count>> = {
  'start-rollout': ({ row, rowRead }) => [10 + rowRead, 14 * row + 12],
  'shift-traffic': ({ row, rowRead }) => [2 + rowRead, 6 * row + 10],
  // the token lies in the row, without a transaction
  bake: ({ row, rowRead }) => [rowRead, 2 * row],
  'judge-canary': ({ fact, rowRead }) => [2 + rowRead, 2 * fact + 2],
  'commit-promotion': ({ row, rowRead }) => [1 + rowRead, 3 * row + 6],
  'settle-promotion': ({ rowRead }) => [rowRead, 0],
  'finish-promotion': ({ row, rowRead, auditRead }) => [6 + 3 * rowRead + auditRead, 5 * row + 16],
  'roll-back': ({ row, rowRead, auditRead }) => [7 + 4 * rowRead + auditRead, 8 * row + 20],
  'guard-rollout': ({ rowRead }) => [rowRead, 0],
  'notify-people': () => [1, 1],
};

/** @param calls invocations by function */
export function recordUnits(
  spec: ServiceSpec,
  ticks: number,
  calls: Readonly<Record<string, number>>,
): RecordUnits {
  const sizes = sizesOf(spec, ticks);
  const units = Object.entries(calls).map(([name, count]) => {
    const [reads, writes] = unitsOfCall(name)(sizes);
    return { reads: reads * count, writes: writes * count };
  });
  return {
    readUnits: units.reduce((sum, { reads }) => sum + reads, 0),
    writeUnits: units.reduce((sum, { writes }) => sum + writes, 0),
  };
}

/** Throws TypeError for a function whose use of the record nobody wrote down. */
function unitsOfCall(name: string): Count {
  const units = UNITS_OF_CALL[name];
  if (units === undefined) throw new TypeError(`no request units are known of ${name}`);
  return units;
}

function sizesOf(spec: ServiceSpec, ticks: number): Sizes {
  const { custom, alarms } = spec.checks;
  const row = kilobytes(ROW_BYTES + canonicalJson(spec).length);
  const fact = kilobytes(
    FACT_BYTES + custom.length * FACT_BYTES_PER_CUSTOM_CHECK + alarms.length * FACT_BYTES_PER_ALARM,
  );
  const otherFacts = 3;
  return {
    row,
    fact,
    rowRead: Math.ceil(row / KB_PER_READ),
    auditRead: Math.ceil((ticks * fact) / KB_PER_READ) + otherFacts,
  };
}

function kilobytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_UNIT);
}
