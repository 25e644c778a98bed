// The editor's schema and the reference are made from the code; a stale one fails here (mend it with `npm run schema`).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { serviceReference, serviceSchemaJson } from '../../src/cli/service-reference.ts';

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

function everyMap(schema: JsonSchema): readonly JsonSchema[] {
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.anyOf ?? []),
    ...(schema.items ? [schema.items] : []),
    ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
  ];
  return [...(schema.properties === undefined ? [] : [schema]), ...inner.flatMap(everyMap)];
}

describe('what is generated from the service file', () => {
  test('schema/service.schema.json is up to date', () => {
    expect(read('schema/service.schema.json')).toBe(serviceSchemaJson());
  });

  test('docs/service-reference.md is up to date', () => {
    expect(read('docs/service-reference.md')).toBe(serviceReference());
  });
});

describe('the schema for editors', () => {
  const maps = everyMap(JSON.parse(serviceSchemaJson()));

  test('describes every key, so that an editor can show what it means', () => {
    for (const map of maps) {
      for (const [key, { description }] of Object.entries(map.properties ?? {})) {
        expect(description, key).toMatch(/\w{3}/);
      }
    }
  });

  test('knows no map that takes any key: further keys of checks are checks of a described shape', () => {
    const open = maps.filter(({ additionalProperties }) => additionalProperties !== false);
    expect(open.map(({ properties }) => Object.keys(properties ?? {}))).toEqual([
      ['errors', 'latency', 'throttles', 'alarms'],
    ]);
    expect(open[0]?.additionalProperties).toMatchObject({
      anyOf: [{ type: 'object' }, { type: 'object' }, { type: 'object' }],
    });
  });
});
