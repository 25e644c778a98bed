// What a pipeline asks a rollout with, checked at synth: names, and texts that may hold pipeline variables.
import { type IFragmentConcatenator, Tokenization } from 'aws-cdk-lib';
import { VERSION_NAME } from '../src/cli/names.ts';
import { InvalidInputError, type Problem } from '../src/core/errors.ts';
import { parseServiceFile, type WrittenServiceFile } from '../src/core/service-file.ts';
import { type ServiceSpec, ServiceSpecSchema } from '../src/core/service-spec.ts';
import { ENGINE_NAME } from './names.ts';

export interface WrittenRequest {
  readonly actionName: string;
  readonly service: string | WrittenServiceFile;
  readonly version: string;
  readonly engineName: string;
  readonly executionNamePrefix: string | undefined;
}

export interface PipelineRequest {
  readonly service: string;
  /** null where only the name of the service is known. */
  readonly spec: ServiceSpec | null;
  readonly executionNamePrefix: string;
}

/**
 * The name of an execution has at most 80 characters (Step Functions API reference, StartExecution), and CodePipeline
 * appends a hyphen and the id of the action's execution, a UUID (CodePipeline user guide, «AWS Step Functions invoke
 * action reference», ExecutionNamePrefix).
 */
export const MAX_PREFIX_CHARACTERS = 80 - 1 - 36;

const PREFIX = new RegExp(`^[A-Za-z0-9._-]{1,${MAX_PREFIX_CHARACTERS}}$`);
/** `#{namespace.key}`, with the characters of CodePipeline's API reference (ActionDeclaration, OutputVariablesKey). */
const VARIABLE = /#\{[A-Za-z0-9@_-]{1,100}\.[A-Za-z0-9@_-]+\}/g;

/** Throws InvalidInputError with everything that is wrong. */
export function parsePipelineRequest(written: WrittenRequest): PipelineRequest {
  const spec = typeof written.service === 'string' ? null : parseServiceFile(written.service);
  const service = typeof written.service === 'string' ? written.service : written.service.service;
  const prefix = written.executionNamePrefix ?? service;
  const problems = [
    ...serviceProblem(service, written.actionName),
    ...versionProblem(written.version, written.actionName),
    ...engineProblem(written.engineName, written.actionName),
    ...(written.executionNamePrefix === undefined ? [] : prefixProblem(prefix, written.actionName)),
  ];
  if (problems.length > 0) throw new InvalidInputError(problems);
  return { service, spec, executionNamePrefix: prefix };
}

function serviceProblem(service: string, actionName: string): readonly Problem[] {
  if (ServiceSpecSchema.shape.service.safeParse(service).success) return [];
  return [
    {
      code: 'wrong-name',
      what: 'no service can have this name',
      where: `${actionName}: service`,
      got: JSON.stringify(service),
      allowed: 'a lower-case letter, then lower-case letters, digits and hyphens, at most 40 characters',
      fix: 'Write the name as the service file has it under service; it cannot be a pipeline variable',
    },
  ];
}

function versionProblem(version: string, actionName: string): readonly Problem[] {
  const filledIn = withoutTokens(version).replace(VARIABLE, 'x');
  // anything else could end the text inside the JSON that the action sends, or name nothing
  if (VERSION_NAME.test(filledIn)) return [];
  return [
    {
      code: 'wrong-version',
      what: filledIn.includes('{')
        ? 'this is no pipeline variable'
        : 'no version can be called this, nor can it be sent',
      where: `${actionName}: version`,
      got: JSON.stringify(version),
      allowed:
        'a pipeline variable, #{namespace.NAME}, or 1 to 128 letters, digits, dots, underscores and hyphens',
      fix: "Take what the publishing action exports, for example publish.variable('VERSION')",
    },
  ];
}

function engineProblem(engineName: string, actionName: string): readonly Problem[] {
  if (ENGINE_NAME.test(engineName)) return [];
  return [
    {
      code: 'wrong-engine-name',
      what: 'no engine can have this name',
      where: `${actionName}: engineName`,
      got: JSON.stringify(engineName),
      allowed:
        'the name of the engine’s stack: a letter, then letters, digits and hyphens, at most 40 characters',
      fix: 'Write the name that the engine was deployed with (-c engine=…), or leave it out',
    },
  ];
}

function prefixProblem(prefix: string, actionName: string): readonly Problem[] {
  if (PREFIX.test(prefix)) return [];
  return [
    {
      code: 'wrong-prefix',
      what: 'an execution cannot be named with this prefix',
      where: `${actionName}: executionNamePrefix`,
      got: `${JSON.stringify(prefix)} (${prefix.length} characters)`,
      allowed: `1 to ${MAX_PREFIX_CHARACTERS} letters, digits, dots, underscores and hyphens`,
      fix: 'Shorten it, or leave it out: then it is the name of the service',
    },
  ];
}

const AS_TEXT: IFragmentConcatenator = { join: (left, right) => `${left ?? ''}${right ?? ''}` };

/** What the CDK fills in later, such as the namespace of an action's variables, is taken as one good character. */
function withoutTokens(text: string): string {
  return (
    Tokenization.reverseString(text)
      .mapTokens({ mapToken: () => 'x' })
      .join(AS_TEXT) ?? ''
  );
}
