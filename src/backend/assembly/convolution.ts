/**
 * Convolution of any shape, stride, padding, dilation and channel count, forward and backward: the patches that
 * the filter sees are copied into rows of a matrix (im2col), a few output rows at a time so that they stay in
 * the cache, and multiplied with the filter seen as a (height · width · channels) × outputs matrix.
 *
 * NHWC images, HWIO filters.
 */
import { bytes, clear } from "./simd";
import {
  batch,
  channels,
  dilationHeight,
  dilationWidth,
  filterHeight,
  filterWidth,
  height,
  outChannels,
  outHeight,
  outWidth,
  padLeft,
  padTop,
  strideHeight,
  strideWidth,
  width,
} from "./geometry";
import { ACCUMULATE, START, multiply, packPanels } from "./matMul";

/** Patches of this many values (256 KiB) are in work at a time: they stay in the second-level cache. */
const PATCH_VALUES: i32 = 65536;

/** Output pixels in work at a time: at least four, to fill the product's rows. */
// @ts-ignore: decorator
@inline
function pixelsAtOnce(depth: i32): i32 {
  return max(4, (PATCH_VALUES / depth) & ~3);
}

/** Values of scratch memory the three kernels need. */
export function convolutionScratch(g: usize): i32 {
  const depth = filterHeight(g) * filterWidth(g) * channels(g);
  const O = outChannels(g);
  return 64 + pixelsAtOnce(depth) * (depth + O + 8) + (depth + 8) * (O + 8);
}

/** Copies the patches of output pixels first … last − 1 (counted over the batch) into rows. */
function gather(x: usize, g: usize, first: i32, last: i32, rows: usize): void {
  const H = height(g);
  const W = width(g);
  const C = channels(g);
  const OW = outWidth(g);
  const perImage = outHeight(g) * OW;
  const KH = filterHeight(g);
  const KW = filterWidth(g);
  const DH = dilationHeight(g);
  const DW = dilationWidth(g);
  const pixel = bytes(C);
  for (let p = first; p < last; p++) {
    const n = p / perImage;
    const within = p - n * perImage;
    const oh = within / OW;
    const top = oh * strideHeight(g) - padTop(g);
    const left = (within - oh * OW) * strideWidth(g) - padLeft(g);
    const inside = DW === 1 && left >= 0 && left + KW <= W;
    for (let i = 0; i < KH; i++) {
      const h = top + i * DH;
      if (h < 0 || h >= H) {
        clear(rows, KW * C);
        rows += pixel * <usize>KW;
        continue;
      }
      const line = x + <usize>((n * H + h) * W) * pixel;
      if (inside) {
        copy(rows, line + <usize>left * pixel, KW * C);
        rows += pixel * <usize>KW;
        continue;
      }
      for (let j = 0; j < KW; j++) {
        const w = left + j * DW;
        if (w < 0 || w >= W) clear(rows, C);
        else copy(rows, line + <usize>w * pixel, C);
        rows += pixel;
      }
    }
  }
}

