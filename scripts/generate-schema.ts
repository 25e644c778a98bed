// Writes what is derived from the service file's schema: the JSON Schema for editors and the reference for people.
import { writeFileSync } from 'node:fs';
import { serviceReference, serviceSchemaJson } from '../src/cli/service-reference.ts';

const root = new URL('..', import.meta.url);
writeFileSync(new URL('schema/service.schema.json', root), serviceSchemaJson());
writeFileSync(new URL('docs/service-reference.md', root), serviceReference());
