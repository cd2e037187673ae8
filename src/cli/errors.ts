/** What ends a command through no fault of the program. */
import { CourseworkError } from "../grade/errors";
import { Refusal } from "../tensor/validate";

/** What a person can mend: shown in one line, without a stack. Any other error is a fault of ours and shows where. */
export class ExpectedError extends Error {}

/** Wrong arguments: the command's usage is shown too. */
export class UsageError extends ExpectedError {}

/** What a disk says of itself and of the person's rights; Node's message names the file. */
const ofTheDisk = ["EACCES", "EDQUOT", "EFBIG", "EIO", "EISDIR", "ENOSPC", "ENOTDIR", "EPERM", "EROFS"];

function isOfTheDisk(error: unknown): error is Error {
  const { code, syscall } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return syscall !== undefined && code !== undefined && ofTheDisk.includes(code);
}

/** What coursework refuses is for the person to mend, and so is a full disk: told in a line, without a stack. */
export async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isExpected = error instanceof CourseworkError || error instanceof Refusal || isOfTheDisk(error);
    throw isExpected ? new ExpectedError(error.message) : error;
  }
}
