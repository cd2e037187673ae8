import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedKernel, type TestKernel } from "../support/kernel";

describe("errors", () => {
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started), {
    files: { "helper.ts": "export const triple = (x: number): number => 3 * x;\n" },
  });
  const run = (...values: Parameters<TestKernel["run"]>) => kernel.run(...values);
  /** Gives the cell the number its messages will call it by. */
  const failing = async (code: string) => {
    const done = await run(code);
    return {
      ...done,
      errors: done.errors.replaceAll(`In [${done.reply.execution_count as number}]`, "In [n]"),
    };
  };

  it("are messages and replies with name, message and traceback", async () => {
    const { reply, messages } = await run('throw new TypeError("boo")');
    expect(messages.map((m) => m.header.msg_type)).toEqual(["error"]);
    expect(messages[0].content).toMatchObject({ ename: "TypeError", evalue: "boo" });
    expect(reply).toMatchObject({ status: "error", ...messages[0].content });
  });

  it("show the cell's line with a caret", async () => {
    const { errors } = await failing('const a = 1;\n\nfunction f() {\n  throw new Error("deep");\n}\nf();');
    expect(errors).toBe(
      [
        "Cell In [n], line 4",
        "  3 | function f() {",
        '> 4 |   throw new Error("deep");',
        "    |         ^",
        "Error: deep",
        "    at f (Cell In [n], line 4)",
        "    at Cell In [n], line 6",
      ].join("\n"),
    );
  });

  it("show the source of the library, and nothing of Node and the kernel", async () => {
    const { errors } = await failing(
      'import { layerNorm, tensor } from "normlab";\nlayerNorm(tensor([[1, 2]]), { epsilon: -1 })',
    );
    expect(errors).toMatch(/^Cell In \[n\], line 2\n/);
    expect(errors).toMatch(/at layerNorm \(src\/norm\/layerNorm\.ts:\d+\)/);
    expect(errors).toContain("RangeError: layerNorm: epsilon is -1");
    expect(errors).not.toMatch(/node:|dist\/|kernel\/runner|cell-\d/);
  });

  it("of another cell name that cell", async () => {
    const defining = await run("const fail = () => {\n  throw new Error('far away');\n};");
    const { errors } = await failing("\nfail()");
    expect(errors).toContain(`Cell In [${defining.reply.execution_count as number}], line 2`);
    expect(errors).toContain("at Cell In [n], line 2");
  });

  it("after an await, of causes and of values that are no errors", async () => {
    const { errors } = await failing(
      "await Promise.resolve();\nthrow new Error('outer', { cause: new RangeError('inner') });",
    );
    expect(errors).toContain("Cell In [n], line 2");
    expect(errors).toContain("Caused by:");
    expect(errors).toContain("RangeError: inner");
    const chain = await failing(
      "throw new Error('outer', { cause: new RangeError('middle', { cause: new TypeError('inner') }) });",
    );
    expect(chain.errors.match(/Caused by:|\w*Error: \w+/g)).toEqual([
      "Error: outer",
      "Caused by:",
      "RangeError: middle",
      "Caused by:",
      "TypeError: inner",
    ]);
    expect((await failing("throw { code: 7 }")).reply).toMatchObject({ evalue: "{ code: 7 }" });
  });

  it.each([
    ["stack", "Object.defineProperty(new Error('m'), 'stack', { get() { throw new Error('no'); } })"],
    ["message", "Object.defineProperty(new Error('m'), 'message', { get() { throw new Error('no'); } })"],
    ["name", "Object.defineProperty(new Error('m'), 'name', { get() { throw new Error('no'); } })"],
    ["cause", "Object.defineProperty(new Error('m'), 'cause', { get() { throw new Error('no'); } })"],
    ["toString of the message", "Object.assign(new Error('m'), { message: Object.create(null) })"],
    ["every trap", "new Proxy({}, new Proxy({}, { get() { throw new Error('no'); } }))"],
    [
      "every trap of an Error",
      "new Proxy(new Error('m'), new Proxy({}, { get() { throw new Error('no'); } }))",
    ],
    ["its own inspection", "{ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no'); } }"],
    ["the list of an AggregateError", "Object.assign(new AggregateError([]), { errors: 5 })"],
    [
      "no end of an AggregateError",
      "(() => { const e = new AggregateError([]); e.errors.push(e, e); return e; })()",
    ],
  ])("end the cell whatever is thrown: %s", async (_, value) => {
    await run("const keptThen = 3;");
    for (const code of [
      `throw ${value}`,
      `void Promise.reject(${value})`,
      `await Promise.reject(${value})`,
    ]) {
      const { reply, messages } = await run(code);
      expect(reply.status).toBe("error");
      expect(messages.map((m) => m.header.msg_type)).toEqual(["error"]);
    }
    expect((await run("keptThen")).result).toBe("3");
  });

  it("show causes that are no errors, and properties", async () => {
    const { errors } = await failing("throw new Error('a', { cause: 'because' })");
    expect(errors).toMatch(/Error: a\n\nCaused by:\n'because'$/);
    expect((await failing("throw new Error('a', { cause: undefined })")).errors).toContain(
      "Caused by:\nundefined",
    );
    const code = "throw Object.assign(new Error('b'), { code: 'E_B', details: { at: [1] } })";
    expect((await failing(code)).errors).toMatch(/Error: b\n\{ code: 'E_B', details: \{ at: \[ 1 \] \} \}$/);
    const missing = await failing('import { readFileSync } from "node:fs"; readFileSync("/no/such");');
    expect(missing.errors).toContain("code: 'ENOENT'");
  });

  it("show the line that threw a value that is no error", async () => {
    expect((await failing("const a = 1;\nthrow 'words';")).errors).toBe(
      [
        "Cell In [n], line 2",
        "  1 | const a = 1;",
        "> 2 | throw 'words';",
        "    | ^",
        "Error: a value that is no Error was thrown: words",
      ].join("\n"),
    );
    const rejecting = [
      "\nawait Promise.reject('words')",
      "\nvoid Promise.reject('words');",
      "await new Promise((_, no) =>\n  setTimeout(() => no('words'), 1));",
    ];
    for (const code of rejecting) {
      const { errors } = await failing(code);
      expect(errors).toMatch(/^Cell In \[n\], line 2\n/);
      expect(errors).toMatch(/\nError: a value that is no Error was thrown: words$/);
    }
    const both = await failing("void Promise.reject('one');\nvoid Promise.reject('two');");
    expect(both.errors.match(/line \d|was thrown: \w+/g)).toEqual([
      ...["line 1", "was thrown: one"],
      ...["line 2", "was thrown: two"],
    ]);
    expect((await failing("await new Promise((_, no) => setTimeout(no, 1, 'words'))")).errors).toBe(
      "Cell In [n]\nError: a value that is no Error was thrown: words",
    );
  });

  it("of tfjs without a backend say how to start one", async () => {
    const { errors, reply } = await failing(
      'import * as tf from "@tensorflow/tfjs"; tf.tensor([1]).dataSync()',
    );
    expect(errors).toContain(
      'tfjs has no backend yet. Write first: import { initBackend } from "normlab"; await',
    );
    expect(reply.evalue).toMatch(/^tfjs has no backend yet/);
  });

  it("printed with console.log read the same way", async () => {
    const { stdout, reply } = await run("try { null!.x } catch (error) { console.log(error) }\n");
    expect(reply.status).toBe("error"); // `null!` has type never: a type error
    expect(stdout).toBe("");
    const printed = await run("try {\n  JSON.parse('{');\n} catch (error) {\n  console.log(error);\n}");
    expect(printed.stdout).toContain(`at Cell In [${printed.reply.execution_count as number}], line 2`);
    expect(printed.stdout).not.toMatch(/node:|kernel\/runner/);
  });

  it("of types come all at once, each once, with line and caret", async () => {
    const { errors, reply } = await failing("const a: string = 1;\n\nunknownName(a.lenght)");
    expect(reply).toMatchObject({ ename: "TypeScriptError" });
    expect(reply.evalue).toMatch(/^Type 'number' is not assignable to type 'string'\. \(and 2 more\)$/);
    expect(errors.match(/TS\d+:/g)).toEqual(["TS2322:", "TS2304:", "TS2551:"]);
    expect(errors).toContain("Cell In [n], line 1\n> 1 | const a: string = 1;\n    |       ^\n");
    expect(errors).toContain("Cell In [n], line 3\n> 3 | unknownName(a.lenght)\n    | ^^^^^^^^^^^\n");
  });

  it("of syntax are SyntaxErrors", async () => {
    expect((await failing("const = 3")).reply).toMatchObject({ ename: "SyntaxError" });
  });

  it("that nobody handles are the cell's, whenever they come", async () => {
    const floating = await failing("Promise.reject(new Error('floating')); 5");
    expect(floating.reply).toMatchObject({ status: "error", evalue: "floating" });
    const late = await kernel.begin("setTimeout(() => {\n  throw new Error('late');\n}, 50); 'fine'");
    expect((await late.done).reply.status).toBe("ok");
    const rejecting = await kernel.begin(
      "setTimeout(() => { void Promise.reject(new Error('later')); }, 50);",
    );
    expect((await rejecting.done).reply.status).toBe("ok");
    await run("1");
    const errorOf = (evalue: string) =>
      kernel.waitFor(
        `the error ${evalue}`,
        (m) => m.header.msg_type === "error" && m.content.evalue === evalue,
      );
    const lateError = await errorOf("late");
    expect(lateError.parent.msg_id).toBe(late.id);
    expect((lateError.content.traceback as string[]).join("\n")).toContain("line 2");
    const later = await errorOf("later");
    expect(later.parent.msg_id).toBe(rejecting.id);
  });

  it("of a file beside the notebook fail the cells that import it, and no others", async () => {
    const broken = join(kernel.folder, "broken.ts");
    const between = 'export { bad } from "./broken";\nexport const fine = 1;\n';
    writeFileSync(join(kernel.folder, "between.ts"), between);
    for (const [text, message] of [
      ["export const bad: number = 'text';\n", "Type 'string' is not assignable to type 'number'"],
      ["export const bad = ;\n", "Expression expected"],
    ]) {
      writeFileSync(broken, text);
      for (const code of ['import { bad } from "./broken"; bad', 'import { fine } from "./between"; fine']) {
        expect((await run(code)).errors).toContain(`broken.ts:1\n> 1 | ${text.trim()}`);
        expect((await run(code)).errors).toContain(message);
      }
      expect((await run("1 + 1")).result).toBe("2");
      expect((await run('import { triple } from "./helper"; triple(2)')).result).toBe("6");
    }
    writeFileSync(broken, "export const bad = 'mended';\n");
    expect((await run('import { bad } from "./broken"; bad')).result).toBe("'mended'");
    expect((await run('import { bad } from "./between"; bad')).result).toBe("'mended'");
  });

  it("process.exit() is an error of the cell", async () => {
    await run("const alive = true");
    expect((await run("process.exit(1)")).errors).toContain(
      "process.exit(1) was called; a cell can't end the kernel",
    );
    expect((await run("process.abort()")).errors).toContain("process.abort() was called");
    expect((await run("alive")).result).toBe("true");
  });

  it("a process that dies is told, and the next cell runs in a new one", async () => {
    const importing = 'import { triple } from "./helper"; triple(4)';
    await run(`const doomed = 1; ${importing}`);
    const died = await run("process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})");
    expect(died.reply).toMatchObject({ status: "error", ename: "ProcessEnded" });
    expect(died.errors).toContain("All variables are lost");
    expect((await run("1 + 1")).result).toBe("2");
    expect((await run("doomed")).errors).toContain("It was lost when the process that runs the cells ended");
    expect((await run(importing)).result).toBe("12");
  });
});

describe("edits of the project", () => {
  // A package beside the notebook stands for src/: what is not in node_modules is loaded anew when it was edited.
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started));

  it("reach a cell that imports again, through modules that depend on the edited one", async () => {
    const library = join(kernel.folder, "library");
    mkdirSync(library);
    writeFileSync(join(library, "inner.js"), "exports.value = () => 'first';");
    writeFileSync(join(library, "inner.d.ts"), "export declare const value: () => string;");
    writeFileSync(
      join(library, "index.js"),
      "const inner = require('./inner'); exports.get = () => inner.value();",
    );
    writeFileSync(join(library, "index.d.ts"), "export declare const get: () => string;");
    const cell = 'import { get } from "./library"; get()';
    expect((await kernel.run(cell)).result).toBe("'first'");
    writeFileSync(join(library, "inner.js"), "exports.value = () => 'second';");
    writeFileSync(join(library, "index.d.ts"), "export declare const get: () => string, added: number;");
    appendFileSync(join(library, "index.js"), "exports.added = 1;");
    expect((await kernel.run(cell)).result).toBe("'second'");
    expect((await kernel.run('import { added } from "./library"; added')).result).toBe("1");
  });
});
