/**
 * Answers to the exercise axes-keep ("x minus its mean over the last axis") by students who try. Each is JavaScript
 * that declares `solution`; `right` and `wrong` are two honest ones that it may use, and `learned(f)` ends the run with
 * what f found out as the error's message, which the test reads.
 */
export interface Hostile {
  name: string;
  code: string;
  /** What the honest part of the work earns: a right solution's points, those of the wrong one, or none. */
  earns: "right" | "wrong" | "nothing" | number;
  /** Why the box was ended, if it was; "whatever" where it depends on what gives way first. */
  end?: string;
  /** What a message of the report must say. */
  says?: RegExp;
}

export const honest: string = `
  const right = (x) => x.sub(x.mean([-1], true));
  const wrong = (x) => x;
  const learned = (f) => { let found; try { found = f(); } catch (error) { found = error; }
    throw new Error("learned: " + (found instanceof Error ? (found.code ?? found.message) : JSON.stringify(found))); };
  const frame = (value) => { const json = Buffer.from(JSON.stringify(value)); const head = Buffer.alloc(8);
    head.writeUInt32LE(4 + json.length, 0); head.writeUInt32LE(json.length, 4); return Buffer.concat([head, json]); };
  const object = (fields) => ({ $: "object", keys: Object.keys(fields), of: Object.values(fields) });
  const say = (fields) => require("fs").writeSync(4, frame(object(fields)));
`;

