/** What shuts a process in: bubblewrap, a container, or (on request, and marked) nothing. */

/** A Node program to be run in a box. */
export interface BoxProgram {
  /** Folders and files that it sees, read-only: where they are in the box → where they are here. */
  files: Readonly<Record<string, string>>;
  /** The program's path in the box. It is told which descriptors are its pipes: requests, replies. */
  program: string;
  /** A snapshot that Node starts from in place of the program: where it is, in the box as here. */
  snapshot?: string;
  limits: BoxLimits;
}

export interface BoxLimits {
  /** Processor time, in seconds. */
  cpuSeconds: number;
  /** Memory that the process may write to, in megabytes. */
  megabytes: number;
  /** How long it may live by the clock, also on a busy machine: against what sleeps, not what works. */
  seconds: number;
}

/** A command to spawn. */
export interface BoxCommand {
  file: string;
  args: string[];
  env: Record<string, string>;
  /** The number of the user that it runs as, if it isn't ours. */
  user?: number;
  /** The descriptors of the program's pipes. */
  pipes: readonly [requests: number, replies: number];
  /** A file to be passed as descriptor 5. */
  extra?: string;
  /** Ends what the command started, where killing the command does not. */
  remove?: { file: string; args: string[] };
}

export type SandboxName = "bubblewrap" | "podman" | "docker" | "none";

export interface Sandbox {
  name: SandboxName;
  /** Whether what runs in it is the Node that runs here. */
  hasThisNode: boolean;
  command(program: BoxProgram): BoxCommand;
  /** Removes what the sandbox itself made. */
  dispose(): void;
}

/** Node's arguments: its own, then what to run, and the program's. */
export const argumentsOf = (
  { limits, snapshot }: Pick<BoxProgram, "limits" | "snapshot">,
  program: string,
  pipes: BoxCommand["pipes"],
): string[] => [
  ...nodeArguments(limits),
  ...(snapshot === undefined ? [] : ["--snapshot-blob", snapshot]),
  program,
  ...pipes.map(String),
];

/** V8 gets a part of the memory for its objects; the rest is for its code, its threads and for typed arrays. */
export const nodeArguments = ({ megabytes }: BoxLimits): string[] => [
  `--max-old-space-size=${Math.round(megabytes / 2)}`,
  "--max-semi-space-size=16",
  "--single-threaded-gc",
  "--stack-size=900",
];
