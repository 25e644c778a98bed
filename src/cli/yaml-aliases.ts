// Aliases of a YAML document that lead nowhere or into themselves: the library tells neither with its place.
import { type Document, isAlias, type Node, visit } from 'yaml';

export interface AliasMistake {
  readonly alias: string;
  readonly isCircle: boolean;
  /** Offsets in the text. */
  readonly range: readonly [from: number, to: number];
}

/**
 * Every alias without an anchor before it, and every alias inside of what it names. Circles have no other form: an
 * anchor comes before its aliases, so of two nodes that hold each other one lies inside of the other.
 */
export function aliasMistakes(document: Document): readonly AliasMistake[] {
  const anchors = new Map<string, Node>();
  const mistakes: AliasMistake[] = [];
  visit(document, {
    Node: (_key, node, path) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const named = anchors.get(node.source);
      if (named !== undefined && !path.includes(named)) return;
      const [from, to] = node.range ?? [0, 1];
      mistakes.push({ alias: node.source, isCircle: named !== undefined, range: [from, to] });
    },
  });
  return mistakes;
}
