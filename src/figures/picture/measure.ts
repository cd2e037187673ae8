/**
 * Sizes of SVG elements, which a browser knows and jsdom doesn't.
 * Plotly asks for the box of a text or of a group of texts and shapes, to place labels, legends and margins.
 */
import { ascent, descent, textWidth, type TextStyle } from "./fonts";

/** A rectangle in the coordinates of the element's parent. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const number = (element: Element, attribute: string): number =>
  parseFloat(element.getAttribute(attribute) ?? "") || 0;

/** The value of a style property, inherited as CSS inherits; Plotly sets them all on the elements. */
function inherited(element: Element, property: string): string | undefined {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const style = (at as SVGElement).style?.getPropertyValue(property) || at.getAttribute(property);
    if (style) return style;
  }
  return undefined;
}

function sizeOf(element: Element): number {
  const size = inherited(element, "font-size") ?? "12px";
  if (!size.endsWith("%")) return parseFloat(size);
  return (parseFloat(size) / 100) * (element.parentElement ? sizeOf(element.parentElement) : 12);
}

function styleOf(element: Element): TextStyle {
  const weight = inherited(element, "font-weight") ?? "";
  return {
    size: sizeOf(element),
    bold: weight === "bold" || Number(weight) >= 600,
    italic: inherited(element, "font-style") === "italic",
  };
}

/** The width of everything in a line: text and nested tspans, each in its own style. */
function lineWidth(element: Element): number {
  let width = 0;
  for (const node of element.childNodes) {
    if (node.nodeType === 3) width += textWidth(node.textContent ?? "", styleOf(element));
    else if (node.nodeType === 1) width += lineWidth(node as Element);
  }
  return width;
}

/** A text with its lines: Plotly writes each line as a `tspan.line`, 1.3 em below the one before. */
function textBox(element: Element): Box {
  const lines = [...element.querySelectorAll("tspan.line")];
  const { size } = styleOf(element);
  const content = lines.length ? lines : [element];
  const width = Math.max(...content.map(lineWidth));
  if (!element.textContent) return { x: 0, y: 0, width: 0, height: 0 };
  const anchor = inherited(element, "text-anchor");
  const shift = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
  const lastLine = 1.3 * size * (content.length - 1);
  return {
    x: number(element, "x") - shift,
    y: number(element, "y") - ascent * size,
    width,
    height: lastLine + (ascent + descent) * size,
  };
}

/** The corners that a path runs through; its curves' control points are close enough. */
function pathBox(element: Element): Box {
  const commands = (element.getAttribute("d") ?? "").match(/[a-z][^a-z]*/gi) ?? [];
  const xs: number[] = [];
  const ys: number[] = [];
  let x = 0;
  let y = 0;
  for (const command of commands) {
    const letter = command[0].toUpperCase();
    const relative = letter !== command[0];
    const values = (command.slice(1).match(/-?(\d+\.?\d*|\.\d+)(e-?\d+)?/gi) ?? []).map(Number);
    const size = letter === "H" || letter === "V" ? 1 : letter === "A" ? 7 : 2;
    for (let i = 0; i + size <= values.length; i += size) {
      const [last, beforeLast] = [values[i + size - 1], values[i + size - 2]];
      if (letter !== "V") x = (relative ? x : 0) + (letter === "H" ? last : beforeLast);
      if (letter !== "H") y = (relative ? y : 0) + last;
      xs.push(x);
      ys.push(y);
    }
  }
  return around(xs, ys);
}

function around(xs: number[], ys: number[]): Box {
  if (xs.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

type Point = [x: number, y: number];

/** The element's own `transform` (translate, rotate, scale), applied to a point. */
function transformed(element: Element, point: Point): Point {
  const steps = [...(element.getAttribute("transform") ?? "").matchAll(/(\w+)\(([^)]*)\)/g)];
  return steps.reduceRight<Point>(([x, y], [, name, text]) => {
    const [a = 0, b, c = 0] = text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
    if (name === "translate") return [x + a, y + (b ?? 0)];
    if (name === "scale") return [x * a, y * (b ?? a)];
    if (name !== "rotate") return [x, y];
    const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
    const [dx, dy] = [x - (b ?? 0), y - c];
    return [(b ?? 0) + cos * dx - sin * dy, c + sin * dx + cos * dy];
  }, point);
}

function childrenBox(element: Element): Box {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const child of element.children) {
    if (/^(defs|clipPath|title|style)$/.test(child.tagName)) continue;
    const { x, y, width, height } = boxOf(child);
    if (width === 0 && height === 0) continue;
    for (const corner of [
      [x, y],
      [x + width, y],
      [x, y + height],
      [x + width, y + height],
    ] as Point[]) {
      const [cx, cy] = transformed(child, corner);
      xs.push(cx);
      ys.push(cy);
    }
  }
  return around(xs, ys);
}

/** What `getBBox()` answers: the element's box before its own transform. */
export function boxOf(element: Element): Box {
  switch (element.tagName.toLowerCase()) {
    case "text":
      return textBox(element);
    case "tspan":
      return { x: 0, y: 0, width: lineWidth(element), height: (ascent + descent) * sizeOf(element) };
    case "rect":
    case "image":
      return {
        x: number(element, "x"),
        y: number(element, "y"),
        width: number(element, "width"),
        height: number(element, "height"),
      };
    case "circle": {
      const radius = number(element, "r");
      return {
        x: number(element, "cx") - radius,
        y: number(element, "cy") - radius,
        width: 2 * radius,
        height: 2 * radius,
      };
    }
    case "path":
      return pathBox(element);
    default:
      return childrenBox(element);
  }
}

/** Where the element lies on the page: its box through all transforms up to the outermost svg. */
export function pageBoxOf(element: Element): Box {
  const { x, y, width, height } = boxOf(element);
  let corners: Point[] = [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ];
  for (let at: Element | null = element; at; at = at.parentElement) {
    const current = at;
    corners = corners.map((corner) => transformed(current, corner));
  }
  return around(
    corners.map(([cx]) => cx),
    corners.map(([, cy]) => cy),
  );
}
