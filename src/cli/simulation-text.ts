// A simulated rollout as text for a person: what was played, its timeline, the verdict, both versions side by side.
import { plainText } from '../core/plain-text.ts';
import type { SimulationResult } from '../sim/simulation-result.ts';
import { sideBySideLines } from './side-by-side.ts';
import { headerLines, type TimelineStyle, timelineLines, titleLines } from './timeline.ts';

export function simulationText(
  description: string,
  { report, stableVersion, canaryVersion, timeline }: SimulationResult,
  style: TimelineStyle,
): string {
  const sideBySide = sideBySideLines(report.checks, style.columns);
  return [
    ...titleLines(plainText(description), style),
    ...titleLines(
      plainText(`${report.target}  version ${canaryVersion} against ${stableVersion ?? 'unknown'}`),
      style,
    ),
    '',
    ...timelineLines(timeline, style),
    '',
    ...headerLines(report, style),
    ...(sideBySide.length === 0 ? [] : ['', ...sideBySide]),
  ].join('\n');
}
