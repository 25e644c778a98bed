// `stepshift abort ROLLOUT -m REASON`: asks for all traffic back; says what stands now. Asking twice changes nothing.
import { plainText } from '../../core/plain-text.ts';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { addEngineOption, engineName, type OpenEngine, openInstalledEngine } from '../engine.ts';
import { assertNames } from '../names.ts';
import { parseOption } from '../options.ts';
import type { SignalAnswer } from '../signal-answer.ts';

/** An abort of what has ended is no mistake: there is nothing left to stop. */
const CODES: Readonly<Record<SignalAnswer['state'], ExitCode>> = {
  latched: EXIT.promotedOrClean,
  ended: EXIT.promotedOrClean,
  'past-stopping': EXIT.conflict,
};

export const abortCommand = abortCommandOn(openInstalledEngine);

export function abortCommandOn(openEngine: OpenEngine): CliCommand {
  return {
    verb: 'abort',
    summary: 'Stop a rollout: all traffic goes back to the stable version',
    configure: (command) => {
      command
        .argument('<rollout>', 'id of the rollout')
        .requiredOption('-m, --message <reason>', 'why; kept in the record')
        .addHelpText(
          'after',
          '\nExample:\n  stepshift abort checkout-42-1f2e3d4c -m "support sees wrong totals"',
        );
      addEngineOption(command);
    },
    run: async ([rolloutId = ''], options) => {
      assertNames({ rollout: rolloutId });
      const message = parseOption(options['message'], {
        flag: '--message',
        allowed: 'a reason of 1 to 300 characters',
        parse: (text) => text.trim(),
        isAllowed: (text) => text.length > 0 && text.length <= 300,
      });
      const engine = await openEngine(engineName(options));
      const answer = await engine.abort(rolloutId, message ?? '');
      return { code: CODES[answer.state], data: answer, text: plainText(answer.sentence) };
    },
  };
}
