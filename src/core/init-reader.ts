// What `stepshift init` can ask of an account, so that a service file need not be written from memory. Every method reads;
// none writes. Each may throw PermissionError and TransientError.

/** Whose alarms are looked for. */
export type AlarmSubject =
  | { readonly kind: 'function'; readonly functionName: string }
  | {
      readonly kind: 'load-balancer';
      /** `app/NAME/ID`: the dimension of its metrics. */
      readonly loadBalancerId: string;
      /** `targetgroup/NAME/ID`, of both slots. */
      readonly groupIds: readonly string[];
    };

export interface AlarmNames {
  readonly names: readonly string[];
  /** false: the account has more alarms than were looked at. */
  readonly isComplete: boolean;
}

export interface InitReader {
  /** Names of the function's aliases; null: there is no such function. */
  aliases(functionName: string): Promise<readonly string[] | null>;
  /** Whether a function URL, an API Gateway or a load balancer may call the alias. */
  isHttp(functionName: string, alias: string): Promise<boolean>;
  /** ARNs of the target groups that a listener rule forwards to, in its order; null: there is no such rule. */
  targetGroups(listenerRuleArn: string): Promise<readonly string[] | null>;
  /** Names of the metric alarms that watch the subject, sorted. */
  alarms(subject: AlarmSubject): Promise<AlarmNames>;
}
