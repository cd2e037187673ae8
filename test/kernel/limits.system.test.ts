import { describe, expect, it } from "vitest";
import { sharedKernel, type TestKernel } from "../support/kernel";

const megabyte = 2 ** 20;

describe("large outputs", () => {
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started));

  it("of a loop that prints without end are joined and cut, with a note", async () => {
    const cell = await kernel.begin('for (;;) console.log("a line of some length, again and again");');
    await kernel.waitFor(
      "the note that output was cut",
      (m) => m.parent.msg_id === cell.id && /output cut here/.test(String(m.content.text)),
    );
    await kernel.interrupt();
    const { stdout, stderr, messages } = await cell.done;
    expect(stdout.length).toBeLessThanOrEqual(megabyte);
    expect(stdout.length).toBeGreaterThan(megabyte / 2);
    expect(stderr).toMatch(/output cut here: a cell may print 1\.0 MB/);
    expect(messages.length).toBeLessThan(1000); // it printed some 25,000 lines
    expect((await kernel.run("'the rest works'")).result).toBe("'the rest works'");
  });

  it("that were cut end with what was printed last", async () => {
    const { stdout, stderr } = await kernel.run(
      'console.log("x".repeat(3e6)); for (let i = 0; i < 3; i++) console.log("epoch", i); console.error("the end");',
    );
    expect(stdout.startsWith("xxx")).toBe(true);
    expect(stdout.endsWith("epoch 0\nepoch 1\nepoch 2\nthe end\n")).toBe(true);
    expect(stdout.length).toBe(megabyte);
    expect(stderr).toMatch(/cut here.*\n.*1\.9 MB of output were left out/s);
  });

  it("of one huge text are cut, and results abbreviated", async () => {
    const printed = await kernel.run('console.log("x".repeat(1e8))');
    expect(printed.stdout.length).toBe(megabyte);
    expect(printed.stderr).toMatch(/94\.4 MB of output were left out/);
    expect((await kernel.run('"x".repeat(1e8)')).result!.length).toBeLessThan(20_000);
  });

  it("of a display lose the type that is too large, with a note", async () => {
    const { messages } = await kernel.run(
      `import { display } from "normlab";
      display({ "text/html": "x".repeat(1e8), "text/plain": "in words" });`,
    );
    const data = messages[0].content.data as Record<string, string>;
    expect(Object.keys(data)).toEqual(["text/plain"]);
    expect(data["text/plain"]).toBe("in words\n[text/html of 95.4 MB left out: a display may carry 8.0 MB]");
  });

  it("of endless displays stop, and clearOutput makes room again", async () => {
    const { messages, stderr } = await kernel.run(
      `import { display } from "normlab";
      for (let i = 0; i < 5000; i++) display({ "text/plain": "x" });`,
    );
    expect(messages.filter((m) => m.header.msg_type === "display_data")).toHaveLength(1000);
    expect(stderr).toContain("no more displays");
    const cleared = await kernel.run(
      `import { clearOutput, display } from "normlab";
      for (let i = 0; i < 1500; i++) { if (i % 500 === 0) clearOutput(); display({ "text/plain": "x" }); }`,
    );
    expect(cleared.messages.filter((m) => m.header.msg_type === "display_data")).toHaveLength(1500);
  });

  it("of a display that is replaced in a loop are thinned out; the last one wins", async () => {
    const { messages } = await kernel.run(
      `import { display } from "normlab";
      display({ "text/plain": "start" }, { displayId: "fast" });
      for (let i = 0; i < 10000; i++) display({ "text/plain": String(i) }, { displayId: "fast", update: true });`,
    );
    expect(messages.length).toBeLessThan(500);
    expect(messages.at(-1)!.content.data).toEqual({ "text/plain": "9999" });
  });
});
