import fc from "fast-check";
import { Tensor } from "normlab";
import { describe, expect, it } from "vitest";
import { FrameReader } from "../../../dist/grade/box/frames";
import { BadFrame, decode, encode, limits } from "../../../dist/grade/box/values";

const sent = (value: unknown) => decode(encode(value).subarray(4));

/** A frame with this JSON and these bytes behind it. */
function frame(json: unknown, bytes = 0): Buffer {
  const text = Buffer.from(typeof json === "string" ? json : JSON.stringify(json));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(text.length);
  return Buffer.concat([head, text, Buffer.alloc(bytes)]);
}

const number = fc.double();
const shape = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
const aTensor = shape.map((shape) => {
  const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i) / 3);
  return new Tensor(shape, data);
});
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(number, fc.string(), fc.boolean(), fc.constantFrom(null, undefined), aTensor),
    fc.oneof(fc.float64Array(), fc.float32Array(), fc.uint8Array(), fc.int32Array()),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { noNullPrototype: true, maxKeys: 4 }),
  ),
}));

describe("a value on its way between judge and box", () => {
  it("arrives as it was: also NaN, ±∞, −0, undefined, and every number to the last bit", () => {
    const arrives = (value: unknown) => {
      expect(sent(value)).toStrictEqual(value);
    };
    fc.assert(fc.property(value, arrives));
  });

  it("is told by its type where it can't be sent", () => {
    expect(sent(Promise.resolve(1))).toBeInstanceOf(Promise);
    expect(sent(() => 1)).toBeInstanceOf(Function);
    expect(typeof sent(1n)).toBe("bigint");
    expect(typeof sent(Symbol("s"))).toBe("symbol");
    const map = sent(new Map([[1, 2]]));
    expect(typeof map).toBe("object");
    expect(Object.keys(map as object)).toEqual([]);
    // What was made by a class of the student's own is plain data here.
    class Result {
      y = [1];
    }
    expect(sent(new Result())).toStrictEqual({ y: [1] });
  });

  it("can be a function or an iterable of the sender, by its number", () => {
    const f = () => 1;
    const stream = new Set([1]);
    const bytes = encode([f, stream, f], (value) => (value === f ? 3 : 4)).subarray(4);
    expect(decode(bytes, (remote) => remote)).toEqual([
      { $: "function", id: 3 },
      { $: "iterable", id: 4 },
      { $: "function", id: 3 },
    ]);
  });

  it("has a size, a depth and a number of parts that are bounded", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100; i++) deep = [deep];
    const endless: unknown[] = [];
    endless.push(endless);
    for (const large of [deep, endless, new Float64Array(limits.bytes / 8), Array(limits.values).fill(1)]) {
      expect(() => encode(large)).toThrow(BadFrame);
    }
    expect(() => decode(frame("[".repeat(100) + "]".repeat(100)))).toThrow("too large");
    expect(() => decode(frame(`[${"1,".repeat(limits.values)}1]`))).toThrow("too large");
  });
});

describe("a frame that is forged", () => {
  it.each([
    ["nothing", Buffer.alloc(0)],
    ["a JSON longer than the frame", Buffer.from([255, 0, 0, 0, 49])],
    ["no JSON", frame("{")],
    ["an unknown kind", frame({ $: "constructor", at: [0, 0] })],
    ["an inherited kind", frame({ $: "toString", at: [0, 0] })],
    ["no kind", frame({ a: 1 })],
    ["numbers behind the end", frame({ $: "Float64Array", at: [0, 16] }, 8)],
    ["numbers before the beginning", frame({ $: "Float64Array", at: [-8, 8] }, 8)],
    ["half a number", frame({ $: "Float64Array", at: [0, 4] }, 8)],
    ["a place that is no number", frame({ $: "Float64Array", at: ["0", "8"] }, 8)],
    ["no place", frame({ $: "Float64Array" }, 8)],
    ["a shape that doesn't fit", frame({ $: "tensor", shape: [2], at: [0, 8] }, 8)],
    ["a shape below 0", frame({ $: "tensor", shape: [-1, -1], at: [0, 8] }, 8)],
    ["a shape that is none", frame({ $: "tensor", shape: { length: 0 }, at: [0, 8] }, 8)],
    ["more keys than values", frame({ $: "object", keys: ["a"], of: [] })],
    ["a number that is text", frame({ $: "number", is: "7" })],
    ["a function without a number", frame({ $: "function", id: "0" })],
  ])("is refused: %s", (_, bytes) => {
    expect(() => decode(bytes)).toThrow(BadFrame);
  });

  it("changes nothing beyond itself", () => {
    const value = decode(frame({ $: "object", keys: ["__proto__"], of: [[1]] })) as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe("FrameReader", () => {
  it("cuts what comes in into frames, wherever it was cut on its way", () => {
    const frames = [encode([1, 2]), encode("x"), encode(new Float64Array(3))];
    const all = Buffer.concat(frames);
    for (const size of [1, 3, 7, all.length]) {
      const reader = new FrameReader();
      const read: Buffer[] = [];
      for (let at = 0; at < all.length; at += size) read.push(...reader.push(all.subarray(at, at + size)));
      expect(read.map((each) => decode(each))).toEqual([[1, 2], "x", new Float64Array(3)]);
      expect(reader.isInMidst).toBe(false);
    }
    const reader = new FrameReader();
    expect(reader.push(all.subarray(0, 3))).toEqual([]);
    expect(reader.isInMidst).toBe(true);
  });

  it("refuses a frame larger than any may be as soon as it says so", () => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(limits.bytes + 1);
    expect(() => new FrameReader().push(head)).toThrow(BadFrame);
  });
});
