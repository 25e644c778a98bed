// The directions inside of the game day: what judges is pure, what runs knows ports only, AWS is at the edge.
import { describe, expect, it } from 'vitest';
import { importsOf, purityProblems, read, sourceFiles } from '../support/architecture.ts';

const FILES = sourceFiles('gameday');
const inRoom = (...rooms: readonly string[]) =>
  FILES.filter((file) => rooms.some((room) => file.startsWith(`gameday/${room}/`)));
const AT_THE_EDGE = /(?:^|\/)(?:aws|stacks|app|main)(?:\/|\.ts$)/;

function importsFrom(file: string): readonly string[] {
  return importsOf(file, read(file)).map(({ specifier }) => specifier);
}

describe('the rooms of the game day', () => {
  it('are all there', () => {
    for (const room of ['core', 'experiments', 'run', 'aws', 'stacks']) expect(inRoom(room)).not.toEqual([]);
  });

  it('keep clock, I/O and randomness out of what judges and what experiments do', () => {
    const pure = inRoom('core', 'experiments');
    expect(pure.flatMap((file) => purityProblems(file, read(file)))).toEqual([]);
  });

  it('let only the edge use AWS and the CDK', () => {
    const inner = inRoom('core', 'experiments', 'run');
    const crossing = inner.flatMap((file) =>
      importsFrom(file)
        .filter(
          (from) =>
            /^(?:@aws-sdk|aws-cdk-lib|constructs)/.test(from) ||
            (from.startsWith('../') && !from.startsWith('../../') && AT_THE_EDGE.test(from)),
        )
        .map((from) => `${file}: ${from}`),
    );
    expect(crossing).toEqual([]);
  });

  it('let what judges know nothing of how a day is run', () => {
    const core = inRoom('core').flatMap((file) =>
      importsFrom(file).filter((from) => from.startsWith('../run/')),
    );
    expect(core).toEqual([]);
  });

  it('begin every file with a comment that says what it is for', () => {
    expect(FILES.filter((file) => !/^\/\/ \S/.test(read(file)))).toEqual([]);
  });

  it('keep files short', () => {
    expect(FILES.filter((file) => read(file).split('\n').length > 221)).toEqual([]);
  });
});
