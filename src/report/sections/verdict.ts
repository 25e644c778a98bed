// The first thing that is read: what happened, why, and three numbers.
import type { ReportDocument } from '../../core/report-document.ts';
import { headlineOf, type KeyNumber, keyNumbersOf } from '../../core/report-summary.ts';
import { type Html, html, said } from '../html.ts';
import { time } from '../parts.ts';

export function verdictSection({ report }: ReportDocument): Html {
  const { icon, what, tone } = headlineOf(report);
  const end =
    report.endedAt === null ? html`not ended when this was written` : html`ended ${time(report.endedAt)}`;
  return html`<section id="section-verdict" aria-labelledby="heading-verdict">
<div class="${`verdict ${tone}`}">
<h2 id="heading-verdict" class="what"><span aria-hidden="true">${icon}</span> ${said(what, 300)}</h2>
<p class="because">${said(report.reason.sentence, 700)}</p>
<p class="when">Started ${time(report.startedAt)} · ${end}</p>
</div>
<dl class="numbers">${keyNumbersOf(report).map(keyNumber)}</dl>
</section>
`;
}

function keyNumber({ label, value, note }: KeyNumber): Html {
  return html`<div><dt>${label}</dt><dd class="value">${value}</dd><dd class="note">${note}</dd></div>`;
}
