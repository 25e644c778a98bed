// The in-memory ALB router under the contract of all routers and under that of its kind.
import { describe } from 'vitest';
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import { ALB_MODES } from '../../src/core/targets/alb-rule-modes.ts';
import { memoryAlbRouter } from '../../src/sim/memory-alb-router.ts';
import { albDriver, albTraits } from '../contracts/alb-driver.ts';
import { albRouterContract } from '../contracts/alb-router.contract.ts';
import { trafficRouterContract } from '../contracts/traffic-router.contract.ts';

const troubles = {
  throttled: () => new TransientError('Rate exceeded'),
  denied: (api: string) => new PermissionError(`not authorized to perform elasticloadbalancing:${api}`),
  lost: () => new TransientError('the connection was closed'),
};

describe.each(ALB_MODES)('%s', (mode) => {
  trafficRouterContract(
    'the in-memory ALB router',
    async () => albDriver(memoryAlbRouter, troubles, mode),
    albTraits(mode),
  );
});
albRouterContract('the in-memory ALB router', memoryAlbRouter);
