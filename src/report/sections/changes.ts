// What was to be changed: versions, the target, and the service file as the rollout was judged by.
import type { ReportDocument } from '../../core/report-document.ts';
import { type Html, html, said, saidLines } from '../html.ts';
import { facts, none, section } from '../parts.ts';

const MAX_LINES = 400;

export function changesSection({ report, executionArn, isSimulated, serviceFile }: ReportDocument): Html {
  return section(
    'changes',
    html`${facts([
      ['Service', said(report.service, 120)],
      ['Target', said(report.target, 200)],
      ['Stable version', said(report.stableVersion ?? 'not known', 120)],
      ['New version', said(report.canaryVersion, 120)],
      ['Rollout', html`<code>${said(report.rolloutId, 120)}</code>`],
      ['Execution', isSimulated ? html`simulated` : said(executionArn ?? 'not known', 300)],
      ['Service file, SHA-256', html`<code>${said(report.specDigest, 80)}</code>`],
    ])}${serviceFile === null ? none('The service file as judged is not in this report.') : written(serviceFile)}`,
  );
}

function written(serviceFile: string): Html {
  return html`<details><summary>The service file as judged, with every default written out</summary>
<pre>${saidLines(serviceFile, MAX_LINES)}</pre></details>
`;
}
