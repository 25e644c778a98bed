// All planted bugs, in the order of the table.
import { FENCE } from './fence.ts';
import { JUDGING } from './judging.ts';
import { LOAD_BALANCER } from './load-balancer.ts';
import type { PlantedBug } from './planted-bug.ts';
import { PROMOTING } from './promoting.ts';
import { RECORD } from './record.ts';
import { RESTORE } from './restore.ts';
import { WAY_BACK } from './way-back.ts';
import { WISHES_TO_STOP } from './wishes-to-stop.ts';

export const PLANTED: readonly PlantedBug[] = [
  ...FENCE,
  ...RESTORE,
  ...WAY_BACK,
  ...LOAD_BALANCER,
  ...WISHES_TO_STOP,
  ...JUDGING,
  ...PROMOTING,
  ...RECORD,
];
