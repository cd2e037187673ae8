import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { methodColors, type MethodName, methodSymbols, methodTitles } from "normlab";
import { describe, expect, it } from "vitest";
import { methodOf, otherColors, stylesFor } from "../../dist/figures/theme";

type Rgb = [number, number, number];
const channels = (color: string): Rgb =>
  [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255) as Rgb;
const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const times = (m: number[][], v: Rgb) => m.map((row) => row.reduce((sum, c, i) => sum + c * v[i], 0)) as Rgb;

/** Full dichromacy, Machado, Oliveira and Fernandes, "A Physiologically-based Model …" (2009), table 1. */
const sights: Record<string, number[][]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE L*a*b* of linear sRGB under D65. */
function lab(rgb: Rgb): Rgb {
  const xyz = times(
    [
      [0.4124, 0.3576, 0.1805],
      [0.2126, 0.7152, 0.0722],
      [0.0193, 0.1192, 0.9505],
    ],
    rgb,
  );
  const [x, y, z] = xyz
    .map((v, i) => v / [0.9505, 1, 1.089][i])
    .map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** A colour as JupyterLab's dark theme shows it: `invert(a)` and `hue-rotate(180deg)` as CSS's filter effects define them. */
function inTheDark(color: Rgb, a: number): Rgb {
  const luma = [0.213, 0.715, 0.072];
  const turned = color.map((c) => c * (1 - 2 * a) + a) as Rgb;
  const rotation = luma.map((_, i) => luma.map((weight, j) => 2 * weight - (i === j ? 1 : 0)));
  return times(rotation, turned).map((c) => Math.min(1, Math.max(0, c))) as Rgb;
}

/** Contrast of two colours, from 1 to 21 (Web Content Accessibility Guidelines 2.2). */
function contrast(one: Rgb, other: Rgb): number {
  const luminance = (color: Rgb) => times([[0.2126, 0.7152, 0.0722]], color.map(linear) as Rgb)[0] + 0.05;
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return light / dark;
}

describe("in JupyterLab's dark theme", () => {
  const style = readFileSync(
    resolve(__dirname, "../../jupyter/share/jupyter/labextensions/normlab/static/figures.js"),
    "utf8",
  );
  const amount = Number(/filter: invert\(([\d.]+)\) hue-rotate\(180deg\)/.exec(style)?.[1]);
  const seen = (color: string) => inTheDark(channels(color), amount);
  const ground = seen("#ffffff");

  it("a figure's ground is the notebook's, #111111", () => {
    expect(ground.map((c) => Math.round(255 * c))).toEqual([17, 17, 17]);
  });

  it("words and curves stand out from it as the guidelines ask: 4.5 and 3", () => {
    for (const color of ["#222222", "#5a5a5a"])
      expect(contrast(seen(color), ground), color).toBeGreaterThan(4.5);
    for (const color of [...Object.values(methodColors), ...otherColors])
      expect(contrast(seen(color), ground), color).toBeGreaterThan(3);
  });
});

describe("theme", () => {
  const names = Object.keys(methodColors) as MethodName[];

  for (const [sight, matrix] of Object.entries(sights)) {
    it(`tells the methods' colours apart with ${sight} sight`, () => {
      const seen = names.map((name) => lab(times(matrix, channels(methodColors[name]).map(linear) as Rgb)));
      const close = names.flatMap((a, i) =>
        names
          .slice(0, i)
          .filter((_, j) => Math.hypot(...seen[i].map((v, k) => v - seen[j][k])) < 7)
          .map((b) => [a, b]),
      );
      expect(close).toEqual([]);
    });
  }

  it("gives each method a marker and a title of its own", () => {
    expect(new Set(Object.values(methodSymbols)).size).toBe(names.length);
    expect(new Set(Object.values(methodTitles)).size).toBe(names.length);
  });

  it("knows a method by any of its spellings", () => {
    expect(
      ["batchNorm", "Batch norm, seed 3", "RMSNorm", "no normalization", "without"].map(methodOf),
    ).toEqual(["batchNorm", "batchNorm", "rmsNorm", "none", "none"]);
    expect(methodOf("loss")).toBeUndefined();
  });

  it("keeps a method's colour whatever stands beside it", () => {
    const [other, layer] = stylesFor(["training", "layerNorm"]);
    expect(layer).toMatchObject({ color: methodColors.layerNorm, title: "layer norm" });
    expect(Object.values(methodColors)).not.toContain(other.color);
  });
});
