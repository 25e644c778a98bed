// The report of one rollout as one self-contained HTML file: no scripts, no network, nothing but text and drawings.
import { plainText } from '../core/plain-text.ts';
import type { RolloutReport } from '../core/report.ts';
import { headlineOf } from '../core/report-summary.ts';
import { html, jsonData, said, styleElement, toMarkup } from './html.ts';
import {
  chartSection,
  checksSection,
  exposureSection,
  gatesSection,
  identitySection,
  planSection,
  timelineSection,
  verdictSection,
} from './sections.ts';
import { REPORT_CSS, REPORT_CSS_SHA256 } from './styles.ts';

/** Everything is forbidden but our own style sheet, so that even a hole in the escaping could run and fetch nothing. */
const CONTENT_POLICY = `default-src 'none'; style-src 'sha256-${REPORT_CSS_SHA256}'; base-uri 'none'; form-action 'none'`;

/** A complete document. The model is embedded as JSON in `#stepshift-report`, so that tools can read the file again. */
export function renderReportHtml(report: RolloutReport): string {
  const service = plainText(report.service, 80);
  const title = `${service}: ${plainText(headlineOf(report).what, 120)}`;
  return toMarkup(html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${styleElement(REPORT_CSS)}
</head>
<body>
<header><h1><b>${said(report.service, 120)}</b> · rollout of version ${said(report.canaryVersion, 120)}</h1></header>
<main>
${verdictSection(report)}${chartSection(report)}${checksSection(report)}${timelineSection(report)}<div class="pair">${exposureSection(report)}${planSection(report)}</div>
${gatesSection(report)}${identitySection(report)}</main>
<footer><p>Made by Stepshift. This file is complete in itself: it loads nothing and runs nothing.</p></footer>
${jsonData('stepshift-report', report)}
</body>
</html>
`);
}
