// Types of asl-validator 4, which ships none.
declare module 'asl-validator' {
  interface Validation {
    readonly isValid: boolean;
    errorsText(): string;
  }
  export default function validate(
    definition: unknown,
    options?: { checkArn?: boolean; checkPaths?: boolean },
  ): Validation;
}
