// Reads a report the way a browser does and lists every fault that the HTML parser had to forgive.
import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

export interface ParsedHtml {
  /** Codes of the HTML standard, for example `duplicate-attribute`. */
  readonly faults: readonly string[];
  readonly elements: readonly Element[];
}

export function parseHtml(source: string): ParsedHtml {
  const faults: string[] = [];
  const document = parse(source, {
    onParseError: (error) => faults.push(`${error.code} at ${error.startLine}`),
  });
  return { faults, elements: elementsOf(document) };
}

export function attributeOf(element: Element, name: string): string | undefined {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}

export function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

function elementsOf(node: Node): Element[] {
  const inner = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : [];
  return 'tagName' in node ? [node, ...inner] : inner;
}