/** The reverse of gather: adds every row back to the pixels it came from. */
function scatter(rows: usize, g: usize, first: i32, last: i32, x: usize): void {
  const H = height(g);
  const W = width(g);
  const C = channels(g);
  const OW = outWidth(g);
  const perImage = outHeight(g) * OW;
  const KH = filterHeight(g);
  const KW = filterWidth(g);
  const pixel = bytes(C);
  for (let p = first; p < last; p++) {
    const n = p / perImage;
    const within = p - n * perImage;
    const oh = within / OW;
    const top = oh * strideHeight(g) - padTop(g);
    const left = (within - oh * OW) * strideWidth(g) - padLeft(g);
    for (let i = 0; i < KH; i++) {
      const h = top + i * dilationHeight(g);
      for (let j = 0; j < KW; j++) {
        const w = left + j * dilationWidth(g);
        if (h >= 0 && h < H && w >= 0 && w < W) add(x + <usize>((n * H + h) * W + w) * pixel, rows, C);
        rows += pixel;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function copy(to: usize, from: usize, n: i32): void {
  const end = to + bytes(n);
  const groups = end - 15;
  while (to < groups) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
  while (to < end) {
    store<f32>(to, load<f32>(from));
    to += 4;
    from += 4;
  }
}

// @ts-ignore: decorator
@inline
function add(to: usize, from: usize, n: i32): void {
  const end = to + bytes(n);
  const groups = end - 15;
  while (to < groups) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16;
    from += 16;
  }
  while (to < end) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
    from += 4;
  }
}

/** A filter of one pixel without stride or padding sees the image as it is: no patches to copy. */
// @ts-ignore: decorator
@inline
function isPointwise(g: usize): bool {
  return (
    filterHeight(g) * filterWidth(g) === 1 &&
    strideHeight(g) * strideWidth(g) === 1 &&
    padTop(g) === 0 &&
    padLeft(g) === 0 &&
    outHeight(g) === height(g) &&
    outWidth(g) === width(g)
  );
}

/** y = x ∗ filter [+ bias] [, relu]; mode as in multiply. */
export function convolution(x: usize, filter: usize, bias: usize, y: usize, g: usize, mode: i32, scratch: usize): void {
  const depth = filterHeight(g) * filterWidth(g) * channels(g);
  const O = outChannels(g);
  const pixels = batch(g) * outHeight(g) * outWidth(g);
  const atOnce = pixelsAtOnce(depth);
  const panels = scratch + bytes(32);
  const rows = panels + bytes(depth * ((O + 7) & ~7));
  packPanels(filter, bytes(O), 4, depth, O, panels);
  const pointwise = isPointwise(g);
  for (let p = 0; p < pixels; p += atOnce) {
    const last = min(pixels, p + atOnce);
    let source = rows;
    if (pointwise) source = x + bytes(p * depth);
    else gather(x, g, p, last, rows);
    const to = y + bytes(p * O);
    multiply(source, bytes(depth), 4, panels, 32, bytes(depth * 8), to, bytes(O), last - p, depth, O, bias, mode, scratch);
  }
}

/** dFilter = patchesᵀ · dy */
export function convolutionFilterGradient(x: usize, dy: usize, dFilter: usize, g: usize, scratch: usize): void {
  const depth = filterHeight(g) * filterWidth(g) * channels(g);
  const O = outChannels(g);
  const pixels = batch(g) * outHeight(g) * outWidth(g);
  const atOnce = pixelsAtOnce(depth);
  const rows = scratch + bytes(32);
  const panels = rows + bytes(atOnce * depth);
  const pointwise = isPointwise(g);
  let mode = START;
  for (let p = 0; p < pixels; p += atOnce) {
    const last = min(pixels, p + atOnce);
    let source = rows;
    if (pointwise) source = x + bytes(p * depth);
    else gather(x, g, p, last, rows);
    let b = dy + bytes(p * O);
    let bRow = bytes(O);
    let panelStride: usize = 32;
    if (O & 7) {
      packPanels(b, bRow, 4, last - p, O, panels);
      b = panels;
      bRow = 32;
      panelStride = bytes((last - p) * 8);
    }
    multiply(source, 4, bytes(depth), b, bRow, panelStride, dFilter, bytes(O), depth, last - p, O, 0, mode, scratch);
    mode = ACCUMULATE;
  }
}

/** dx = the patches' gradients dy · filterᵀ, each added where its patch came from. */
export function convolutionInputGradient(dy: usize, filter: usize, dx: usize, g: usize, scratch: usize): void {
  const depth = filterHeight(g) * filterWidth(g) * channels(g);
  const O = outChannels(g);
  const pixels = batch(g) * outHeight(g) * outWidth(g);
  const atOnce = pixelsAtOnce(depth);
  const panels = scratch + bytes(32);
  const rows = panels + bytes(O * ((depth + 7) & ~7));
  packPanels(filter, 4, bytes(O), O, depth, panels);
  const pointwise = isPointwise(g);
  if (!pointwise) clear(dx, batch(g) * height(g) * width(g) * channels(g));
  for (let p = 0; p < pixels; p += atOnce) {
    const last = min(pixels, p + atOnce);
    const to = pointwise ? dx + bytes(p * depth) : rows;
    multiply(dy + bytes(p * O), bytes(O), 4, panels, 32, bytes(O * 8), to, bytes(depth), last - p, O, depth, 0, START, scratch);
    if (!pointwise) scatter(rows, g, p, last, dx);
  }
}
