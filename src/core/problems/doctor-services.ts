// What the doctor finds about services and their targets. Findings that a start would refuse, too, are among its gates.
import type { ProblemEntry } from './entry.ts';

export const DOCTOR_SERVICE_PROBLEMS = {
  'service-unregistered': {
    means: 'The service of the file is not registered with this engine.',
    why: 'A start of it would be refused.',
    fix: 'Deploy the stack of the service.',
  },
  'service-differs': {
    means: 'The service is registered otherwise than its file says.',
    why: 'A rollout goes by what is registered, not by the file.',
    fix: 'Deploy the stack of the service, if the file is the newer one.',
  },
  'target-elsewhere': {
    means: 'The target is in another account or Region than the engine.',
    why: 'An engine moves targets of its own account and Region only.',
    fix: 'Register the service with the engine there.',
  },
  'alias-split': {
    means: 'The alias is split and no rollout owns it.',
    why: 'A start would be refused, because which version to go back to cannot be known.',
    fix: 'Finish or undo the other deployment.',
  },
  'alias-on-latest': {
    means: 'The alias of a service points at $LATEST, so that a start of it would be refused.',
    why: 'Lambda does not share traffic between $LATEST and a version.',
    fix: 'Publish a version and point the alias at it once.',
  },
  'rule-not-on-one-slot': {
    means: 'The listener rule does not forward to one slot alone.',
    why: 'A start would be refused, because which slot is stable cannot be known.',
    fix: 'Give all traffic of the rule to one of the two slots.',
  },
  'rollout-running': {
    means: 'A rollout runs on this target.',
    why: 'A second start is refused until it ends.',
    fix: 'See how it stands: stepshift status ROLLOUT.',
  },
  'stable-version-missing': {
    means: 'The alias names a version that is not published.',
    why: 'There would be nothing to go back to.',
    fix: 'Point the alias at a version that is there.',
  },
  'stable-may-be-deleted': {
    means: 'The deployment that publishes a new version deletes the one before it.',
    why: 'A rollout could not go back to a version that is gone.',
    fix: 'Keep old versions: removalPolicy RETAIN_ON_UPDATE_OR_DELETE in currentVersionOptions of the function.',
  },
  'versions-kept-by-others': {
    means: 'Who deletes old versions of the function cannot be seen.',
    why: 'No CloudFormation stack made it, so some script or tool does.',
    fix: 'See that it leaves the version that the alias names, and the one before it.',
  },
  'alias-in-template': {
    means: 'The alias is in a template of CloudFormation.',
    why: 'A deployment that changes its version moves all traffic at once, past every stage.',
    fix: 'Keep its FunctionVersion as it is, or take the alias out of the template and keep the resource.',
  },
  'alarm-undecided': {
    means: 'An alarm of the service has too little data to say anything.',
    why: 'A rollout is held while it stays so.',
    fix: 'Check its metric and dimensions; treat missing data as not breaching where silence is normal.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
