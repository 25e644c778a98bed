// The security review: what occurred, what was done, what to do next, and lines for those who sign.
import type { ReportDocument } from '../../core/report-document.ts';
import { reviewOf } from '../../core/report-review.ts';
import { type Html, html, said } from '../html.ts';
import { none, section } from '../parts.ts';

export function reviewSection({ report }: ReportDocument): Html {
  const { occurred, actions, recommendations } = reviewOf(report);
  return section(
    'review',
    html`<h3>What occurred</h3>
${list(occurred, 'Nothing is on record.')}<h3>Actions taken</h3>
${list(actions, 'No action is on record.')}<h3>Recommendations</h3>
${list(recommendations, 'Nothing that is on record calls for a change.')}${SIGN_OFF}`,
  );
}

function list(sentences: readonly string[], otherwise: string): Html {
  if (sentences.length === 0) return none(otherwise);
  return html`<ul>${sentences.map((sentence) => html`<li>${said(sentence, 1000)}</li>`)}</ul>
`;
}

/** Filled in by hand, on paper or in a copy. */
const SIGN_OFF = html`<h3>Sign-off</h3>
<table class="sign"><caption>To be filled in by hand</caption>
<thead><tr><th scope="col">Role</th><th scope="col">Name</th><th scope="col">Decision</th><th scope="col">Date</th></tr></thead>
<tbody><tr><th scope="row">Service owner</th><td></td><td></td><td></td></tr>
<tr><th scope="row">Security</th><td></td><td></td><td></td></tr></tbody></table>
`;
