// What refuses the pipeline action of lib/code-pipeline.ts: a cdk synth that stops.
import type { ProblemEntry } from './entry.ts';

export const PIPELINE_PROBLEMS = {
  'wrong-version': {
    means: 'The version is neither a pipeline variable nor the name of a version.',
    why: 'The pipeline would start a rollout of something that cannot exist, and fail after everything else was deployed.',
    fix: 'Write #{namespace.NAME} with the namespace of the action that publishes the version.',
    example: { wrong: 'version: "{Publish.VERSION}"', right: 'version: "#{Publish.VERSION}"' },
  },
  'wrong-engine-name': {
    means: 'No engine can have this name.',
    why: 'The action finds the engine by the name of its stack.',
    fix: 'Write the name that the engine was deployed with, or leave it out for StepshiftEngine.',
  },
  'wrong-prefix': {
    means: 'No execution can be named with this prefix.',
    why: 'CodePipeline puts an id behind it, and Step Functions takes 80 characters in all.',
    fix: 'Shorten it, or leave it out: then it is the name of the service.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
