// The digest that pins a service spec: it is in the rollout document and in every record and report.
import { createHash } from 'node:crypto';
import { canonicalJson, type ServiceSpec } from './core/service-spec.ts';

/** SHA-256 of the canonical JSON, 64 hex digits. Equal specs have equal digests, however their files are written. */
export function specDigest(spec: ServiceSpec): string {
  return createHash('sha256').update(canonicalJson(spec)).digest('hex');
}
