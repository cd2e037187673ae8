/**
 * The program in the box: runs the cells it is sent, and calls the student's function when the judge asks. Nothing
 * here is trusted by the judge, so nothing needs to be protected from the student's code, which shares this process.
 */
import { Script } from "node:vm";
import { Variables } from "../../kernel/runner/variables";
import type { BoxCell, FromBox, ToBox } from "./conversation";
import { readFrame, writeAll } from "./frames";
import { requireForCells } from "./guest";
import { decode, encode, type Remote } from "./values";

/** The descriptors of the two pipes. */
const [requests, replies] = process.argv.slice(2).map(Number);

/** The judge's functions and iterables that stand for themselves here, to be sent back by their number. */
const known = new Map<object, number>();
const register = (value: object): number | undefined => known.get(value);

const send = (message: FromBox): void => writeAll(replies, encode(message, register));

function receive(): ToBox {
  const frame = readFrame(requests);
  if (!frame) process.exit(0);
  return decode(frame, revive) as ToBox;
}

/** Calls back: the judge answers before it asks anything else. */
function ask(id: number, args: unknown[]): unknown {
  send({ type: "callback", id, args });
  const message = receive();
  if (message.type === "refuse") throw new Error(message.message);
  return message.type === "answer" ? message.value : undefined;
}

function revive({ $, id }: Remote): unknown {
  const value =
    $ === "function"
      ? (...args: unknown[]) => ask(id, args)
      : { [Symbol.iterator]: () => (ask(id, []) as unknown[])[Symbol.iterator]() };
  known.set(value, id);
  return value;
}

function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown).slice(0, 1000);
  } catch {
    return "an error that can't be read";
  }
}

/** The names that cells import and declare, as the kernel keeps them: a later cell may import a name anew. */
const variables = new Variables();
const { exports: exported, values: names } = variables;

type Accessors = [get: () => unknown, set?: (value: unknown) => void];

/** What a cell's code calls (kernel/compiler/transform.ts); nothing is interrupted here, and results are not shown. */
const cell = {
  declare(declared: Record<string, Accessors>): void {
    for (const [name, accessors] of Object.entries(declared)) variables.declare(name, ...accessors);
  },
  result: (): void => undefined,
  thrown: (value: unknown): unknown => value,
  guard: (value: unknown): unknown => value,
  guardEach: (values: unknown): unknown => values,
  stop: (): void => undefined,
};

async function run({ code, file }: BoxCell, require: (id: string) => unknown): Promise<void> {
  const parameters = "exports, require, module, __dirname, __filename, $global, $cells, $cell, $stop";
  const script = new Script(`(function (${parameters}) {\n${code}\n})`, { filename: file, lineOffset: -1 });
  const prepare = script.runInThisContext() as (...values: unknown[]) => () => Promise<unknown>;
  const module = { exports: exported };
  await prepare(exported, require, module, "/", file, globalThis, names, cell, new Int32Array(1))();
}

async function load(): Promise<unknown> {
  const message = receive();
  if (message.type !== "load") return undefined;
  try {
    const { cells, name, modules, forbidden } = message.task;
    const require = requireForCells(modules, forbidden);
    for (const each of cells) await run(each, require);
    const solution = names[name];
    // The function itself stays here.
    send({ type: "loaded", solution: typeof solution === "function" ? () => undefined : solution });
    return solution;
  } catch (error) {
    send({ type: "stopped", message: messageOf(error) });
    return undefined;
  }
}

function call(solution: (...args: unknown[]) => unknown, message: ToBox & { type: "call" }): FromBox {
  const { id, args } = message;
  const before = encode(args, register);
  try {
    const value = solution(...args);
    const isChanged = !encode(args, register).equals(before);
    return { type: "return", id, value, ...(isChanged && { args }) };
  } catch (error) {
    return { type: "throw", id, message: messageOf(error) };
  }
}

async function main(): Promise<void> {
  // Where the pipe is stdout, what is printed goes elsewhere.
  if (replies === 1) process.stdout.write = process.stderr.write.bind(process.stderr);
  const solution = await load();
  for (;;) {
    const message = receive();
    if (message.type !== "call") continue;
    const reply = call(solution as (...args: unknown[]) => unknown, message);
    try {
      send(reply);
    } catch (error) {
      // The value can't be sent.
      send({ type: "throw", id: message.id, message: messageOf(error) });
    }
  }
}

void main();
