/** What an `execute_request` asks for, with the protocol's defaults where it says nothing. */
import type { Message } from "../protocol/message";

export interface ExecuteOptions {
  code: string;
  silent: boolean;
  storeHistory: boolean;
  userExpressions: Record<string, string>;
  allowStdin: boolean;
  stopOnError: boolean;
}

export function optionsOf({ content }: Message): ExecuteOptions {
  const flag = (key: string, otherwise: boolean) =>
    typeof content[key] === "boolean" ? content[key] : otherwise;
  const silent = flag("silent", false);
  return {
    code: typeof content.code === "string" ? content.code : "",
    silent,
    storeHistory: !silent && flag("store_history", true),
    userExpressions: (content.user_expressions ?? {}) as Record<string, string>,
    allowStdin: flag("allow_stdin", true),
    stopOnError: flag("stop_on_error", true),
  };
}
