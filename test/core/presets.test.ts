// The named plans say what their names say.
import { expect, test } from 'vitest';
import { PRESETS } from '../../src/core/presets.ts';
import { StageSchema } from '../../src/core/service-spec.ts';

function short(name: string): string {
  return (PRESETS[name] ?? []).map((stage) => `${stage.weightPercent}/${stage.bakeSeconds / 60}`).join(' ');
}

test.each([
  ['quick', '10/5 50/5'],
  ['standard', '5/10 25/10 50/10 95/10'],
  ['careful', '1/10 5/20 25/30 50/30 95/60'],
  ['LambdaCanary10Percent15Minutes', '10/15'],
  ['CodeDeployDefault.LambdaCanary10Percent30Minutes', '10/30'],
  ['LambdaLinear10PercentEvery2Minutes', '10/2 20/2 30/2 40/2 50/2 60/2 70/2 80/2 90/2'],
  ['CodeDeployDefault.ECSLinear10PercentEvery1Minutes', '10/1 20/1 30/1 40/1 50/1 60/1 70/1 80/1 90/1'],
  ['CodeDeployDefault.LambdaAllAtOnce', '100/5'],
])('%s is %s (percent/minutes)', (name, stages) => {
  expect(short(name)).toBe(stages);
});

test('every preset is a plan whose weights rise in whole percents, which every target can route', () => {
  for (const [name, stages] of Object.entries(PRESETS)) {
    expect(stages.length, name).toBeGreaterThan(0);
    for (const [index, stage] of stages.entries()) {
      expect(StageSchema.safeParse(stage).success, name).toBe(true);
      expect(Number.isInteger(stage.weightPercent), name).toBe(true);
      expect(stage.weightPercent, name).toBeGreaterThan(stages[index - 1]?.weightPercent ?? 0);
    }
  }
});
