// A simulated rollout as text for a person: what was played, its timeline, the verdict, both versions side by side.
import { plainText } from '../core/plain-text.ts';
import type { SimulationResult } from '../sim/simulation-result.ts';
import { sideBySideLines } from './side-by-side.ts';
import { headerLines, type TimelineStyle, timelineLines } from './timeline.ts';

/** For output that is kept or compared. */
export const PLAIN_STYLE: TimelineStyle = { hasColour: false, width: 110 };

export function simulationText(
  description: string,
  { report, stableVersion, canaryVersion, timeline }: SimulationResult,
  style: TimelineStyle,
): string {
  const sideBySide = sideBySideLines(report.checks);
  return [
    plainText(`${description}`),
    plainText(`${report.target}  version ${canaryVersion} against ${stableVersion ?? 'unknown'}`),
    '',
    ...timelineLines(timeline, style),
    '',
    ...headerLines(report, style),
    ...(sideBySide.length === 0 ? [] : ['', ...sideBySide]),
  ].join('\n');
}
