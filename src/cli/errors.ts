/** What a person can mend: shown in one line, without a stack. Any other error is a fault of ours and shows where. */
export class ExpectedError extends Error {}

/** Wrong arguments: the command's usage is shown too. */
export class UsageError extends ExpectedError {}
