// How a scenario may leave a load balancer at the start: whole, or in one of the ways that a start refuses.
import * as z from 'zod';

export const AlbWorldSchema = z
  .strictObject({
    idleSlotVersion: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/)
      .nullable()
      .optional()
      .describe('Version that the idle slot is tagged with; left out: the new one, null: none'),
    healthyTargets: z.int().min(0).max(1000).default(2).describe('Healthy targets of the idle slot'),
    unhealthyTargets: z.int().min(0).max(1000).default(0).describe('Unhealthy targets of the idle slot'),
    idleSlotTakesTraffic: z.boolean().default(false).describe('Another rule forwards to the idle slot'),
    priorityTaken: z.boolean().default(false).describe('Another rule stands right before the base rule'),
    oidc: z.boolean().default(false).describe('The base rule authenticates by OIDC'),
    controller: z.boolean().default(false).describe('A Kubernetes controller manages the load balancer'),
    ruleLimit: z
      .int()
      .min(1)
      .max(200)
      .default(100)
      .describe('Rules that the account allows, default ones aside'),
  })
  .prefault({})
  .describe('Only read when the target is an ALB rule');
