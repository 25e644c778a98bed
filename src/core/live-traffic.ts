// What a target is configured to do right now, as read from its own API, and who of it could serve.

/** Shares of one rollout's versions on the live target. */
export interface LiveTraffic {
  /** Share of the canary, percent. */
  readonly canaryPercent: number;
  /** Share of stable, percent. */
  readonly stablePercent: number;
  /** Versions that carry traffic and are neither stable nor canary. */
  readonly strangers: readonly string[];
  /** The tag of the last writer, where the target can carry one. */
  readonly writtenBy: string | null;
}

/** Published versions of a function are numbers; what a load balancer sends its traffic to has a name of its own. */
export function strangerWords(strangers: readonly string[]): string {
  return strangers.map((name) => (/^\d+$/.test(name) ? `version ${name}` : name)).join(' and ');
}

/** Instances behind one version, as the target's own health checks see them. */
export interface SideHealth {
  readonly healthy: number;
  readonly unhealthy: number;
  /** Registered and not checked: too new, or in a group that no rule names. Nothing is known of them. */
  readonly pending: number;
}

export interface TargetHealth {
  readonly stable: SideHealth;
  readonly canary: SideHealth;
}

/** Nobody could serve. A side that is not checked may well serve: not knowing is no reason to keep traffic from it. */
export function isDown({ healthy, pending }: SideHealth): boolean {
  return healthy === 0 && pending === 0;
}
