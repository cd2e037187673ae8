/** The student's function as the checks call it, with a box that says what a test wants it to say. */
import { Tensor, tensor } from "normlab";
import { describe, expect, it } from "vitest";
import type { FromBox, ToBox } from "../../../dist/grade/box/conversation";
import { decode, encode } from "../../../dist/grade/box/values";
import { solutionIn, Stopped } from "../../../dist/grade/judge/solution";

class Refused extends Error {}
const task = { cells: [], name: "f", modules: [], forbidden: [] };

/** A box that answers with these, one after the other, and what it was asked. */
function boxThatSays(...answers: unknown[]) {
  const asked: ToBox[] = [];
  const line = {
    send(frame: Buffer): Buffer {
      asked.push(decode(frame.subarray(4), (remote) => remote) as ToBox);
      return encode(answers.shift()).subarray(4);
    },
    refuse: (): never => {
      throw new Refused();
    },
  };
  return { solution: () => solutionIn(line, task) as (...args: unknown[]) => unknown, asked };
}
const loaded: FromBox = { type: "loaded", solution: () => undefined };

describe("a solution in the box", () => {
  it("answers what the box answers, and throws what it throws", () => {
    const answers = [
      { type: "return", id: 1, value: tensor([1, NaN]) },
      { type: "throw", id: 2, message: "no" },
    ];
    const { solution, asked } = boxThatSays(loaded, ...answers);
    const f = solution();
    expect(f(tensor([2]), "x")).toEqual(tensor([1, NaN]));
    expect(() => f()).toThrow("no");
    expect(asked).toEqual([
      { type: "load", task },
      { type: "call", id: 1, args: [tensor([2]), "x"] },
      { type: "call", id: 2, args: [] },
    ]);
  });

  it("is whatever the name stands for, and stops with what its cell threw", () => {
    expect(boxThatSays({ type: "loaded", solution: 5 }).solution()).toBe(5);
    const { solution } = boxThatSays({ type: "stopped", message: "Exercise f: not done" });
    expect(solution).toThrow(Stopped);
  });

  it("calls functions and reads iterables of the judge by their numbers, the same one twice", () => {
    const [f, stream] = [(x: number) => x + 1, new Set([1, 2])];
    const bad = () => {
      throw new Error("mine");
    };
    const { solution, asked } = boxThatSays(
      loaded,
      { type: "callback", id: 0, args: [4] },
      { type: "callback", id: 1, args: [] },
      { type: "callback", id: 2, args: [] },
      { type: "return", id: 1, value: 0 },
    );
    solution()(f, stream, f, bad);
    const $ = "function";
    expect(asked.slice(1)).toEqual([
      {
        type: "call",
        id: 1,
        args: [
          { $, id: 0 },
          { $: "iterable", id: 1 },
          { $, id: 0 },
          { $, id: 2 },
        ],
      },
      { type: "answer", value: 5 },
      { type: "answer", value: [1, 2] },
      { type: "refuse", message: "mine" },
    ]);
  });

  it("reads no iterable without end", () => {
    const counter = (end: number) => ({
      *[Symbol.iterator]() {
        for (let i = 0; i < end; i++) yield true;
      },
    });
    for (const [end, answer] of [
      [1e6, { type: "answer" }],
      [1e6 + 1, { type: "refuse", message: "too many values" }],
    ] as const) {
      const { solution, asked } = boxThatSays(
        loaded,
        { type: "callback", id: 0, args: [] },
        { type: "return", id: 1, value: 0 },
      );
      solution()(counter(end));
      expect(asked[2]).toMatchObject(answer);
    }
  });

  it("has changed its inputs here as it has there", () => {
    const changed = [tensor([7, 8]), [1], { a: new Float64Array([5]), b: 2 }];
    const { solution } = boxThatSays(loaded, { type: "return", id: 1, value: 0, args: changed });
    const given = [tensor([1, 2]), [1, 2, 3], { a: new Float64Array([0]), b: 0 }] as const;
    solution()(...given);
    expect(given).toEqual(changed);
    expect(given[0]).toBeInstanceOf(Tensor);
  });

  it.each<[string, unknown[]]>([
    ["no message", [5]],
    ["null", [null]],
    ["a return before it is loaded", [{ type: "return", id: 1, value: 1 }]],
    ["loaded twice", [loaded, loaded]],
    ["the answer to another call", [loaded, { type: "return", id: 2, value: 1 }]],
    ["an error of another call", [loaded, { type: "throw", id: 0, message: "no" }]],
    ["a callback to what there isn't", [loaded, { type: "callback", id: 3, args: [] }]],
    ["a callback by a name", [loaded, { type: "callback", id: "constructor", args: [] }]],
  ])("is refused when the box says %s", (_, answers) => {
    expect(() => boxThatSays(...answers).solution()(1)).toThrow(Refused);
  });
});
