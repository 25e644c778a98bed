// What the doctor makes of the versions behind an alias: could a rollout go back to the one that serves?
import type { Judged } from './doctor.ts';
import type { RetentionReading } from './doctor-reader.ts';

export function judgeVersions({ alias, publishedVersions, template }: RetentionReading): readonly Judged[] {
  // the row of the target tells
  if (alias === null) return [];
  const stable = alias.primaryVersion;
  if (stable !== '$LATEST' && !publishedVersions.includes(stable)) {
    return [
      {
        code: 'stable-version-missing',
        severity: 'fail',
        what: `The alias names version ${stable}, which is not published.`,
        fix: 'Point the alias at a version that is there',
      },
    ];
  }
  if (template === null) {
    return [
      {
        code: 'versions-kept-by-others',
        severity: 'unknown',
        what: `${publishedVersions.length} published versions. Who deletes old ones cannot be seen: no CloudFormation stack made this function.`,
        fix: 'See that whatever deletes versions leaves the one that the alias names, and the one before it',
      },
    ];
  }
  const where = `CloudFormation stack ${template.stack}`;
  const problems = [
    ...template.deletedVersions.map((id) => deletedOnDeploy(id, where)),
    ...template.aliases.map((id) => aliasInTemplate(id, where)),
  ];
  if (problems.length > 0) return problems;
  const what = `${publishedVersions.length} published versions; its stack deletes none of them.`;
  return [{ code: 'versions-kept', severity: 'ok', what, where }];
}

function deletedOnDeploy(logicalId: string, where: string): Judged {
  return {
    code: 'stable-may-be-deleted',
    severity: 'warn',
    what: `The version ${logicalId} is deleted by the deployment that replaces it, and a rollout could not go back to it.`,
    where,
    fix: 'currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } on the function (DeletionPolicy: RetainExceptOnCreate)',
  };
}

function aliasInTemplate(logicalId: string, where: string): Judged {
  return {
    code: 'alias-in-template',
    severity: 'warn',
    what: `The alias ${logicalId} is in a template: a deployment that changes its version moves all traffic at once.`,
    where,
    fix: 'Keep its FunctionVersion as it is, or take the alias out of the template and keep the resource (DeletionPolicy: Retain)',
  };
}
