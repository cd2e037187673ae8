import { afterEach, describe, expect, it, vi } from "vitest";
import { cursorPosition, stringPosition } from "../../dist/kernel/compiler/positions";
import { excerpt } from "../../dist/kernel/excerpt";
import { History } from "../../dist/kernel/router/history";
import { OutputJoiner } from "../../dist/kernel/router/outputJoiner";
import { fromFrames, messageFor, toFrames } from "../../dist/kernel/protocol/message";

describe("messages", () => {
  const message = messageFor(undefined, "status", { execution_state: "busy", text: "γ" }, "s");
  const frames = () => toFrames(message, "key").map((frame) => Buffer.from(frame));

  it("come back as they were sent", () => {
    expect(fromFrames([Buffer.from("who"), ...frames()], "key")).toEqual({
      ...message,
      identities: [Buffer.from("who")],
    });
  });

  it("are refused when changed, signed with another key, or incomplete", () => {
    const changed = frames();
    changed[5] = Buffer.from('{"execution_state":"idle"}');
    expect(() => fromFrames(changed, "key")).toThrow("wrong signature");
    expect(() => fromFrames(frames(), "other")).toThrow("wrong signature");
    expect(() => fromFrames(frames().slice(0, 4), "key")).toThrow("without its parts");
  });
});

describe("History", () => {
  it("search takes * and ?, the last n, and unique ones once, at their last place", () => {
    const history = new History();
    ["1 + 1", "(a)", "1 + 2", "1 + 1"].forEach((input, i) => history.add(i + 1, input));
    const search = (more: object) =>
      history.answer({ hist_access_type: "search", pattern: "1 + ?", ...more });
    expect(search({ n: 2 })).toEqual([
      [1, 3, "1 + 2"],
      [1, 4, "1 + 1"],
    ]);
    expect(search({ unique: true })).toHaveLength(2);
    expect(history.answer({ hist_access_type: "search", pattern: "(*)" })).toEqual([[1, 2, "(a)"]]);
  });
});

describe("cursor positions", () => {
  it("count characters, not UTF-16 units", () => {
    expect([cursorPosition("😀ab", 3), stringPosition("😀ab", 2)]).toEqual([2, 3]);
  });
});

describe("excerpt", () => {
  it("puts the caret below its column, also after tabs", () => {
    expect(excerpt("one\n\ttwo(x)", 2, 1, 3)).toEqual(["  1 | one", "> 2 | \ttwo(x)", "    | \t^^^"]);
  });
  it("is empty where there is no such line", () => {
    expect(excerpt("one", 5, 0)).toEqual([]);
  });
});

describe("OutputJoiner", () => {
  it("joins text of one stream and keeps the order of the others", () => {
    const sent: string[] = [];
    const joiner = new OutputJoiner(({ cell, name, text }) => sent.push(`${cell} ${name} ${text}`));
    joiner.write({ cell: 1, name: "stdout", text: "a" });
    joiner.write({ cell: 1, name: "stdout", text: "b" });
    joiner.write({ cell: 1, name: "stderr", text: "c" });
    joiner.write({ cell: 2, name: "stderr", text: "d" });
    joiner.flush();
    expect(sent).toEqual(["1 stdout ab", "1 stderr c", "2 stderr d"]);
  });

  describe("replacements of a display", () => {
    afterEach(() => void vi.useRealTimers());

    it("that come too fast wait their turn, and only the latest is sent", () => {
      vi.useFakeTimers();
      const sent: string[] = [];
      const joiner = new OutputJoiner(() => undefined);
      const update = (text: string, id = "display") => joiner.update(id, () => sent.push(text));
      update("first");
      update("second");
      update("third");
      update("another display", "other");
      expect(sent).toEqual(["first", "another display"]);
      vi.advanceTimersByTime(100);
      expect(sent).toEqual(["first", "another display", "third"]);
      update("fourth"); // too soon after the third
      expect(sent).toHaveLength(3);
      vi.advanceTimersByTime(100);
      expect(sent.at(-1)).toBe("fourth");
    });

    it("after a pause are sent at once", () => {
      vi.useFakeTimers();
      const sent: string[] = [];
      const joiner = new OutputJoiner(() => undefined);
      const update = (text: string) => joiner.update("display", () => sent.push(text));
      update("first");
      update("second");
      vi.advanceTimersByTime(1000);
      update("third");
      expect(sent).toEqual(["first", "second", "third"]);
    });

    it("that still wait are sent when the cell ends, once", () => {
      vi.useFakeTimers();
      const sent: string[] = [];
      const joiner = new OutputJoiner(() => undefined);
      joiner.update("display", () => sent.push("first"));
      joiner.update("display", () => sent.push("second"));
      joiner.flushAll();
      vi.advanceTimersByTime(1000);
      expect(sent).toEqual(["first", "second"]);
    });
  });
});
