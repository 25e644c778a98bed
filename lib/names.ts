// Names that the engine stack and the service stacks agree on, so that neither has to import the other's resources.

export const DEFAULT_ENGINE_NAME = 'StepshiftEngine';

/** What an engine may be called: the name of its stack, its state machine and its event bus. */
export const ENGINE_NAME = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;

/** CloudFormation export with the service token of the custom resource that registers services. */
export function registerServiceTokenExport(engineName: string): string {
  return `${engineName}:RegisterServiceToken`;
}

/** CloudFormation export with the ARN that pipelines start. */
export function rolloutMachineExport(engineName: string): string {
  return `${engineName}:RolloutMachineArn`;
}

/**
 * IAM path of the engine roles that may assume target roles. Target roles trust this path and not a list of ARNs:
 * an exported list could not change while a service imports it, and a trusted ARN dies with its role, so that a later
 * version of the engine could lose the right to roll back.
 */
export function targetCallerPath(engineName: string): string {
  return `/stepshift/${engineName}/target-callers/`;
}

/** What the names of all target roles of an engine begin with; the engine may assume these and no others. */
export function targetRolePrefix(engineName: string): string {
  return `stepshift-${engineName}-`;
}

export function serviceStackName(service: string): string {
  return `Stepshift-Service-${service}`;
}

/** `roll-back` → `RollBack`: logical ids and the variables of the workflow definition. */
export function pascalCase(stem: string): string {
  return stem
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
