// Our own command line as a person runs it, against the emulators.
import { join } from 'node:path';
import { awsEnvironment, type Places } from './aws.ts';
import { TREE } from './cdk.ts';
import { withoutAws } from './emulators.ts';
import { run } from './processes.ts';

export interface CliAnswer {
  readonly code: number | null;
  /** The one JSON value that it printed. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Throws, with what was printed instead, when that is no JSON. */
export async function stepshift(places: Places, ...args: readonly string[]): Promise<CliAnswer> {
  const env = { ...withoutAws(process.env), ...awsEnvironment(places) };
  const command = [join(TREE, 'bin/stepshift.ts'), ...args, '--format', 'json'];
  const { code, output } = await run(process.execPath, command, { env });
  try {
    return { code, data: JSON.parse(output.slice(output.indexOf('{'))) };
  } catch {
    throw new Error(`stepshift ${args.join(' ')} ended with ${code} and said: ${output}`);
  }
}
