// Facts about what IAM asks for an UpdateAlias; each trial under a session policy that allows one thing.
import * as z from 'zod';
import { experiment } from '../core/experiment.ts';
import { OPEN_TAG, PROBE, TAGGED } from '../core/names.ts';
import { errorNameOf } from '../core/probe.ts';
import type { AliasesAs, AliasName, PolicyStatement } from '../ports.ts';

/** All names of the game day, in any Region and account: the role itself can do no more. */
function arnOf({ functionName }: AliasName): string {
  return `arn:aws:lambda:*:*:function:${functionName}`;
}

function allow(resources: readonly string[], condition?: PolicyStatement['Condition']): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: ['lambda:UpdateAlias'],
    Resource: resources,
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

async function isAllowed(
  aliasesAs: AliasesAs,
  name: AliasName,
  statement: PolicyStatement,
): Promise<boolean> {
  const aliases = await aliasesAs([statement]);
  const error = await errorNameOf(() => aliases.update(name, { description: 'a trial of permissions' }));
  if (error === null) return true;
  if (error === 'AccessDeniedException') return false;
  throw new Error(`UpdateAlias was refused for another reason than permissions: ${error}`);
}

const both = (name: AliasName): readonly string[] => [arnOf(name), `${arnOf(name)}:${name.alias}`];

export const resourceTag = experiment({
  id: 'update-alias-resource-tag',
  question: 'Is aws:ResourceTag honoured for lambda:UpdateAlias?',
  assumption: 'It is not.',
  place: 'docs/guarantees.md#what-is-assumed-about-aws',
  method:
    'UpdateAlias on a tagged and on an untagged function, with and without the condition in a session policy',
  needs: ['sample'],
  minutes: () => 1,
  sample: z.object({
    withoutCondition: z.boolean(),
    onTagged: z.boolean(),
    onUntagged: z.boolean(),
  }),
  run: async ({ aliasesAs }, keep) => {
    const condition = { StringEquals: { [`aws:ResourceTag/${OPEN_TAG.key}`]: OPEN_TAG.value } };
    keep({
      withoutCondition: await isAllowed(aliasesAs, TAGGED, allow(both(TAGGED))),
      onTagged: await isAllowed(aliasesAs, TAGGED, allow(both(TAGGED), condition)),
      onUntagged: await isAllowed(aliasesAs, PROBE, allow(both(PROBE), condition)),
    });
  },
  judge: (samples) => {
    const [
      { withoutCondition, onTagged, onUntagged } = {
        withoutCondition: false,
        onTagged: false,
        onUntagged: false,
      },
    ] = samples;
    const isHonoured = onTagged && !onUntagged;
    return {
      // without the control a denial says nothing about the tag
      verdict: !withoutCondition ? 'unknown' : isHonoured ? 'disagrees' : 'agrees',
      measured: `tagged: ${told(onTagged)}; untagged: ${told(onUntagged)}; without the condition: ${told(withoutCondition)}`,
      values: { withoutCondition, onTagged, onUntagged },
    };
  },
});

export const aliasArn = experiment({
  id: 'update-alias-resource',
  question: 'Is lambda:UpdateAlias authorised on the ARN of the function, of the alias, or of both?',
  assumption: 'On one of the two or on both; the target role is given both.',
  place: 'docs/install.md#not-run-on-a-real-account-yet',
  method: 'UpdateAlias under session policies with the one ARN, with the other, and with both',
  needs: ['sample'],
  minutes: () => 1,
  sample: z.object({ functionAlone: z.boolean(), aliasAlone: z.boolean(), both: z.boolean() }),
  run: async ({ aliasesAs }, keep) => {
    const [functionArn = '', aliasOfFunction = ''] = both(PROBE);
    keep({
      functionAlone: await isAllowed(aliasesAs, PROBE, allow([functionArn])),
      aliasAlone: await isAllowed(aliasesAs, PROBE, allow([aliasOfFunction])),
      both: await isAllowed(aliasesAs, PROBE, allow(both(PROBE))),
    });
  },
  judge: (samples) => {
    const [first = { functionAlone: false, aliasAlone: false, both: false }] = samples;
    return {
      verdict: first.both ? 'agrees' : 'disagrees',
      measured: `function's ARN alone: ${told(first.functionAlone)}; alias' ARN alone: ${told(first.aliasAlone)}; both: ${told(first.both)}`,
      values: first,
    };
  },
});

function told(isAllowed: boolean): string {
  return isAllowed ? 'allowed' : 'denied';
}
