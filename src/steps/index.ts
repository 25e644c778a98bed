// The table of all steps: the one place that the simulator, the CDK app and the architecture test read.
import { abandonRollout } from './abandon-rollout.ts';
import { bake } from './bake.ts';
import { commitPromotion } from './commit-promotion.ts';
import { finishPromotion } from './finish-promotion.ts';
import { guardRollout } from './guard-rollout.ts';
import { handleAlarmEvent } from './handle-alarm-event.ts';
import { judgeCanary } from './judge-canary.ts';
import { notifyPeople } from './notify-people.ts';
import { registerService } from './register-service.ts';
import { rollBack } from './roll-back.ts';
import { settlePromotion } from './settle-promotion.ts';
import { shiftTraffic } from './shift-traffic.ts';
import { signalRollout } from './signal-rollout.ts';
import { startRollout } from './start-rollout.ts';
import { sweepRollouts } from './sweep-rollouts.ts';

export const STEPS = {
  'start-rollout': startRollout,
  'abandon-rollout': abandonRollout,
  'shift-traffic': shiftTraffic,
  bake,
  'judge-canary': judgeCanary,
  'commit-promotion': commitPromotion,
  'settle-promotion': settlePromotion,
  'finish-promotion': finishPromotion,
  'roll-back': rollBack,
  'handle-alarm-event': handleAlarmEvent,
  'signal-rollout': signalRollout,
  'guard-rollout': guardRollout,
  'sweep-rollouts': sweepRollouts,
  'notify-people': notifyPeople,
  'register-service': registerService,
} as const;
