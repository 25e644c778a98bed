// The services of the benchmark. They differ in what makes judging hard: load, base error rate, and how latency spreads.
import type { ServiceProfile } from './scenario.ts';

/** Answers from a cache, or fetches: two modes fifteen-fold apart. */
export const EDGE: ServiceProfile = {
  name: 'edge cache',
  requestsPerMinute: 60_000,
  errorShare: 0.0001,
  latency: [
    { share: 0.85, medianMs: 8, logSd: 0.35 },
    { share: 0.15, medianMs: 120, logSd: 0.5 },
  ],
  conversionShare: null,
};

/** Accepts and stores; never fails by itself. */
export const INGEST: ServiceProfile = {
  name: 'ingest',
  requestsPerMinute: 30_000,
  errorShare: 0,
  latency: [{ share: 1, medianMs: 14, logSd: 0.4 }],
  conversionShare: null,
};

export const SEARCH: ServiceProfile = {
  name: 'search',
  requestsPerMinute: 12_000,
  errorShare: 0.002,
  latency: [
    { share: 0.6, medianMs: 45, logSd: 0.4 },
    { share: 0.4, medianMs: 400, logSd: 0.45 },
  ],
  conversionShare: 0.12,
};

export const CHECKOUT: ServiceProfile = {
  name: 'checkout',
  requestsPerMinute: 3000,
  errorShare: 0.0005,
  latency: [{ share: 1, medianMs: 140, logSd: 0.45 }],
  conversionShare: 0.04,
};

/** A hundredth of its users mistype: a chronic error rate. */
export const LOGIN: ServiceProfile = {
  name: 'login',
  requestsPerMinute: 900,
  errorShare: 0.01,
  latency: [{ share: 1, medianMs: 220, logSd: 0.35 }],
  conversionShare: 0.6,
};

/** Latency depends on what people upload. */
export const IMAGES: ServiceProfile = {
  name: 'images',
  requestsPerMinute: 600,
  errorShare: 0.001,
  latency: [{ share: 1, medianMs: 350, logSd: 0.9 }],
  conversionShare: null,
};

/** Others' systems fail often, and in bursts. */
export const PARTNERS: ServiceProfile = {
  name: 'partner calls',
  requestsPerMinute: 150,
  errorShare: 0.03,
  latency: [{ share: 1, medianMs: 600, logSd: 0.7 }],
  conversionShare: null,
};

export const REPORTS: ServiceProfile = {
  name: 'reports',
  requestsPerMinute: 40,
  errorShare: 0.005,
  latency: [{ share: 1, medianMs: 2000, logSd: 0.6 }],
  conversionShare: null,
};

/** So few requests that most questions have no answer. */
export const NIGHT: ServiceProfile = {
  name: 'night jobs',
  requestsPerMinute: 5,
  errorShare: 0.001,
  latency: [{ share: 1, medianMs: 300, logSd: 0.5 }],
  conversionShare: null,
};
