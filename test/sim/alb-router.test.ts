// The in-memory ALB router under the contract of all routers and under that of its kind.
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import { memoryAlbRouter } from '../../src/sim/memory-alb-router.ts';
import { albDriver } from '../contracts/alb-driver.ts';
import { albRouterContract } from '../contracts/alb-router.contract.ts';
import { trafficRouterContract } from '../contracts/traffic-router.contract.ts';

const troubles = {
  throttled: () => new TransientError('Rate exceeded'),
  denied: (api: string) => new PermissionError(`not authorized to perform elasticloadbalancing:${api}`),
  lost: () => new TransientError('the connection was closed'),
};

trafficRouterContract('the in-memory ALB router', async () => albDriver(memoryAlbRouter, troubles), {
  canCompareAndSwap: false,
  carriesTag: false,
});
albRouterContract('the in-memory ALB router', memoryAlbRouter);
