// One section of a rendered document, as tests of sections read it.
import type { ReportDocument } from '../../src/core/report-document.ts';
import type { SectionName } from '../../src/report/parts.ts';
import { renderReportHtml } from '../../src/report/render-report.ts';
import { byId, inside, rowsOf, shownText } from './in-page.ts';
import { attributeOf, parseHtml } from './parse-html.ts';
import { PLAIN_PAGE } from './sample-document.ts';

export function section(document: ReportDocument, name: SectionName) {
  return byId(parseHtml(renderReportHtml(document, PLAIN_PAGE)), `section-${name}`);
}

export function textOfSection(document: ReportDocument, name: SectionName): string {
  return shownText(section(document, name));
}

export function rowsOfSection(document: ReportDocument, name: SectionName): readonly string[] {
  return rowsOf(section(document, name));
}

export function linksOf(document: ReportDocument, name: SectionName): readonly string[] {
  return inside(section(document, name)).flatMap((element) => attributeOf(element, 'href') ?? []);
}
