// The live view in a real pseudo-terminal: what a person sees, whatever the terminal, and that it is left in order.
import { expect, it } from 'vitest';
import { describeInTerminal } from './support/describe-in-terminal.ts';
import { runInTerminal } from './support/run-in-terminal.ts';

const WATCH = ['simulate', 'examples/error-spike', '--watch', '--speed', '600'];
const SHOW_CURSOR = '\u001b[?25h';
const HIDE_CURSOR = '\u001b[?25l';

/** Hidden while it is drawn, shown afterwards. */
function expectCursorShown(raw: string): void {
  expect(raw.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(raw.lastIndexOf(HIDE_CURSOR));
}

describeInTerminal('simulate --watch', () => {
  it.each([
    [80, 24],
    [120, 40],
  ])('at %d columns and %d rows it ends with the last frame and the sentence', async (columns, rows) => {
    const run = runInTerminal(WATCH, { columns, rows });
    expect(await run.ended).toBe(3);
    expect(run.raw()).toContain(HIDE_CURSOR);
    // by what was written: a busy machine may show several frames at once
    expect(run.raw()).toMatch(/baking \d\d:\d\d of 10:00/);
    const text = run.lines().join('\n');
    expect(text).toMatch(/✖ Rolled back to version 41 · 21\/11\/2026 09:03:24 GMT/);
    expect(text).toMatch(/▶ error rate +6\.19 ?% +0\.0864 ?% +≤ ?0\.13 ?% +3\.8–9\.9 +485 +✖/);
    expect(text).toContain('traffic  Safe: all of it is on version 41');
    expect(text).toContain('exit     3');
    expectCursorShown(run.raw());
    // one frame, drawn over again; not one below the other
    expect(text.match(/way back|judged \d/g)?.length).toBe(1);
  });

  it('says what matters on a tiny terminal, and breaks no line', async () => {
    const run = runInTerminal(WATCH, { columns: 20, rows: 5 });
    expect(await run.ended).toBe(3);
    expect(run.raw()).toContain('on version 42');
    expect(run.lines().join(' ')).toMatch(/✖ Rolled back to/);
  });

  it('has no colours with NO_COLOR, and says the same', async () => {
    const run = runInTerminal(WATCH, { columns: 80, rows: 24, env: { NO_COLOR: '1' } });
    expect(await run.ended).toBe(3);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
    expect(run.raw()).not.toMatch(/\u001b\[\d+m/);
    expect(run.lines().join('\n')).toContain('✖ looks worse');
  });

  it('prints lines on a terminal that cannot move its cursor', async () => {
    const run = runInTerminal(WATCH, { columns: 80, rows: 24, env: { TERM: 'dumb', NO_COLOR: '1' } });
    expect(await run.ended).toBe(3);
    expect(run.raw()).not.toContain('\u001b');
    expect(run.lines().join('')).toMatch(/on version 42: too early to judge/);
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['q', 'q'],
  ])('%s ends it half way with exit code 130, and the cursor is there', async (_name, key) => {
    const run = runInTerminal(['simulate', 'examples/healthy', '--watch'], { columns: 80, rows: 24 });
    await run.until(/baking/);
    run.type(key);
    expect(await run.ended).toBe(130);
    expect(run.lines().join('\n')).toContain('Left before the end');
    expectCursorShown(run.raw());
  });

  it('takes a pasted text for no keys', async () => {
    const run = runInTerminal(['simulate', 'examples/healthy', '--watch'], { columns: 80, rows: 24 });
    await run.until(/baking/);
    run.type('\u001b[200~quit?\u001b[201~w');
    run.type('?');
    await run.until(/▶ marks the worst check/);
    run.type('q');
    expect(await run.ended).toBe(130);
    expect(run.raw()).toContain('\u001b[?2004l');
  });

  it('leaves the terminal in order when the process is told to end', async () => {
    const run = runInTerminal(['simulate', 'examples/healthy', '--watch'], { columns: 80, rows: 24 });
    await run.until(/baking/);
    run.terminate();
    expect(await run.ended).toBe(130);
    expectCursorShown(run.raw());
  });

  it('is drawn anew when the terminal gets another size half way', async () => {
    const run = runInTerminal(['simulate', 'examples/healthy', '--watch'], { columns: 120, rows: 40 });
    await run.until(/baking/);
    run.resize(60, 20);
    await run.until(/\n {2}checkout-api:live {3}41 ▸ 42 {3}checkout-42\n/);
    const screen = run.screen();
    expect(screen.filter((line) => line.length > 60)).toEqual([]);
    expect(screen.filter((line) => line.includes('of the traffic is on'))).toHaveLength(1);
    run.type('?');
    await run.until(/▶ marks the worst check/);
    run.type('q');
    expect(await run.ended).toBe(130);
  });
});
