/** Finds the command and runs it; help, wrong arguments and errors are told here, in one way for all commands. */
import { LessonError } from "../lesson/lesson";
import { ExpectedError, UsageError } from "./errors";

/** What a command's file exports. */
export interface Command {
  usage: string;
  /** Answers the exit status. Wrong arguments and what a person can mend are thrown (errors.ts). */
  main(args: string[]): Promise<number>;
}

/** The commands by name; a command's file is loaded when it is asked for. */
export type Commands = Record<string, { summary: string; load: () => Promise<Command> }>;

function usageOf(commands: Commands): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return `usage: npx normlab <command> …\n\n${lines.join("\n")}\n\nnpx normlab <command> --help says more.`;
}

const asksForHelp = (args: readonly string[]) => args.includes("--help") || args.includes("-h");

/** Also what `parseArgs` refuses: an option that there isn't, or one without its value. */
const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError ||
  Boolean((error as { code?: unknown } | null)?.code?.toString().startsWith("ERR_PARSE_ARGS"));

/** The exit status: the command's own, 2 for wrong arguments, 1 for what went wrong. */
export async function dispatch(commands: Commands, [name = "", ...args]: readonly string[]): Promise<number> {
  if (!Object.hasOwn(commands, name)) {
    const usage = usageOf(commands);
    if (asksForHelp([name])) {
      console.log(usage);
      return 0;
    }
    console.error(`normlab: ${name ? `there is no command "${name}"` : "no command is given"}\n\n${usage}`);
    return 2;
  }
  const { usage, main } = await commands[name].load();
  if (asksForHelp(args)) {
    console.log(usage);
    return 0;
  }
  try {
    return await main(args);
  } catch (error) {
    if (isUsageError(error)) {
      console.error(`normlab ${name}: ${error.message}\n\n${usage}`);
      return 2;
    }
    const isExpected = error instanceof ExpectedError || error instanceof LessonError;
    console.error(isExpected ? `normlab ${name}: ${error.message}` : error);
    return 1;
  }
}
