// Takes the place of the SDK's credential chain in the bundles: a Lambda function has its credentials in its environment,
// and the chain's other links (files, SSO, instance metadata) are 90 KB that would only slow a cold start.
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
