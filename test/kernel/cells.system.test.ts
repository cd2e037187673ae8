import { describe, expect, it } from "vitest";
import { sharedKernel, type TestKernel } from "../support/kernel";

describe("cells", () => {
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started), {
    files: {
      "helper.ts": "export const triple = (x: number): number => 3 * x;\n",
      "data.txt": "beside the notebook",
    },
  });
  const run = (...values: Parameters<TestKernel["run"]>) => kernel.run(...values);

  describe("results", () => {
    it("is the value of the last expression, inspected", async () => {
      expect(await run("[1, 'two']")).toMatchObject({ result: "[ 1, 'two' ]", reply: { status: "ok" } });
    });

    it("is absent for undefined, declarations and statements", async () => {
      for (const code of ["undefined", "const silent = 1", "if (true) { 3 }", ""]) {
        expect((await run(code)).messages).toEqual([]);
      }
    });

    it("is the bundle of a value with Symbol.for('Jupyter.display')", async () => {
      const shown = await run(
        `({ [Symbol.for("Jupyter.display")]: async () => ({ "text/plain": "words", "image/png": "aGk=" }) })`,
      );
      const [message] = shown.messages;
      expect(message.header.msg_type).toBe("execute_result");
      expect(message.content).toMatchObject({ data: { "text/plain": "words", "image/png": "aGk=" } });
      expect(message.content.execution_count).toBe(shown.reply.execution_count);
    });

    it("carry what their bundle says about its formats, shown or returned", async () => {
      const { messages } = await run(
        `import { display, lines } from "normlab";
        const figure = lines([{ name: "none", y: [1, 2] }], { title: "t", xTitle: "x", yTitle: "y" });
        await display(figure);
        figure`,
      );
      expect(messages.map(({ header }) => header.msg_type)).toEqual(["display_data", "execute_result"]);
      for (const { content } of messages) {
        const alt = (content.data as Record<string, string>)["text/plain"];
        expect(content.metadata).toEqual({ "image/png": { width: 760, height: 420, alt } });
      }
    });

    it("shows promises without the marks of AsyncLocalStorage", async () => {
      expect((await run("Promise.resolve(3)")).result).toBe("Promise { 3 }");
    });
  });

  describe("names", () => {
    it("__dirname is the notebook's folder", async () => {
      expect((await run("__dirname === process.cwd() && __filename.startsWith(__dirname)")).result).toBe(
        "true",
      );
      expect((await run("const __dirname = 'mine'; __dirname")).result).toBe("'mine'");
    });

    it("module and require are those of a file in the notebook's folder", async () => {
      const { result } = await run(
        "[require.main === module, module.exports === exports, module.filename === __filename, " +
          'module.require("normlab") === require("normlab"), module.paths[0].startsWith(__dirname)]',
      );
      expect(result).toBe("[ true, true, true, true, true ]");
      expect((await run("const module = 'mine'; module")).result).toBe("'mine'");
    });

    it("may be exported as default", async () => {
      await run("export default function hello() { return 'hi'; }");
      expect((await run("hello()")).result).toBe("'hi'");
      await run("export default class Greeting { words = 'good day' }");
      expect((await run("new Greeting().words")).result).toBe("'good day'");
    });

    it("reach later cells and may be declared again with another type", async () => {
      await run("const width = 3; function area(h: number) { return width * h; }");
      expect((await run("area(2)")).result).toBe("6");
      await run('const width = "wide"');
      expect((await run("`${width} ${area(2)}`")).result).toBe("'wide 6'");
    });

    it("are one variable for the functions of their cell and for later cells", async () => {
      await run("let rate = 1; const step = () => (rate *= 2);");
      await run("step(); rate += 10;");
      expect((await run("[step(), rate]")).result).toBe("[ 24, 24 ]");
    });

    it("work in shorthand properties, destructuring, calls, classes and types", async () => {
      await run("class Base { hello() { return 'hello'; } } interface Point { x: number } let x = 1, y = 2;");
      await run("({ x, y } = { x: 10, y: 20 }); class Derived extends Base {} const point: Point = { x };");
      expect((await run("[new Derived().hello(), point, { x, y }]")).result).toBe(
        "[ 'hello', { x: 10 }, { x: 10, y: 20 } ]",
      );
    });

    it("keep what was assigned before an error, and their old value where nothing was", async () => {
      await run("const before = 1; const kept = 'old';");
      const failed = await run("const before = 2; throw new Error('stop'); const kept = 'new';");
      // What comes after a throw can't be reached; TypeScript lets that pass.
      expect(failed.reply.status).toBe("error");
      expect((await run("[before, kept]")).result).toBe("[ 2, 'old' ]");
    });

    it("of a cell with a type error are not there", async () => {
      await run("const wrong: string = 5");
      expect((await run("wrong")).errors).toContain("Cannot find name 'wrong'");
    });
  });

  describe("imports", () => {
    it("find normlab, the project's packages and Node's modules from any folder", async () => {
      await run(
        `import { tensor } from "normlab"; import * as tf from "@tensorflow/tfjs"; import { basename } from "node:path";`,
      );
      expect((await run("[tensor([1, 2]).shape, typeof tf.tensor, basename('a/b')]")).result).toBe(
        "[ [ 2 ], 'function', 'b' ]",
      );
    });

    it("find TypeScript and files beside the notebook", async () => {
      expect((await run(`import { triple } from "./helper"; triple(4)`)).result).toBe("12");
      expect((await run(`import { readFileSync } from "fs"; readFileSync("data.txt", "utf8")`)).result).toBe(
        "'beside the notebook'",
      );
    });

    it("of something that is missing are a type error, and are looked for again", async () => {
      expect((await run(`import { late } from "./late"`)).errors).toContain("Cannot find module './late'");
      await run(`import { writeFileSync } from "fs"; writeFileSync("late.ts", "export const late = 1;")`);
      expect((await run(`import { late } from "./late"; late`)).result).toBe("1");
      await run(`writeFileSync("late.ts", "export const late = 'edited';")`);
      expect((await run(`import { late } from "./late"; late`)).result).toBe("'edited'");
    });

    it("of tslab give its own display functions", async () => {
      const { messages } = await run(`import * as tslab from "tslab"; tslab.display.html("<b>bold</b>")`);
      expect(messages[0].content).toMatchObject({ data: { "text/html": "<b>bold</b>" } });
    });
  });

  describe("output", () => {
    it("comes in order, on its stream", async () => {
      const { messages, stdout, stderr } = await run(
        "console.log('a'); console.error('b'); console.log('c');",
      );
      expect(messages.map((m) => m.content.name)).toEqual(["stdout", "stderr", "stdout"]);
      expect([stdout, stderr]).toEqual(["a\nc\n", "b\n"]);
    });

    it("of a cell that has ended goes to that cell", async () => {
      const first = await kernel.begin("setTimeout(() => console.log('from the first'), 100);");
      await first.done;
      await run("await new Promise((next) => setTimeout(next, 200))");
      await kernel.printed(first.id, "from the first\n");
    });

    it("display, updateDisplay and clearOutput are the protocol's messages", async () => {
      const { messages } = await run(
        `import { display, updateDisplay, clearOutput } from "normlab";
        display({ "text/plain": "one" }, { displayId: "d", metadata: { "text/plain": { a: 1 } } });
        clearOutput({ wait: true });
        clearOutput();
        updateDisplay("d", { "text/plain": "two" });`,
      );
      const transient = { display_id: "d" };
      expect(messages.map((m) => [m.header.msg_type, m.content])).toEqual([
        ["display_data", { data: { "text/plain": "one" }, metadata: { "text/plain": { a: 1 } }, transient }],
        ["clear_output", { wait: true }],
        ["clear_output", { wait: false }],
        ["update_display_data", { data: { "text/plain": "two" }, metadata: {}, transient }],
      ]);
    });

    it("waits for displays whose bundle is a promise", async () => {
      const { messages } = await run(
        `import { display } from "normlab";
        const slow = { [Symbol.for("Jupyter.display")]: () =>
          new Promise((show) => setTimeout(() => show({ "text/plain": "slow" }), 100)) };
        display(slow); "result"`,
      );
      expect(messages.map((m) => (m.content.data as Record<string, string>)["text/plain"])).toEqual([
        "slow",
        "'result'",
      ]);
    });

    it("timers may be promisified", async () => {
      const code = 'import { promisify } from "node:util"; await promisify(setTimeout)(10, "slept")';
      expect((await run(code)).result).toBe("'slept'");
    });

    it("liveDisplay replaces one display at most twice a second and ends with the full bundle", async () => {
      const { messages } = await run(
        `import { liveDisplay } from "normlab";
        const live = liveDisplay();
        const shown = (n: number) => ({ [Symbol.for("Jupyter.display")]: (o?: { live?: boolean }) =>
          ({ "text/plain": (o?.live ? "live " : "final ") + n }) });
        for (let n = 0; n < 100; n++) { live.update(shown(n)); await new Promise((next) => setTimeout(next, 10)); }
        await live.done(shown(100));`,
      );
      const shows = messages.filter((m) => m.header.msg_type === "display_data");
      const texts = shows.map((m) => (m.content.data as Record<string, string>)["text/plain"]);
      expect(texts[0]).toBe("live 0");
      expect(texts.at(-1)).toBe("final 100");
      expect(texts.length).toBeLessThanOrEqual(6);
      const ids = shows.map((m) => (m.content.transient as Record<string, string>).display_id);
      expect(new Set(ids).size).toBe(1);
      // Each one clears the one before, in the moment in which it arrives.
      expect(messages.map((m) => m.header.msg_type)).toEqual([
        "display_data",
        ...texts.slice(1).flatMap(() => ["clear_output", "display_data"]),
      ]);
    });
  });

  describe("types", () => {
    it("are strict", async () => {
      expect((await run("const s: string = null")).errors).toContain(
        "Type 'null' is not assignable to type 'string'",
      );
    });

    it("of arrays that start empty and are filled later are no errors", async () => {
      await run("let losses = [];");
      expect((await run("losses.push(1); losses.length")).result).toBe("1");
    });
  });
});

describe("names of globals may be declared by a cell", () => {
  // A kernel of its own: other tests rely on these globals.
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started));

  it.each([
    "const Object = 4",
    "var Object = 4",
    "class Symbol {}",
    "let Promise = 4",
    "function Symbol() {}",
  ])("%s", async (code) => {
    const name = /(Object|Promise|Symbol)/.exec(code)![0];
    const { errors } = await kernel.run(
      `import { sep } from "node:path"; import * as os from "node:os"; ${code}; await import("node:fs");`,
    );
    expect(errors).toBe("");
    expect((await kernel.run(`typeof ${name} + typeof sep + typeof os.cpus`)).result).toMatch(
      /^'(number|function)stringfunction'$/,
    );
  });
});