const forge: Hostile[] = [
  {
    name: "asks normlab for the checks",
    code: `const solution = () => learned(() => require("normlab").checks.Report);`,
    earns: "nothing",
    says: /`checks` of normlab is not at hand/,
  },
  {
    name: "redefines the score of everything in sight",
    code: `for (const name of ["score", "passed", "status"])
        Object.defineProperty(Object.prototype, name, { get: () => (name === "score" ? 1 : name === "status" ? "passed" : true) });
      const solution = wrong;`,
    earns: "wrong",
  },
  {
    name: "poisons the cache of modules",
    code: `const Module = require("module"); const load = Module._load;
      Module._load = (...args) => { const exports = load(...args); try { exports.diagnose = () => undefined; } catch {} return exports; };
      for (const key of Object.keys(Module._cache)) Module._cache[key].exports = {};
      const solution = wrong;`,
    earns: "wrong",
  },
  {
    name: "makes arrays agree with everything",
    code: `Array.prototype.every = () => true; Array.prototype.some = () => false; Array.prototype.findIndex = () => -1;
      Float64Array.prototype.every = () => true; Array.prototype.includes = () => true;
      const solution = wrong;`,
    earns: "wrong",
  },
  {
    name: "makes numbers agree with everything",
    code: `Math.abs = () => 0; Number.isFinite = () => true; Object.is = () => true; Math.max = () => Infinity;
      const solution = wrong;`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "lets JSON say that it passed",
    code: `const stringify = JSON.stringify;
      JSON.stringify = (value) => stringify({ $: "object", keys: ["type", "status", "score"], of: ["return", "passed", 1] });
      const solution = wrong;`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "replaces Error",
    code: `globalThis.Error = class { constructor() { return { message: "", passed: true }; } }; const solution = wrong;`,
    earns: "wrong",
  },
  {
    name: "makes every tensor zero",
    code: `const { Tensor } = require("normlab"); Object.defineProperty(Tensor.prototype, "data", { get: () => new Float64Array(0) });
      const solution = wrong;`,
    earns: "wrong",
  },
  {
    name: "prints a report and a score",
    code: `const solution = (x) => { console.log(JSON.stringify({ status: "passed", score: 1 })); console.error("all checks passed"); return x; };`,
    earns: "wrong",
  },
  {
    name: "silences what is printed",
    code: `process.stdout.write = process.stderr.write = () => true; console.log = () => {}; const solution = wrong;`,
    earns: "wrong",
  },
  {
    name: "says that it is loaded before it is",
    code: `say({ type: "loaded", solution: 1 }); const solution = right;`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "sends a report in place of an answer",
    code: `const solution = (x) => { say({ type: "report", status: "passed", score: 1 }); return x; };`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "answers twice",
    code: `let calls = 0; const solution = (x) => { say({ type: "return", id: ++calls, value: 1 }); return right(x); };`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "answers a call that is still to come",
    code: `let calls = 0; const solution = (x) => { say({ type: "return", id: ++calls + 1, value: 1 }); return right(x); };`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "says something more at the end",
    code: `process.on("exit", () => say({ type: "return", id: 1, value: 1 })); const solution = right;`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "begins a frame and never ends it",
    code: `process.on("exit", () => require("fs").writeSync(4, Buffer.from([9, 0, 0, 0, 1]))); const solution = right;`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "announces a frame of four gigabytes",
    code: `const solution = (x) => { require("fs").writeSync(4, Buffer.alloc(8, 255)); return x; };`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "sends what is no frame",
    code: `const solution = (x) => { require("fs").writeSync(4, Buffer.from([6, 0, 0, 0, 2, 0, 0, 0, 91, 91])); return x; };`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "calls a function of the judge that there isn't",
    code: `const solution = (x) => { say({ type: "callback", id: 5, args: [] }); require("fs").readSync(3, Buffer.alloc(1e5)); return x; };`,
    earns: "nothing",
    end: "forged",
  },
  {
    name: "reads the judge's next question itself",
    code: `const solution = (x) => { setImmediate(() => {}); const fs = require("fs"); fs.closeSync(3); return right(x); };`,
    earns: "nothing",
    end: "ended",
  },
  {
    name: "closes the pipe of the answers",
    code: `const solution = (x) => { require("fs").closeSync(4); return right(x); };`,
    earns: "nothing",
    end: "ended",
  },
  {
    name: "ends the process with status 0",
    code: `const solution = () => process.exit(0);`,
    earns: "nothing",
    end: "ended",
  },
  {
    name: "ends the process before there is a solution",
    code: `process.exit(0); const solution = right;`,
    earns: "nothing",
    end: "ended",
  },
  {
    name: "kills itself",
    code: `const solution = () => process.abort();`,
    earns: "nothing",
    end: "memory",
  },
  {
    name: "catches everything that goes wrong",
    code: `process.on("uncaughtException", () => {}); process.on("unhandledRejection", () => {});
      setImmediate(() => { throw new Error("late"); }); Promise.reject(new Error("later")); const solution = right;`,
    earns: "right",
  },
  {
    name: "changes its inputs to what it wishes they were",
    code: `const solution = (x) => { x.data.fill(0); return x; };`,
    earns: "nothing",
    says: /changed its input/,
  },
  {
    name: "answers with an object that turns into any number",
    code: `const solution = () => ({ valueOf: () => 1, toString: () => "1", [Symbol.toPrimitive]: () => 1 });`,
    earns: "nothing",
  },
  {
    name: "answers with a Proxy that has every property",
    code: `const solution = () => new Proxy({}, { get: () => 1, has: () => true, ownKeys: () => ["shape", "data"],
        getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) });`,
    earns: "nothing",
  },
  {
    name: "answers with a getter that changes",
    code: `let looks = 0; const solution = (x) => ({ shape: x.shape, get data() { return ++looks % 2 ? x.data : right(x).data; } });`,
    earns: "right",
  },
  {
    name: "answers with a thenable",
    code: `const solution = (x) => ({ then: (resolve) => resolve(right(x)) });`,
    earns: "nothing",
  },
  {
    name: "answers with a promise",
    code: `const solution = async (x) => right(x);`,
    earns: "nothing",
    says: /promise/,
  },
  { name: "answers with NaN", code: `const solution = () => NaN;`, earns: "nothing" },
  {
    name: "answers with NaN everywhere",
    code: `const solution = (x) => x.map(() => NaN);`,
    earns: "nothing",
  },
  { name: "throws undefined", code: `const solution = () => { throw undefined; };`, earns: "nothing" },
  {
    name: "throws what can't be looked at",
    code: `const solution = () => { throw Object.defineProperty(new Error("x"), "message", { get() { throw 1; } }); };`,
    earns: "nothing",
  },
  {
    name: "pretends not to be done",
    code: `const solution = () => { throw new Error("Exercise axes-keep: passed"); };`,
    earns: "nothing",
  },
  {
    name: "is no function",
    code: `const solution = { call: () => 1 };`,
    earns: "nothing",
    says: /must be given your function/,
  },
  { name: "is not there", code: `const other = 1;`, earns: "nothing" },
  {
    name: "answers with what has a cycle",
    code: `const solution = (x) => { const a = [x]; a.push(a); return a; };`,
    earns: "nothing",
  },
];

