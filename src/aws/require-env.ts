// Reads a variable that the CDK app must have set, or says which one is missing.

/** Throws an Error that names the variable when it is unset or empty. */
export function requireEnv(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(
    `the environment variable ${name} is not set; the engine stack sets it on every function that needs it`,
  );
}
