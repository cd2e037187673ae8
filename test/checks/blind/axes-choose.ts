export const answers = [
  {
    name: "batch-only-n",
    right: false,
    mistakes: ["batch norm averages over N alone, not over space or time"],
    code: `/**
 * The axes that a method averages over.
 * "layer": layer norm of a whole sample; "token": layer norm at each position (pixel, token), over
 * the features alone.
 */
function reducedAxes(method: "batch" | "layer" | "token" | "instance", layout: string): number[] {
  const all = [...layout].map((_, i) => i);
  if (method === "batch") return [layout.indexOf("N")];
  if (method === "layer") return all.filter((i) => layout[i] !== "N");
  if (method === "token") return [layout.indexOf("C")];
  return all.filter((i) => layout[i] !== "N" && layout[i] !== "C");
}`,
  },
  {
    name: "kept-instead-of-reduced",
    right: false,
    mistakes: ["returns the axes that are kept instead of those reduced"],
    code: `/**
 * The axes that a method averages over.
 * "layer": layer norm of a whole sample; "token": layer norm at each position (pixel, token), over
 * the features alone.
 */
function reducedAxes(method: "batch" | "layer" | "token" | "instance", layout: string): number[] {
  const kept = { batch: "C", layer: "N", token: "NHWT", instance: "NC" };
  return [...layout].flatMap((letter, axis) => (kept[method].includes(letter) ? [axis] : []));
}`,
  },
  {
    name: "channels-last",
    right: false,
    mistakes: ["takes the last axis for the channels, whatever the layout says"],
    code: `/**
 * The axes that a method averages over.
 * "layer": layer norm of a whole sample; "token": layer norm at each position (pixel, token), over
 * the features alone.
 */
function reducedAxes(method: "batch" | "layer" | "token" | "instance", layout: string): number[] {
  const last = layout.length - 1;
  const axes = Array.from(layout, (_, axis) => axis);
  switch (method) {
    case "batch":
      return axes.filter((axis) => axis !== last);
    case "layer":
      return axes.filter((axis) => axis !== 0);
    case "token":
      return [last];
    default:
      return axes.filter((axis) => axis !== 0 && axis !== last);
  }
}`,
  },
  {
    name: "layer-keeps-channels",
    right: false,
    mistakes: ["layer norm of a whole sample keeps the channels apart, as instance norm does"],
    code: `/**
 * The axes that a method averages over.
 * "layer": layer norm of a whole sample; "token": layer norm at each position (pixel, token), over
 * the features alone.
 */
function reducedAxes(method: "batch" | "layer" | "token" | "instance", layout: string): number[] {
  const result: number[] = [];
  for (let axis = 0; axis < layout.length; axis++) {
    const letter = layout[axis];
    if (method === "batch" && letter !== "C") result.push(axis);
    if (method === "layer" && letter !== "N" && letter !== "C") result.push(axis);
    if (method === "token" && letter === "C") result.push(axis);
    if (method === "instance" && letter !== "N" && letter !== "C") result.push(axis);
  }
  return result;
}`,
  },
  {
    name: "images-only",
    right: false,
    mistakes: [
      "instance norm averages over H and W only and forgets T",
      "batch norm averages over N, H and W only and forgets T",
    ],
    code: `/**
 * The axes that a method averages over.
 * "layer": layer norm of a whole sample; "token": layer norm at each position (pixel, token), over
 * the features alone.
 */
function reducedAxes(method: "batch" | "layer" | "token" | "instance", layout: string): number[] {
  const reduced = { batch: "NHW", layer: "HWTC", token: "C", instance: "HW" };
  return [...layout].map((letter, axis) => (reduced[method].includes(letter) ? axis : -1)).filter((axis) => axis >= 0);
}`,
  },
  {
    name: "layer-token-swapped-instance-batch",
    right: false,
    mistakes: ["layer and token are swapped", "instance norm averages over N too, as batch norm does"],
    code: `/**
 * The axes that a method averages over.
 * "layer": layer norm of a whole sample; "token": layer norm at each position (pixel, token), over
 * the features alone.
 */
function reducedAxes(method: "batch" | "layer" | "token" | "instance", layout: string): number[] {
  const is = (...letters: string[]) => [...layout].flatMap((l, i) => (letters.includes(l) ? [i] : []));
  if (method === "layer") return is("C");
  if (method === "token") return is("H", "W", "T", "C");
  return is("N", "H", "W", "T");
}`,
  },
  {
    name: "from-one-batch-n",
    right: false,
    mistakes: ["axes are counted from 1", "batch norm averages over N alone"],
    code: `/**
 * The axes that a method averages over.
 * "layer": layer norm of a whole sample; "token": layer norm at each position (pixel, token), over
 * the features alone.
 */
function reducedAxes(method: "batch" | "layer" | "token" | "instance", layout: string): number[] {
  const keep: Record<string, (letter: string) => boolean> = {
    batch: (l) => l !== "N",
    layer: (l) => l === "N",
    token: (l) => l !== "C",
    instance: (l) => l === "N" || l === "C",
  };
  return [...layout].map((_, i) => i + 1).filter((i) => !keep[method](layout[i - 1]));
}`,
  },
  {
    name: "batch-with-channels-token-spatial",
    right: false,
    mistakes: [
      "batch norm averages over the channels as well",
      "token averages over the positions instead of the features",
    ],
    code: `/**
 * The axes that a method averages over.
 * "layer": layer norm of a whole sample; "token": layer norm at each position (pixel, token), over
 * the features alone.
 */
function reducedAxes(method: "batch" | "layer" | "token" | "instance", layout: string): number[] {
  const axes = [...layout].map((_, i) => i);
  if (method === "batch") return axes;
  if (method === "layer") return axes.filter((i) => layout.charAt(i) !== "N");
  return axes.filter((i) => layout.charAt(i) !== "N" && layout.charAt(i) !== "C");
}`,
  },
  {
    name: "sets",
    right: true,
    mistakes: [],
    code: `/**
 * The axes that a method averages over.
 * "layer": layer norm of a whole sample; "token": layer norm at each position (pixel, token), over
 * the features alone.
 */
function reducedAxes(method: "batch" | "layer" | "token" | "instance", layout: string): number[] {
  const kept = new Set(
    method === "batch" ? ["C"] : method === "layer" ? ["N"] : method === "instance" ? ["N", "C"] : ["N", "H", "W", "T"],
  );
  const axes: number[] = [];
  for (let i = 0; i < layout.length; i++) if (!kept.has(layout[i])) axes.push(i);
  return axes;
}`,
  },
  {
    name: "index-of",
    right: true,
    mistakes: [],
    code: `/**
 * The axes that a method averages over.
 * "layer": layer norm of a whole sample; "token": layer norm at each position (pixel, token), over
 * the features alone.
 */
function reducedAxes(method: "batch" | "layer" | "token" | "instance", layout: string): number[] {
  const n = layout.indexOf("N");
  const c = layout.indexOf("C");
  const all = Array.from({ length: layout.length }, (_, i) => i);
  switch (method) {
    case "token":
      return [c];
    case "batch":
      return all.filter((i) => i !== c);
    case "layer":
      return all.filter((i) => i !== n);
    case "instance":
      return all.filter((i) => i !== n && i !== c);
  }
}`,
  },
];
