// The tag that every traffic write leaves on a target that can carry one: who wrote, under which epoch, which write.
export interface TrafficTag {
  readonly rolloutId: string;
  readonly epoch: number;
  readonly seq: number;
}

/** `stepshift rolloutId/epoch/seq`, and from the second write of the same order on ` #2`, ` #3`, … */
const LABEL = /^stepshift (\S+)(?: #(\d{1,9}))?$/;

/** `rolloutId/epoch/seq`, as it is told in records. */
export function tagText({ rolloutId, epoch, seq }: TrafficTag): string {
  return `${rolloutId}/${epoch}/${seq}`;
}

/** The tag in a text of records; null when there is none that can be read. */
export function tagOf(text: string | null): TrafficTag | null {
  const [, rolloutId, epoch, seq] = /^(\S+)\/(\d{1,15})\/(\d{1,15})$/.exec(text ?? '') ?? [];
  return rolloutId === undefined ? null : { rolloutId, epoch: Number(epoch), seq: Number(seq) };
}

/**
 * The description to write over the one that was read. It always differs from it: a write that changes nothing may leave
 * the revision of the target as it is, and a write in flight would still find the revision that it read.
 */
export function labelOver(description: string, tag: TrafficTag): string {
  const label = `stepshift ${tagText(tag)}`;
  if (tagIn(description) !== tagText(tag)) return label;
  const times = Number(LABEL.exec(description)?.[2] ?? 1);
  return `${label} #${times + 1}`;
}

/** The text of the tag in a description; null when it is not one of ours. */
export function tagIn(description: string): string | null {
  return LABEL.exec(description)?.[1] ?? null;
}
