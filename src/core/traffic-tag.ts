// The tag that every traffic write leaves on a target that can carry one: who wrote, under which epoch, which write.
export interface TrafficTag {
  readonly rolloutId: string;
  readonly epoch: number;
  readonly seq: number;
}

const PREFIX = 'stepshift ';

/** `rolloutId/epoch/seq`, as it is told in records. */
export function tagText({ rolloutId, epoch, seq }: TrafficTag): string {
  return `${rolloutId}/${epoch}/${seq}`;
}

/** `stepshift rolloutId/epoch/seq`, as it is written on the target. */
export function tagLabel(tag: TrafficTag): string {
  return `${PREFIX}${tagText(tag)}`;
}

/** The text of the tag in a description; null when it is not one of ours. */
export function tagIn(description: string): string | null {
  return description.startsWith(PREFIX) ? description.slice(PREFIX.length) : null;
}
