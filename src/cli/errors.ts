import { CourseworkError } from "../grade/errors";

/** What a person can mend: shown in one line, without a stack. Any other error is a fault of ours and shows where. */
export class ExpectedError extends Error {}

/** Wrong arguments: the command's usage is shown too. */
export class UsageError extends ExpectedError {}

/** What coursework refuses is for the person to mend: told in a line, without a stack. */
export async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isExpected = error instanceof CourseworkError || error instanceof RangeError;
    throw isExpected ? new ExpectedError(error.message) : error;
  }
}
