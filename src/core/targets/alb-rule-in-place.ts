// The arithmetic of moving traffic in the base rule itself: which actions are sent back, and what is read off them.
import {
  type AlbAction,
  type AlbRule,
  isAllOn,
  namesGroup,
  type SplitAction,
  splitActions,
  wholeActions,
} from './alb-rule-listener.ts';

/** The actions of the base rule with its forward split between the slots; the others stay as they are. */
export function splitInPlace<Action extends AlbAction>(
  actions: readonly Action[],
  stableArn: string,
  canaryArn: string,
  canaryPercent: number,
): (Action | SplitAction)[] {
  return splitActions(actions, stableArn, canaryArn, canaryPercent).map(withItsSecret);
}

/** The actions of the base rule with one slot alone in its forward: a cookie then pins nobody to the other one. */
export function wholeInPlace<Action extends AlbAction>(
  actions: readonly Action[],
  groupArn: string,
): (Action | SplitAction)[] {
  return wholeActions(actions, groupArn).map(withItsSecret);
}

/**
 * A rule is changed by sending all its actions, and what is read of an OIDC action lacks its client secret. With this
 * flag the rule keeps the one it has; source: Elastic Load Balancing API, AuthenticateOidcActionConfig.
 */
function withItsSecret<Action extends AlbAction>(action: Action): Action {
  if (action.AuthenticateOidcConfig === undefined) return action;
  return {
    ...action,
    AuthenticateOidcConfig: { ...action.AuthenticateOidcConfig, UseExistingClientSecret: true },
  };
}

/** Stable serves everything, and the canary's slot is attached at weight 0, so that its targets are checked. */
export function isAttached(base: AlbRule, stableArn: string, canaryArn: string): boolean {
  return isAllOn(base, stableArn) && namesGroup(base, canaryArn);
}

/** This slot serves everything, and the other one is not even named. */
export function isAloneOn(base: AlbRule, groupArn: string, otherArn: string): boolean {
  return isAllOn(base, groupArn) && !namesGroup(base, otherArn);
}
