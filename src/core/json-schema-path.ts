// The JSON Schema of a document as people write it, and how to look a path up in it: which keys are allowed there, how the place is described, an example of it.
import * as z from 'zod';

export type Path = readonly PropertyKey[];

export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** Of the input, not of what parsing makes of it. */
export function writtenJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // zod drops examples from schemas that transform; ours are examples of what is written
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (examples !== undefined) Object.assign(jsonSchema, { examples });
    },
  }) as JsonSchema;
}

/** What a schema says about one place in a document; every field may be empty. */
export interface Place {
  readonly keys: readonly string[];
  readonly description: string;
  readonly example: unknown;
  /** Regular expression of a text. */
  readonly pattern: string | undefined;
}

export function placeIn(root: JsonSchema, path: Path): Place {
  let found = branches(root);
  for (const segment of path) found = found.flatMap((candidate) => branches(child(candidate, segment)));
  return {
    keys: [...new Set(found.flatMap((candidate) => Object.keys(candidate.properties ?? {})))],
    description: found.find((candidate) => candidate.description !== undefined)?.description ?? '',
    example: found.flatMap((candidate) => candidate.examples ?? [])[0],
    pattern: found.find((candidate) => candidate.pattern !== undefined)?.pattern,
  };
}

/** A schema and all its alternatives, the outermost first. */
function branches(schema: JsonSchema | undefined): readonly JsonSchema[] {
  if (schema === undefined) return [];
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...inner.flatMap(branches)];
}

function child(schema: JsonSchema, segment: PropertyKey): JsonSchema | undefined {
  if (typeof segment === 'number') return schema.items;
  const { properties = {}, additionalProperties } = schema;
  const key = String(segment);
  if (Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