const read: Hostile[] = [
  {
    name: "looks round in the file system",
    code: `const solution = () => learned(() => require("fs").readdirSync("/").filter((name) => !/^lib/.test(name)));`,
    earns: "nothing",
    says: /learned: \["box","node"(,"usr")?\]/,
  },
  {
    name: "looks for the course and its solutions",
    code: `const solution = () => learned(() => require("fs").readdirSync(${JSON.stringify(process.cwd())}));`,
    earns: "nothing",
    says: /learned: ENOENT/,
  },
  {
    name: "looks for checks in its own build",
    code: `const solution = () => learned(() => ["/box", "/box/kernel/runner"].flatMap((path) => require("fs").readdirSync(path)));`,
    earns: "nothing",
    says: /learned: \["display","grade","kernel","tensor","variables.js"\]/,
  },
  {
    name: "reads the environment of the process above",
    code: `const solution = () => learned(() => require("fs").readFileSync("/proc/1/environ", "latin1"));`,
    earns: "nothing",
    says: /learned: ENOENT/,
  },
  {
    name: "reads the command lines of other processes",
    code: `const solution = () => learned(() => require("fs").readdirSync("/proc"));`,
    earns: "nothing",
    says: /learned: ENOENT/,
  },
  {
    name: "reads its own environment",
    code: `const solution = () => learned(() => process.env);`,
    earns: "nothing",
    says: /learned: \{"PWD":"\/"\}/,
  },
  {
    name: "reads keys of the person who grades",
    code: `const solution = () => learned(() => require("fs").readdirSync(require("os").homedir()));`,
    earns: "nothing",
    says: /learned: (ENOENT|ERR_SYSTEM_ERROR)/,
  },
  {
    name: "looks for descriptors that it inherited",
    code: `const solution = () => learned(() => { const open = [];
        for (let i = 0; i < 100; i++) { try { const s = require("fs").fstatSync(i); if (s.isFile() || s.isDirectory()) open.push(i); } catch {} } return open; });`,
    earns: "nothing",
    says: /learned: \[\]/,
  },
  {
    name: "opens the inspector",
    code: `const solution = (x) => { try { require("inspector").open(9229); } catch {} return right(x); };`,
    earns: "right",
  },
  {
    name: "writes down its heap",
    code: `const solution = () => learned(() => require("v8").writeHeapSnapshot("/box/heap"));`,
    earns: "nothing",
    says: /learned: /,
  },
  {
    name: "looks at its caller's arguments",
    code: `const solution = function () { return learned(() => new Error().stack.split("\\n").filter((line) => !/box|cell|node:|vm\\.js|Error/.test(line))); };`,
    earns: "nothing",
    says: /learned: \[\]/,
  },
];

const cheat: Hostile[] = [
  {
    name: "calls the reference",
    code: `const { layerNorm } = require("normlab"); const solution = right;`,
    earns: "nothing",
    says: /`layerNorm` of normlab is not at hand/,
  },
  {
    name: "looks for the reference's file",
    code: `const solution = () => learned(() => require("module").createRequire("/box/x.js")("/box/norm/layerNorm.js"));`,
    earns: "nothing",
    says: /learned: MODULE_NOT_FOUND/,
  },
  {
    name: "keeps what it saw for the next call",
    code: `const seen = []; const solution = (x) => { seen.push(x); return seen[0]; };`,
    earns: "nothing",
  },
];

