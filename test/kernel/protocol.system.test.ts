import { describe, expect, it } from "vitest";
import { sharedKernel, type TestKernel } from "../support/kernel";
import { within } from "../support/within";

describe("protocol", () => {
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started));
  const typesOf = (id: string) =>
    kernel.published
      .filter((m) => m.parent.msg_id === id)
      .map((m) => (m.header.msg_type === "status" ? m.content.execution_state : m.header.msg_type));

  it("kernel_info names TypeScript", async () => {
    expect(await kernel.request("kernel_info_request")).toMatchObject({
      status: "ok",
      implementation: "tslab",
      language_info: { name: "typescript", file_extension: ".ts" },
    });
  });

  it("a cell is busy, execute_input, …, idle", async () => {
    const { id, done } = await kernel.begin("1");
    const { reply } = await done;
    expect(typesOf(id)).toEqual(["busy", "execute_input", "execute_result", "idle"]);
    const { content } = await kernel.waitFor(
      "execute_input",
      (m) => m.parent.msg_id === id && m.header.msg_type === "execute_input",
    );
    expect(content).toEqual({ code: "1", execution_count: reply.execution_count });
  });

  it("a cell is busy again after another request's idle", async () => {
    const cell = await kernel.begin("await new Promise((next) => setTimeout(next, 1000))");
    await kernel.waitFor(
      "the cell's start",
      (m) => m.parent.msg_id === cell.id && m.header.msg_type === "execute_input",
    );
    const other = await kernel.send("kernel_info_request");
    await cell.done;
    const statuses = kernel.published
      .filter((m) => m.header.msg_type === "status" && [cell.id, other].includes(m.parent.msg_id))
      .map((m) => [m.parent.msg_id === cell.id ? "cell" : "other", m.content.execution_state]);
    expect(statuses).toEqual([
      ["cell", "busy"],
      ["other", "busy"],
      ["other", "idle"],
      ["cell", "busy"],
      ["cell", "idle"],
    ]);
  });

  it("silent shows nothing and counts nothing; store_history: false counts nothing", async () => {
    const { reply } = await kernel.run("1");
    const silent = await kernel.begin("console.log('x'); 2", { silent: true });
    expect((await silent.done).reply).toMatchObject({ status: "ok", execution_count: reply.execution_count });
    expect(typesOf(silent.id)).toEqual(["busy", "idle"]);
    const wrong = await kernel.begin("throw new Error('quiet')", { silent: true });
    expect((await wrong.done).reply).toMatchObject({ status: "error", evalue: "quiet" });
    expect(typesOf(wrong.id)).toEqual(["busy", "idle"]);
    const unstored = await kernel.run("3", { store_history: false });
    expect(unstored).toMatchObject({ result: "3", reply: { execution_count: reply.execution_count } });
    expect((await kernel.run("4")).reply.execution_count).toBe((reply.execution_count as number) + 1);
  });

  it("user_expressions are evaluated after the cell, each with its own status", async () => {
    const { reply, messages } = await kernel.run("const base = 20", {
      user_expressions: { sum: "base + 1", wrong: "nothing", thrown: "(() => { throw new Error('no'); })()" },
    });
    expect(messages).toEqual([]);
    expect(reply.user_expressions).toMatchObject({
      sum: { status: "ok", data: { "text/plain": "21" } },
      wrong: { status: "error", ename: "TypeScriptError" },
      thrown: { status: "error", evalue: "no" },
    });
  });

  it("stop_on_error aborts what is queued, and only that", async () => {
    const failing = await kernel.begin("throw new Error('stop')", { stop_on_error: true });
    const queued = await Promise.all([kernel.begin("'first'"), kernel.begin("'second'")]);
    expect((await failing.done).reply.status).toBe("error");
    for (const { id, done } of queued) {
      expect((await done).reply.status).toBe("aborted");
      expect(typesOf(id)).toEqual(["busy", "idle"]);
    }
    // tslab drops whatever arrives within 200 ms.
    expect((await kernel.run("'right after'")).result).toBe("'right after'");
  });

  it("without stop_on_error the queue runs on", async () => {
    const failing = await kernel.begin("throw new Error('go on')");
    const queued = await kernel.begin("'ran'");
    expect((await failing.done).reply.status).toBe("error");
    expect((await queued.done).result).toBe("'ran'");
  });

  it("history_request knows ranges, the tail and searches", async () => {
    const { reply } = await kernel.run("40 + 2");
    const line = reply.execution_count as number;
    const history = async (content: Record<string, unknown>) =>
      (await kernel.request("history_request", { output: false, raw: true, ...content }))
        .history as unknown[][];
    expect(await history({ hist_access_type: "tail", n: 1 })).toEqual([[1, line, "40 + 2"]]);
    expect(await history({ hist_access_type: "tail", n: 1, output: true })).toEqual([
      [1, line, ["40 + 2", "42"]],
    ]);
    expect(
      await history({ hist_access_type: "range", session: 0, start: line, stop: line + 1 }),
    ).toHaveLength(1);
    expect(await history({ hist_access_type: "range", session: 7, start: 0, stop: 9 })).toEqual([]);
    expect(await history({ hist_access_type: "search", pattern: "4? + *", n: 5 })).toEqual([
      [1, line, "40 + 2"],
    ]);
  });

  it("comms: none, and those that are opened are closed", async () => {
    expect(await kernel.request("comm_info_request", {})).toEqual({ status: "ok", comms: {} });
    const id = await kernel.send("comm_open", { comm_id: "c1", target_name: "jupyter.widget", data: {} });
    const { content } = await kernel.waitFor(
      "comm_close",
      (m) => m.parent.msg_id === id && m.header.msg_type === "comm_close",
    );
    expect(content).toEqual({ comm_id: "c1", data: {} });
  });

  it("is_complete tells complete, incomplete and invalid code apart", async () => {
    const statusOf = async (code: string) => (await kernel.request("is_complete_request", { code })).status;
    expect(await statusOf("const x = 1")).toBe("complete");
    for (const code of ["function f() {", "`abc", "f(1,"]) expect(await statusOf(code)).toBe("incomplete");
    expect(await statusOf("const = 1")).toBe("invalid");
  });

  it("completes and inspects normlab's exports, while a cell runs", async () => {
    await kernel.run('import { batchNorm } from "normlab"; import * as normlab from "normlab"');
    const busy = await kernel.begin(
      "const slow = await new Promise<string>((end) => setTimeout(end, 1500, 'end')); slow",
    );
    const complete = (code: string) =>
      kernel.request("complete_request", { code, cursor_pos: Array.from(code).length });
    expect(await complete("batchNo")).toMatchObject({
      matches: ["batchNorm"],
      cursor_start: 0,
      cursor_end: 7,
    });
    expect((await complete("normlab.layerNor")).matches).toContain("layerNorm");
    expect(await complete("const σ = '😀'; batchNo")).toMatchObject({ cursor_start: 15, cursor_end: 22 });
    const { found, data } = await kernel.request("inspect_request", {
      code: "batchNorm(",
      cursor_pos: 10,
      detail_level: 0,
    });
    expect(found).toBe(true);
    const text = (data as Record<string, string>)["text/plain"];
    expect(text).toMatch(/batchNorm\(x: normlab.TensorLike, .*normlab.BatchNormOptions/);
    expect(text).toContain("y = γ");
    expect(await kernel.request("inspect_request", { code: "  ", cursor_pos: 1 })).toMatchObject({
      found: false,
    });
    expect(
      kernel.published.some((m) => m.parent.msg_id === busy.id && m.content.execution_state === "idle"),
    ).toBe(false);
    expect((await busy.done).result).toBe("'end'");
  });

  it("input asks where the front end answers, and says so where it does not", async () => {
    const asking = await kernel.begin(
      'import { input } from "normlab"; await input("Name? ", { password: true })',
      {
        allow_stdin: true,
      },
    );
    const request = await kernel.waitFor(
      "input_request",
      (m) => m.parent.msg_id === asking.id && m.header.msg_type === "input_request",
    );
    expect(request.content).toEqual({ prompt: "Name? ", password: true });
    await kernel.answerInput("Ada");
    expect((await asking.done).result).toBe("'Ada'");
    expect((await kernel.run('await input("Name? ")')).errors).toContain("this front end asks no questions");
  });

  it("unknown requests are no output of any cell", async () => {
    const before = kernel.published.filter((m) => m.header.msg_type === "stream").length;
    const id = await kernel.send("strange_request");
    await kernel.waitFor(
      "the end of strange_request",
      (m) => m.parent.msg_id === id && m.content.execution_state === "idle",
    );
    expect(kernel.published.filter((m) => m.header.msg_type === "stream")).toHaveLength(before);
  });
});

describe("shutdown", () => {
  let kernel: TestKernel;
  sharedKernel((started) => void (kernel = started), { forEachTest: true });

  it.each([true, false])("replies (restart: %s), tells iopub and ends with status 0", async (restart) => {
    const busy = await kernel.begin("console.log('go'); for (;;) {}");
    await kernel.printed(busy.id, "go\n");
    expect(await kernel.request("shutdown_request", { restart }, "control")).toEqual({
      status: "ok",
      restart,
    });
    await within(30_000, "the kernel's end", kernel.ended);
    expect(kernel.process.exitCode).toBe(0);
  });

  it("does not wait for a program that a cell left running", async () => {
    const { result } = await kernel.run(
      `import { spawn } from "node:child_process";
      spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "inherit" }).pid`,
    );
    await kernel.send("shutdown_request", { restart: false }, "control");
    try {
      await within(10_000, "the kernel's end", kernel.ended);
    } finally {
      process.kill(Number(result));
    }
  });
});
