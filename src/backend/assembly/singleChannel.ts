/**
 * 3×3 convolutions of images with one channel (the first layer of a network for grey images), any stride and
 * padding, output channels divisible by 4. With nine products an output, copying patches would cost more than the
 * products, so the nine weights (forward) or the nine sums (gradient) of four output channels stay in registers.
 */
import { bytes, clear, madd } from "./simd";
import { ROWS, reluBiasBlock } from "./elementwise";
import { RELU } from "./matMul";
import {
  batch,
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

// @ts-ignore: decorator
@inline
function paddedHeight(g: usize): i32 {
  return (outHeight(g) - 1) * strideHeight(g) + 3;
}
// @ts-ignore: decorator
@inline
function paddedWidth(g: usize): i32 {
  return (outWidth(g) - 1) * strideWidth(g) + 3;
}

/** Values of scratch memory: one image with its padding. */
export function singleChannelScratch(g: usize): i32 {
  return paddedHeight(g) * paddedWidth(g);
}

/** The part of image n that the outputs see, with zeros around it. */
function padImage(x: usize, g: usize, n: i32, padded: usize): void {
  const H = height(g);
  const W = width(g);
  const left = padLeft(g);
  const line = bytes(paddedWidth(g));
  const from = max(0, left);
  const to = min(paddedWidth(g), left + W);
  for (let i = 0; i < paddedHeight(g); i++) {
    const h = i - padTop(g);
    clear(padded, paddedWidth(g));
    if (h >= 0 && h < H) memory.copy(padded + bytes(from), x + bytes((n * H + h) * W + from - left), bytes(to - from));
    padded += line;
  }
}

/** y = x ∗ filter [+ bias] [, relu] */
export function singleChannel(x: usize, filter: usize, bias: usize, y: usize, g: usize, mode: i32, padded: usize): void {
  const pixel = bytes(outChannels(g));
  const line = bytes(paddedWidth(g));
  const step = bytes(strideWidth(g));
  const zero = f32x4.splat(0);
  const lowest = mode & RELU ? zero : f32x4.splat(-Infinity);
  for (let n = 0; n < batch(g); n++) {
    padImage(x, g, n, padded);
    for (let oh = 0; oh < outHeight(g); oh++) {
      const row = padded + <usize>(oh * strideHeight(g)) * line;
      for (let o: usize = 0; o < pixel; o += 16) {
        const w = filter + o;
        const w0 = v128.load(w);
        const w1 = v128.load(w + pixel);
        const w2 = v128.load(w + pixel * 2);
        const w3 = v128.load(w + pixel * 3);
        const w4 = v128.load(w + pixel * 4);
        const w5 = v128.load(w + pixel * 5);
        const w6 = v128.load(w + pixel * 6);
        const w7 = v128.load(w + pixel * 7);
        const w8 = v128.load(w + pixel * 8);
        const start = bias ? v128.load(bias + o) : zero;
        let p0 = row;
        let p1 = row + line;
        let p2 = p1 + line;
        let to = y + o;
        for (let ow = 0; ow < outWidth(g); ow++) {
          let sum = madd(v128.load32_splat(p0), w0, start);
          sum = madd(v128.load32_splat(p0, 4), w1, sum);
          sum = madd(v128.load32_splat(p0, 8), w2, sum);
          sum = madd(v128.load32_splat(p1), w3, sum);
          sum = madd(v128.load32_splat(p1, 4), w4, sum);
          sum = madd(v128.load32_splat(p1, 8), w5, sum);
          sum = madd(v128.load32_splat(p2), w6, sum);
          sum = madd(v128.load32_splat(p2, 4), w7, sum);
          sum = madd(v128.load32_splat(p2, 8), w8, sum);
          v128.store(to, f32x4.max(sum, lowest));
          p0 += step;
          p1 += step;
          p2 += step;
          to += pixel;
        }
      }
      y += pixel * <usize>outWidth(g);
    }
  }
}

export function singleChannelFilterGradient(x: usize, dy: usize, dFilter: usize, g: usize, padded: usize): void {
  const line = bytes(outChannels(g)) * <usize>outWidth(g);
  clear(dFilter, 9 * outChannels(g));
  for (let n = 0; n < batch(g); n++) {
    padImage(x, g, n, padded);
    for (let oh = 0; oh < outHeight(g); oh++) {
      lineGradient(padded, dy, dFilter, g, oh);
      dy += line;
    }
  }
}

/** Values of scratch memory of the next: an image with its padding, and a line of outputs with a block after it. */
export function singleChannelReluGradientScratch(g: usize): i32 {
  return singleChannelScratch(g) + (outWidth(g) + ROWS) * outChannels(g);
}

/**
 * The filter's and the bias's gradient of a convolution with a ReLU after it, y: dy is masked block by block, just before
 * it is used, and never written to memory as a whole. The sums are those of reluBiasGradient and singleChannelFilterGradient,
 * in their order.
 */
export function singleChannelReluGradient(
  x: usize,
  y: usize,
  dy: usize,
  dFilter: usize,
  dBias: usize,
  g: usize,
  padded: usize,
): void {
  const pixel = bytes(outChannels(g));
  const line = pixel * <usize>outWidth(g);
  const room = padded + bytes(singleChannelScratch(g));
  const pixels = batch(g) * outHeight(g) * outWidth(g);
  clear(dFilter, 9 * outChannels(g));
  clear(dBias, outChannels(g));
  let masked = 0;
  let ready: usize = 0; // bytes of `room` that hold masked values
  for (let n = 0; n < batch(g); n++) {
    padImage(x, g, n, padded);
    for (let oh = 0; oh < outHeight(g); oh++) {
      while (ready < line) {
        const rows = min(ROWS, pixels - masked);
        const at = <usize>masked * pixel;
        reluBiasBlock(y + at, dy + at, room + ready, dBias, rows, outChannels(g));
        masked += rows;
        ready += <usize>rows * pixel;
      }
      lineGradient(padded, room, dFilter, g, oh);
      ready -= line;
      memory.copy(room, room + line, ready);
    }
  }
}

/** Adds to dFilter what line oh of one image's outputs gives, whose gradient is dy. */
function lineGradient(padded: usize, dy: usize, dFilter: usize, g: usize, oh: i32): void {
  const pixel = bytes(outChannels(g));
  const line = bytes(paddedWidth(g));
  const step = bytes(strideWidth(g));
  const zero = f32x4.splat(0);
  const row = padded + <usize>(oh * strideHeight(g)) * line;
  for (let o: usize = 0; o < pixel; o += 16) {
    let s0 = zero;
    let s1 = zero;
    let s2 = zero;
    let s3 = zero;
    let s4 = zero;
    let s5 = zero;
    let s6 = zero;
    let s7 = zero;
    let s8 = zero;
    let p0 = row;
    let p1 = row + line;
    let p2 = p1 + line;
    let from = dy + o;
    for (let ow = 0; ow < outWidth(g); ow++) {
      const gradient = v128.load(from);
      s0 = madd(v128.load32_splat(p0), gradient, s0);
      s1 = madd(v128.load32_splat(p0, 4), gradient, s1);
      s2 = madd(v128.load32_splat(p0, 8), gradient, s2);
      s3 = madd(v128.load32_splat(p1), gradient, s3);
      s4 = madd(v128.load32_splat(p1, 4), gradient, s4);
      s5 = madd(v128.load32_splat(p1, 8), gradient, s5);
      s6 = madd(v128.load32_splat(p2), gradient, s6);
      s7 = madd(v128.load32_splat(p2, 4), gradient, s7);
      s8 = madd(v128.load32_splat(p2, 8), gradient, s8);
      p0 += step;
      p1 += step;
      p2 += step;
      from += pixel;
    }
    const to = dFilter + o;
    addTo(to, s0);
    addTo(to + pixel, s1);
    addTo(to + pixel * 2, s2);
    addTo(to + pixel * 3, s3);
    addTo(to + pixel * 4, s4);
    addTo(to + pixel * 5, s5);
    addTo(to + pixel * 6, s6);
    addTo(to + pixel * 7, s7);
    addTo(to + pixel * 8, s8);
  }
}

// @ts-ignore: decorator
@inline
function addTo(p: usize, value: v128): void {
  v128.store(p, f32x4.add(v128.load(p), value));
}
