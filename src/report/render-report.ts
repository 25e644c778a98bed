// The report of one rollout as one self-contained HTML file: it loads nothing, and is complete without scripts.
import { plainText } from '../core/plain-text.ts';
import type { ReportDocument } from '../core/report-document.ts';
import { headlineOf } from '../core/report-summary.ts';
import { CHART_SCRIPT } from './chart-script.ts';
import {
  comment,
  type Html,
  html,
  jsonData,
  link,
  packedData,
  said,
  scriptElement,
  styleElement,
  toMarkup,
} from './html.ts';
import { SECTIONS } from './parts.ts';
import { changesSection } from './sections/changes.ts';
import { checksSection } from './sections/checks.ts';
import { exposureSection } from './sections/exposure.ts';
import { integritySection } from './sections/integrity.ts';
import { preflightSection } from './sections/preflight.ts';
import { replaySection } from './sections/replay.ts';
import { reviewSection } from './sections/review.ts';
import { signalsSection } from './sections/signals.ts';
import { timelineSection } from './sections/timeline.ts';
import { trafficSection } from './sections/traffic.ts';
import { verdictSection } from './sections/verdict.ts';
import { whySection } from './sections/why.ts';
import { REPORT_CSS } from './styles.ts';

/** What goes into every report beside the report. */
export interface Page {
  /** Draws charts that can be pointed at; null: the static drawings alone. */
  readonly chartLibrary: {
    readonly script: string;
    readonly style: string;
    readonly licence: string;
  } | null;
  /** SHA-256 in base64, of the text in UTF-8. */
  readonly sha256: (text: string) => string;
}

/**
 * A complete document. The model is embedded as JSON in `#stepshift-report`, and the record, where there is one, in
 * `#stepshift-record`, so that tools can read the file again. Throws TypeError for a library that holds markup.
 */
export function renderReportHtml(document: ReportDocument, page: Page): string {
  const { report } = document;
  const title = `${plainText(report.service, 80)}: ${plainText(headlineOf(report).what, 120)}`;
  const { chartLibrary } = page;
  const styles = [REPORT_CSS, ...(chartLibrary === null ? [] : [chartLibrary.style])];
  const scripts = chartLibrary === null ? [] : [chartLibrary.script, CHART_SCRIPT];
  return toMarkup(html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(styles, scripts, page.sha256)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${styles.map(styleElement)}
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
${header(document)}<main id="main">
${sections(document)}</main>
<footer><p>Made by Stepshift. This file is complete in itself: it loads nothing. Times are UK time.</p></footer>
${jsonData({ id: 'stepshift-report' }, report)}
${document.record === null ? null : packedData('stepshift-record', document.record)}
${chartLibrary === null ? null : comment(chartLibrary.licence)}
${scripts.map(scriptElement)}
</body>
</html>
`);
}

/** Everything is forbidden but what is named by its hash, so that even a hole in the escaping could run and fetch nothing. */
function contentPolicy(
  styles: readonly string[],
  scripts: readonly string[],
  sha256: Page['sha256'],
): string {
  const hashes = (texts: readonly string[]) => texts.map((text) => `'sha256-${sha256(text)}'`).join(' ');
  const script = scripts.length === 0 ? '' : `script-src ${hashes(scripts)}; `;
  return `default-src 'none'; style-src ${hashes(styles)}; ${script}base-uri 'none'; form-action 'none'`;
}

function header({ report, isSimulated }: ReportDocument): Html {
  const simulated = isSimulated
    ? html`<p class="simulated">Simulated on a laptop, in virtual time: no real traffic was moved.</p>`
    : null;
  const links = Object.entries(SECTIONS).map(
    ([name, title]) => html`<li>${link(`#section-${name}`, title)}</li>`,
  );
  return html`<header><h1><b>${said(report.service, 120)}</b> · rollout of version ${said(report.canaryVersion, 120)}</h1>
${simulated}<nav aria-label="Sections"><ul>${links}</ul></nav></header>
`;
}

function sections(document: ReportDocument): readonly Html[] {
  return [
    verdictSection,
    trafficSection,
    whySection,
    checksSection,
    timelineSection,
    exposureSection,
    preflightSection,
    signalsSection,
    changesSection,
    integritySection,
    reviewSection,
    replaySection,
  ].map((render) => render(document));
}
