// What no record, event or message may show: error texts, alarms and people of a run all let it slip.

/** The access key id of AWS's own documentation. */
export const SECRET = 'AKIAIOSFODNN7EXAMPLE';
export const WEBHOOK = 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX';