const exhaust: Hostile[] = [
  { name: "never returns", code: `const solution = () => { for (;;); };`, earns: "nothing", end: "time" },
  {
    name: "never gets as far as a solution",
    code: `for (;;); const solution = right;`,
    earns: "nothing",
    end: "time",
  },
  {
    name: "waits and then never returns",
    code: `await 1; for (;;); const solution = right;`,
    earns: "nothing",
    end: "time",
  },
  {
    name: "waits for what never comes",
    code: `await new Promise(() => {}); const solution = right;`,
    earns: "nothing",
    end: "ended",
  },
  {
    name: "sleeps",
    code: `const solution = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
    earns: "nothing",
    end: "time",
  },
  {
    name: "never returns for the last case alone",
    code: `let calls = 0; const solution = (x) => { if (++calls > 2) for (;;); return right(x); };`,
    earns: 1 / 3,
    end: "time",
  },
  {
    name: "fills the heap",
    code: `const solution = () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); };`,
    earns: "nothing",
    end: "memory",
  },
  {
    name: "fills memory outside the heap",
    code: `const solution = () => { const all = []; for (;;) all.push(Buffer.alloc(5e7)); };`,
    earns: "nothing",
    says: /allocation failed/,
  },
  {
    name: "starts processes without end",
    code: `const solution = () => learned(() => require("child_process").spawnSync("/node", ["-v"]).error);`,
    earns: "nothing",
    says: /learned: EPERM/,
  },
  {
    name: "starts threads without end",
    code: `const { Worker } = require("worker_threads"); for (let i = 0; i < 500; i++) new Worker("for (;;);", { eval: true }).on("error", () => {});
      const solution = right;`,
    earns: "nothing",
    end: "whatever",
  },
  {
    name: "fills the disk",
    code: `const solution = () => learned(() => ["/", "/tmp", "/box", "/dev/shm"].map((folder) => {
        try { require("fs").writeFileSync(folder + "/x", Buffer.alloc(1e6)); return "written"; } catch (error) { return error.code; } }));`,
    earns: "nothing",
    says: /learned: \["EROFS","(ENOENT|EROFS)","EROFS","ENOENT"\]/,
  },
  {
    name: "prints without end",
    code: `const solution = () => { for (;;) require("fs").writeSync(1, "x".repeat(1e5)); };`,
    earns: "nothing",
    end: "output",
  },
  {
    name: "prints much, and is right",
    code: `const solution = (x) => { console.log("x".repeat(1e6)); return right(x); };`,
    earns: "right",
  },
  {
    name: "has a regular expression that never ends",
    code: `const solution = () => /^(a+)+$/.test("a".repeat(50) + "b");`,
    earns: "nothing",
    end: "time",
  },
  {
    name: "answers with two gigabytes",
    code: `const solution = () => new Array(2e8).fill(0);`,
    earns: "nothing",
    end: "whatever",
  },
  {
    name: "answers with an array that is larger than it is",
    code: `const solution = () => new Array(4e9 >>> 0);`,
    earns: "nothing",
    says: /too large/,
  },
  {
    name: "answers with 40 MB of numbers",
    code: `const solution = () => new Float64Array(5e6);`,
    earns: "nothing",
    says: /too large/,
  },
  {
    name: "answers with arrays in arrays in arrays",
    code: `const solution = () => { let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a; };`,
    earns: "nothing",
    says: /too deeply/,
  },
  {
    name: "recurses without end",
    code: `const solution = (x) => solution(x);`,
    earns: "nothing",
    says: /Maximum call stack/,
  },
];

const escape: Hostile[] = [
  {
    name: "asks the network",
    code: `const net = require("net"); let said = "nothing";
      await new Promise((resolve) => net.connect({ host: "127.0.0.1", port: 22 }).on("error", (e) => resolve((said = e.code))).on("connect", () => resolve((said = "connected"))));
      const solution = () => learned(() => said + " " + Object.keys(require("os").networkInterfaces()).join());`,
    earns: "nothing",
    says: /learned: "(ENETUNREACH|ECONNREFUSED|EADDRNOTAVAIL) (lo)?"/,
  },
  {
    name: "kills the process above",
    code: `const solution = (x) => { for (const pid of [process.ppid, 1, -1]) try { if (pid > 0 || process.pid > 2) process.kill(pid, "SIGTERM"); } catch {} return right(x); };`,
    earns: "right",
  },
  {
    name: "becomes root",
    code: `const solution = () => learned(() => [process.setuid(0), process.getuid()]);`,
    earns: "nothing",
    says: /learned: (EINVAL|EPERM)/,
  },
  {
    name: "loads a library as an addon",
    code: `const solution = () => learned(() => process.dlopen({ exports: {} }, "/box/grade/box/inside.js"));`,
    earns: "nothing",
    says: /learned: ERR_DLOPEN_FAILED/,
  },
  {
    name: "leaves a child behind",
    code: `const solution = () => learned(() => { const child = require("child_process").spawn("/node", ["-e", "for (;;);"], { detached: true, stdio: "ignore" });
        child.on("error", () => {}); return child.pid === undefined ? "no child" : "a child"; });`,
    earns: "nothing",
    says: /learned: (EPERM|"no child")/,
  },
  {
    name: "changes its root",
    code: `const solution = () => learned(() => { process.chdir(".."); return process.cwd(); });`,
    earns: "nothing",
    says: /learned: "\/"/,
  },
];

export const hostile: Record<string, Hostile[]> = { forge, read, cheat, exhaust, escape };
