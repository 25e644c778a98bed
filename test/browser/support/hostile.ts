// Reports in which every text that comes from outside is hostile: they break out, they are endless, or they turn around.
import type { RolloutReport } from '../../../src/core/report.ts';
import type { ReportDocument } from '../../../src/core/report-document.ts';
import { HOSTILE_TEXTS } from '../../report/any-report.ts';

/** What would reach a browser that believes it: dialogs, globals, requests, other looks. */
const ATTACKS = [
  ...HOSTILE_TEXTS,
  '</script><script>globalThis.stolen = 1</script>',
  '</title><img src="https://evil.example/pixel.png" onerror="globalThis.stolen = 2">',
  '<link rel="stylesheet" href="https://evil.example/style.css">',
  '<iframe srcdoc="<script>parent.stolen = 3</script>"></iframe>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<base href="https://evil.example/"><form action="https://evil.example/"><button>log in</button></form>',
  'javascript:globalThis.stolen=4',
  '"}}, globalThis.stolen = 5, {{"',
  '</pre></details></section></main><style>main { display: none }</style>',
  'url(https://evil.example/font.woff2)',
] as const;

export const HOSTILE_KINDS = {
  'break out': ATTACKS,
  'do not end': ['W'.repeat(10_000), 'many words '.repeat(1000)],
  'turn around': [
    '\u202e\u2067olleh\u2066\u200f',
    '\u202egpj.exe',
    'שלום עليكم 123',
    '\u0627\u0644\u062f\u0641\u0639',
  ],
} as const;
export type HostileKind = keyof typeof HOSTILE_KINDS;

/** Instants, and words of which the compiler knows every one: the schemas refuse anything else. */
const NOT_FROM_OUTSIDE = new Set([
  ...['at', 'from', 'to', 'enteredAt', 'leftAt', 'startedAt', 'endedAt', 'detectedAt', 'safeAt'],
  ...['event', 'action', 'outcome', 'verdict', 'better', 'state'],
]);

/** The same text becomes the same attack, so that what belonged together still does. */
export function hostileDocument(report: RolloutReport, kind: HostileKind): ReportDocument {
  const texts: readonly string[] = HOSTILE_KINDS[kind];
  const replaced = new Map<string, string>();
  let next = 0;
  const attack = (): string => texts[next++ % texts.length] ?? '';
  const replace = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      if (NOT_FROM_OUTSIDE.has(key)) return value;
      const known = replaced.get(value) ?? attack();
      replaced.set(value, known);
      return known;
    }
    if (Array.isArray(value)) return value.map((item) => replace(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner, name)]));
  };
  const { startedAt: at } = report;
  return {
    report: {
      ...(replace(report, '') as RolloutReport),
      alarmStretches: [{ name: attack(), state: 'ALARM', from: report.startedAt, to: null }],
      gates: [
        ...report.gates.map((gate) => replace(gate, '') as typeof gate),
        { gate: attack(), open: false, finding: attack(), problem: null, waivedBecause: attack() },
      ],
    },
    isSimulated: false,
    executionArn: attack(),
    serviceFile: texts.join('\n'),
    examination: {
      rolloutId: attack(),
      outcome: attack(),
      entries: 3,
      firstBad: { entry: 2, why: attack() },
      invariants: [
        {
          id: attack(),
          says: attack(),
          needs: attack(),
          state: 'violated',
          evaluations: 1,
          breaches: [{ entry: 1, sentence: attack() }],
        },
      ],
    },
    whatIf: [
      {
        change: attack(),
        outcome: 'PROMOTED',
        at,
        elapsedSeconds: 60,
        weightPercent: 5,
        exposure: report.exposure,
      },
    ],
    record: null,
  };
}
