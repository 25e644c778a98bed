// What the registry says of one kind of problem, whatever file or flag it was found in; the problem itself adds the place.

export interface ProblemEntry {
  /** What is wrong, one sentence. */
  readonly means: string;
  /** Why Stepshift refuses it or tells of it. */
  readonly why: string;
  /** What to do in general, imperative; the problem itself may know better. */
  readonly fix: string;
  /** Lines as somebody writes them. */
  readonly example?: { readonly wrong: string; readonly right: string };
}

/** Problems that people meet at the same place, in the order in which docs/errors.md tells them. */
export interface ProblemArea {
  readonly title: string;
  /** How a command ends that meets one of them. */
  readonly ends: string;
  readonly problems: Readonly<Record<string, ProblemEntry>>;
}
