/** The student's function as the checks call it: synchronous here, answered by the box. */
import type { BoxTask, FromBox, ToBox } from "../box/conversation";
import { BadFrame, decode, encode } from "../box/values";

/** The box, as the judge's thread has it. */
export interface Line {
  /** Sends a frame and waits, without letting anything else run, for the box's answer. */
  send(frame: Buffer): Buffer;
  /** Hangs up on a box that says what it was not asked for. */
  refuse(): never;
}

/** How many values an iterable may give: the judge's own, and none is endless. */
const iterated = 1e6;

/** The exercise's cells stopped with an error before there was a function. */
export class Stopped extends Error {}

/**
 * Loads the box and answers what the student's name stands for: a function that calls the student's, or whatever else
 * it is. Its calls throw what the student's function throws, and what `line` throws when the box is no more.
 */
export function solutionIn(line: Line, task: BoxTask): unknown {
  // Functions and iterables that were passed, by their number.
  const remotes: object[] = [];
  const register = (value: object): number => {
    const known = remotes.indexOf(value);
    return known >= 0 ? known : remotes.push(value) - 1;
  };
  const exchange = (message: ToBox): FromBox => {
    const sent = encode(message, register);
    let answer: unknown;
    try {
      answer = decode(line.send(sent), ({ id }) => remotes[id]);
    } catch (error) {
      if (error instanceof BadFrame) line.refuse();
      throw error;
    }
    const type = (answer as Partial<FromBox> | null)?.type;
    if (typeof type !== "string") line.refuse();
    return answer as FromBox;
  };

  const first = exchange({ type: "load", task });
  if (first.type === "stopped") throw new Stopped(String(first.message));
  if (first.type !== "loaded") line.refuse();
  if (typeof first.solution !== "function") return first.solution;

  let calls = 0;
  return (...args: unknown[]): unknown => {
    const id = ++calls;
    let reply = exchange({ type: "call", id, args });
    while (reply.type === "callback") {
      const remote = remotes[reply.id] ?? line.refuse();
      reply = exchange(answerTo(remote, reply.args));
    }
    if ((reply.type !== "return" && reply.type !== "throw") || reply.id !== id) line.refuse();
    if (reply.type === "throw") throw new Error(String(reply.message));
    if (Array.isArray(reply.args)) writeBack(args, reply.args);
    return reply.value;
  };
}

function answerTo(remote: object, args: unknown): ToBox {
  try {
    if (typeof remote === "function") {
      return { type: "answer", value: (remote as (...args: unknown[]) => unknown)(...(args as unknown[])) };
    }
    const values: unknown[] = [];
    for (const value of remote as Iterable<unknown>) {
      values.push(value);
      if (values.length > iterated) throw new Error("too many values");
    }
    return { type: "answer", value: values };
  } catch (error) {
    return { type: "refuse", message: error instanceof Error ? error.message : String(error) };
  }
}

/** Makes the inputs here what they have become in the box, so that the check sees that they were changed. */
function writeBack(here: unknown, there: unknown): void {
  if (typeof here !== "object" || here === null || typeof there !== "object" || there === null) return;
  if (ArrayBuffer.isView(here)) {
    const [to, from] = [here as Float64Array, there as Float64Array];
    if (ArrayBuffer.isView(from) && from.length === to.length) to.set(from);
    return;
  }
  if (Array.isArray(here) && Array.isArray(there)) here.length = there.length;
  for (const [key, value] of Object.entries(there)) {
    const inner = (here as Record<string, unknown>)[key];
    if (typeof inner === "object" && inner !== null) writeBack(inner, value);
    else (here as Record<string, unknown>)[key] = value;
  }
}
