/**
 * The filter of system calls that the box's process runs under (Linux seccomp, classic BPF): no new processes and no
 * new namespaces; threads, which Node needs, are allowed. A fork bomb can't start, and nothing outlives the box.
 */

/** linux/audit.h: which processor's numbers the calls have. */
const architectures = {
  x64: { audit: 0xc000003e, clone: 56, denied: { fork: 57, vfork: 58, unshare: 272, setns: 308 } },
  arm64: { audit: 0xc00000b7, clone: 220, denied: { unshare: 97, setns: 268 } },
} as const;

const clone3 = 435; // the same on all processors
const cloneThread = 0x00010000; // CLONE_THREAD
const x32Calls = 0x40000000; // x86-64's second set of numbers

const allow = 0x7fff0000;
const kill = 0x80000000;
const fail = (errno: number) => 0x00050000 | errno;
const EPERM = 1;
const ENOSYS = 38;

/** A line: an instruction, or the answer that ends the program. A jump names the answer it goes to. */
type Line =
  | { load: "number" | "architecture" | "first argument" }
  | { when: "equal" | "unequal" | "at least" | "has bits"; value: number; answer: number }
  | { answer: number };

const offsets = { number: 0, architecture: 4, "first argument": 16 };

function program({ audit, clone, denied }: (typeof architectures)[keyof typeof architectures]): Line[] {
  return [
    { load: "architecture" },
    { when: "unequal", value: audit, answer: kill },
    { load: "number" },
    { when: "at least", value: x32Calls, answer: fail(EPERM) },
    ...Object.values(denied).map((value): Line => ({ when: "equal", value, answer: fail(EPERM) })),
    // Its flags lie in memory, where a filter can't look; the C library then takes clone.
    { when: "equal", value: clone3, answer: fail(ENOSYS) },
    { when: "unequal", value: clone, answer: allow },
    { load: "first argument" },
    { when: "has bits", value: cloneThread, answer: allow },
    { answer: fail(EPERM) },
  ];
}

/** Lines as `struct sock_filter`: code (uint16), jump if true and if false (uint8 each), operand (uint32). */
function assemble(lines: readonly Line[]): Buffer {
  const answers = [...new Set(lines.flatMap((line) => ("answer" in line ? [line.answer] : [])))];
  const bytes = Buffer.alloc(8 * (lines.length + answers.length));
  const write = (at: number, code: number, yes: number, no: number, operand: number) => {
    bytes.writeUInt16LE(code, 8 * at);
    bytes.writeUInt8(yes, 8 * at + 2);
    bytes.writeUInt8(no, 8 * at + 3);
    bytes.writeUInt32LE(operand >>> 0, 8 * at + 4);
  };
  for (const [at, line] of lines.entries()) {
    if ("load" in line) write(at, 0x20, 0, 0, offsets[line.load]);
    else if (!("when" in line)) write(at, 0x06, 0, 0, line.answer);
    else {
      const distance = lines.length + answers.indexOf(line.answer) - at - 1;
      const code = { equal: 0x15, unequal: 0x15, "at least": 0x35, "has bits": 0x45 }[line.when];
      const isNegated = line.when === "unequal";
      write(at, code, isNegated ? 0 : distance, isNegated ? distance : 0, line.value);
    }
  }
  for (const [i, answer] of answers.entries()) write(lines.length + i, 0x06, 0, 0, answer);
  return bytes;
}

/** The filter for a processor, as bubblewrap's --seccomp reads it; undefined for one that it is not written for. */
export function processFilter(processor: string = process.arch): Buffer | undefined {
  return Object.hasOwn(architectures, processor)
    ? assemble(program(architectures[processor as keyof typeof architectures]))
    : undefined;
}
