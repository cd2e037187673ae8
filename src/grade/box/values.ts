/**
 * Plain data between the judge and the box, as bytes: a frame is
 *
 *     length of the rest (uint32) · length of the JSON (uint32) · JSON · raw numbers
 *
 * (little-endian). JSON alone would lose NaN, ±∞ and −0; so these, and whatever else JSON doesn't have, are objects
 * `{ "$": kind, … }`, and the numbers of tensors and typed arrays lie as raw bytes behind the JSON. Both sides use this
 * file; the judge trusts nothing that comes from the box, so each size, place and depth is looked at.
 */
import { Tensor } from "../../tensor";
import { isTensor } from "../../tensor/tensor";

/** What is allowed of one frame, in either direction. */
export const limits = {
  /** bytes of a frame: two million numbers */
  bytes: 16e6,
  /** arrays in arrays, objects in objects */
  depth: 24,
  /** values of all kinds in the JSON */
  values: 2e6,
} as const;

/** The other side broke the rules of the conversation. */
export class BadFrame extends Error {}

/** A function or an iterable of the one side that the other may call by its number. */
export interface Remote {
  $: "function" | "iterable";
  id: number;
}

/** The number of a function or an iterable that is sent; undefined when it may not be. */
type Register = (value: object) => number | undefined;

/** What the other side's function or iterable is here. */
type Revive = (remote: Remote) => unknown;

const arrays = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
} as const;
type ArrayName = keyof typeof arrays;

/** A value as a frame. What can't be sent (a Map, a symbol) arrives as a thing of the same name without contents. */
export function encode(value: unknown, register: Register = () => undefined): Buffer {
  const blocks: Buffer[] = [];
  let [offset, count] = [0, 0];
  const block = (data: ArrayBufferView) => {
    blocks.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    const place = [offset, data.byteLength];
    offset += data.byteLength;
    return place;
  };
  const node = (value: unknown, depth: number): unknown => {
    count += 1;
    if (depth > limits.depth) throw new BadFrame("the value is nested too deeply");
    if (count > limits.values || offset > limits.bytes) throw new BadFrame("the value is too large");
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number")
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: "number", is: Object.is(value, -0) ? "-0" : String(value) };
    if (value === undefined) return { $: "undefined" };
    if (typeof value === "function") {
      const id = register(value);
      return id === undefined ? { $: "other", is: "function" } : { $: "function", id };
    }
    if (typeof value !== "object") return { $: "other", is: typeof value };
    if (isTensor(value)) return { $: "tensor", shape: [...value.shape], at: block(value.data) };
    const name = Object.prototype.toString.call(value).slice(8, -1);
    if (ArrayBuffer.isView(value) && name in arrays) return { $: name, at: block(value) };
    if (Array.isArray(value)) {
      // An array may be longer than anybody could count.
      if (value.length > limits.values) throw new BadFrame("the value is too large");
      return Array.from(value, (each) => node(each, depth + 1));
    }
    if (value instanceof Promise) return { $: "promise" };
    if (Symbol.iterator in value) {
      const id = register(value);
      if (id !== undefined) return { $: "iterable", id };
    }
    const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
    if (!isPlain && name !== "Object") return { $: "other", is: name };
    const entries = Object.entries(value);
    return { $: "object", keys: entries.map(([key]) => key), of: entries.map(([, v]) => node(v, depth + 1)) };
  };
  const json = Buffer.from(JSON.stringify(node(value, 0)));
  const length = 4 + json.length + offset;
  if (length > limits.bytes) throw new BadFrame("the value is too large");
  const head = Buffer.alloc(8);
  head.writeUInt32LE(length, 0);
  head.writeUInt32LE(json.length, 4);
  return Buffer.concat([head, json, ...blocks]);
}

/**
 * The value of a frame (without the length before it).
 * @throws BadFrame when it is none
 */
export function decode(frame: Buffer, revive: Revive = () => undefined): unknown {
  const jsonLength = frame.length >= 4 ? frame.readUInt32LE(0) : Infinity;
  if (jsonLength > frame.length - 4) throw new BadFrame("a frame that ends too early");
  const blocks = frame.subarray(4 + jsonLength);
  let count = 0;
  const blockAt = (place: unknown, unit: number): ArrayBuffer => {
    const [at, length] = Array.isArray(place) ? (place as unknown[]) : [];
    const isPlace = Number.isSafeInteger(at) && Number.isSafeInteger(length);
    const [start, size] = [Number(at), Number(length)];
    if (!isPlace || start < 0 || size < 0 || size % unit !== 0 || start + size > blocks.length)
      throw new BadFrame("numbers that are not there");
    // A copy, since the block may lie at an odd place.
    return new Uint8Array(blocks.subarray(start, start + size)).buffer;
  };
  const special = (node: Record<string, unknown>, depth: number): unknown => {
    const kind = node.$;
    switch (kind) {
      case "number":
        if (!["NaN", "Infinity", "-Infinity", "-0"].includes(String(node.is))) break;
        return Number(node.is);
      case "undefined":
        return undefined;
      case "promise":
        return Promise.resolve();
      case "function":
      case "iterable":
        if (!Number.isSafeInteger(node.id)) break;
        return revive({ $: kind, id: Number(node.id) });
      case "other":
        return stranger(String(node.is));
      case "tensor": {
        const { shape } = node;
        const data = new Float64Array(blockAt(node.at, 8));
        const isShape = Array.isArray(shape) && shape.every((d) => Number.isSafeInteger(d) && d >= 0);
        if (!isShape || shape.reduce((a: number, b: number) => a * b, 1) !== data.length) break;
        return new Tensor(shape as number[], data);
      }
      case "object": {
        const { keys, of } = node;
        if (!Array.isArray(keys) || !Array.isArray(of) || keys.length !== of.length) break;
        return Object.fromEntries(keys.map((key, i) => [String(key), value(of[i], depth + 1)]));
      }
      default: {
        if (typeof kind !== "string" || !Object.hasOwn(arrays, kind)) break;
        const TypedArray = arrays[kind as ArrayName];
        return new TypedArray(blockAt(node.at, TypedArray.BYTES_PER_ELEMENT));
      }
    }
    throw new BadFrame("a value of no known kind");
  };
  const value = (node: unknown, depth: number): unknown => {
    count += 1;
    if (depth > limits.depth || count > limits.values) throw new BadFrame("the value is too large");
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return node.map((each) => value(each, depth + 1));
    return special(node as Record<string, unknown>, depth);
  };
  let json: unknown;
  try {
    json = JSON.parse(frame.toString("utf8", 4, 4 + jsonLength));
  } catch {
    throw new BadFrame("a frame that is no JSON");
  }
  return value(json, 0);
}

/** Something of a type that can't be sent: enough for a check to name the type. */
function stranger(type: string): unknown {
  if (type === "function") return () => undefined;
  if (type === "symbol") return Symbol("of the solution");
  if (type === "bigint") return 0n;
  return Object.create({ constructor: { name: type.slice(0, 40) } }) as object;
}
