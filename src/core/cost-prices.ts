// The one list of prices: US dollars before tax in us-east-1, from the first unit on; no free tier is taken off.
// AWS's price pages were not read live. Each row says which page sets the price, what was read instead, and of when that is.

/**
 * What a price rests on. `price-list`: figures that others took from AWS's Price List API · `aws-page`: a stored copy of the
 * page itself · `article`: articles that quote the page and agree with each other · `assumed`: nothing clear was found.
 */
type PriceBasis = 'price-list' | 'aws-page' | 'article' | 'assumed';

export interface Price {
  readonly label: string;
  /** For so many units. */
  readonly usd: number;
  readonly per: number;
  /** AWS's page that sets it. */
  readonly page: string;
  readonly basis: PriceBasis;
  /** Day of what was read, ISO 8601; null: it carries no date. */
  readonly asOf: string | null;
}

export const PRICE_REGION = 'us-east-1';
/** When the rows were gathered. */
export const PRICES_GATHERED_ON = '2026-11-21';

const MILLION = 1_000_000;
const PAGES = 'https://aws.amazon.com';
const CLOUDWATCH = `${PAGES}/cloudwatch/pricing/`;
const DYNAMODB = `${PAGES}/dynamodb/pricing/on-demand/`;
const LAMBDA = `${PAGES}/lambda/pricing/`;
const EVENTBRIDGE = `${PAGES}/eventbridge/pricing/`;

const PRICE_LIST = { basis: 'price-list', asOf: '2026-09-13' } as const;
/** Of eu-central-1, where these three cost what articles give for us-east-1. */
const PRICE_LIST_ELSEWHERE = { basis: 'price-list', asOf: '2026-09-11' } as const;

export const PRICES = {
  stateTransition: {
    label: 'state transitions',
    usd: 0.025,
    per: 1000,
    page: `${PAGES}/step-functions/pricing/`,
    basis: 'aws-page',
    asOf: null,
  },
  metricRequested: {
    label: 'metrics asked of CloudWatch',
    usd: 0.01,
    per: 1000,
    page: CLOUDWATCH,
    ...PRICE_LIST_ELSEWHERE,
  },
  // whether DescribeAlarms is billed at all is not clear from the page; it is counted as any other request
  alarmRequest: {
    label: 'DescribeAlarms requests',
    usd: 0.01,
    per: 1000,
    page: CLOUDWATCH,
    basis: 'assumed',
    asOf: null,
  },
  lambdaRequest: { label: 'Lambda invocations', usd: 0.2, per: MILLION, page: LAMBDA, ...PRICE_LIST },
  lambdaGbSecond: { label: 'Lambda GB-seconds', usd: 0.0000133334, per: 1, page: LAMBDA, ...PRICE_LIST },
  writeUnit: { label: 'DynamoDB write units', usd: 0.625, per: MILLION, page: DYNAMODB, ...PRICE_LIST },
  readUnit: { label: 'DynamoDB read units', usd: 0.125, per: MILLION, page: DYNAMODB, ...PRICE_LIST },
  event: {
    label: 'EventBridge events',
    usd: 1,
    per: MILLION,
    page: EVENTBRIDGE,
    basis: 'article',
    asOf: '2026-06-13',
  },
  // several articles agree; the page was not seen to say so
  scheduledRun: {
    label: 'EventBridge schedule, runs',
    usd: 0,
    per: MILLION,
    page: EVENTBRIDGE,
    basis: 'assumed',
    asOf: null,
  },
  publish: {
    label: 'SNS messages',
    usd: 0.5,
    per: MILLION,
    page: `${PAGES}/sns/pricing/`,
    ...PRICE_LIST_ELSEWHERE,
  },
  logMegabyte: {
    label: 'logs, MB taken in',
    usd: 0.5,
    per: 1000,
    page: CLOUDWATCH,
    basis: 'article',
    asOf: '2026-02-15',
  },
  logMegabyteMonth: {
    label: 'logs, MB kept',
    usd: 0.03,
    per: 1000,
    page: CLOUDWATCH,
    basis: 'article',
    asOf: '2026-02-15',
  },
  trace: {
    label: 'X-Ray traces',
    usd: 5,
    per: MILLION,
    page: `${PAGES}/xray/pricing/`,
    basis: 'aws-page',
    asOf: null,
  },
  alarmMonth: {
    label: 'CloudWatch alarms',
    usd: 0.1,
    per: 1,
    page: CLOUDWATCH,
    ...PRICE_LIST_ELSEWHERE,
  },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;
export type PriceList = Readonly<Record<PriceName, Pick<Price, 'usd' | 'per'>>>;
