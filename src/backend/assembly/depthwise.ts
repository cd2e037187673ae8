/**
 * The gradients of a depthwise convolution: every input channel c has its own filters, one for each multiple q;
 * output channel c · multiplier + q. Any stride, padding and dilation. The geometry record is the
 * convolution's; outChannels is the multiplier.
 */
import { bytes, clear, madd } from "./simd";
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

/** dx[c] += Σ_q dy[c, q] · filter[c, q] for one pixel and one filter position. */
// @ts-ignore: decorator
@inline
function addInput(dx: usize, dy: usize, filter: usize, C: i32, multiplier: i32): void {
  const end = dx + bytes(C);
  if (multiplier === 1) {
    while (dx + 16 <= end) {
      v128.store(dx, madd(v128.load(dy), v128.load(filter), v128.load(dx)));
      dx += 16;
      dy += 16;
      filter += 16;
    }
  }
  while (dx < end) {
    let sum = load<f32>(dx);
    for (let q = 0; q < multiplier; q++) {
      sum += load<f32>(dy) * load<f32>(filter);
      dy += 4;
      filter += 4;
    }
    store<f32>(dx, sum);
    dx += 4;
  }
}

/** dFilter[c, q] += x[c] · dy[c, q] for one pixel and one filter position. */
// @ts-ignore: decorator
@inline
function addFilter(dFilter: usize, x: usize, dy: usize, C: i32, multiplier: i32): void {
  const end = x + bytes(C);
  if (multiplier === 1) {
    while (x + 16 <= end) {
      v128.store(dFilter, madd(v128.load(x), v128.load(dy), v128.load(dFilter)));
      x += 16;
      dy += 16;
      dFilter += 16;
    }
  }
  while (x < end) {
    const value = load<f32>(x);
    for (let q = 0; q < multiplier; q++) {
      store<f32>(dFilter, load<f32>(dFilter) + value * load<f32>(dy));
      dy += 4;
      dFilter += 4;
    }
    x += 4;
  }
}

/** Visits every pair of an output pixel and a filter position that falls inside the image. */
// @ts-ignore: decorator
@inline
function visit(x: usize, dy: usize, filter: usize, g: usize, toInput: bool): void {
  const C = channels(g);
  const Q = outChannels(g);
  const pixel = bytes(C);
  const outPixel = bytes(C * Q);
  for (let n = 0; n < batch(g); n++) {
    for (let oh = 0; oh < outHeight(g); oh++) {
      for (let ow = 0; ow < outWidth(g); ow++) {
        let f = filter;
        for (let i = 0; i < filterHeight(g); i++) {
          const h = oh * strideHeight(g) - padTop(g) + i * dilationHeight(g);
          for (let j = 0; j < filterWidth(g); j++) {
            const w = ow * strideWidth(g) - padLeft(g) + j * dilationWidth(g);
            if (h >= 0 && h < height(g) && w >= 0 && w < width(g)) {
              const at = x + <usize>((n * height(g) + h) * width(g) + w) * pixel;
              if (toInput) addInput(at, dy, f, C, Q);
              else addFilter(f, at, dy, C, Q);
            }
            f += outPixel;
          }
        }
        dy += outPixel;
      }
    }
  }
}

export function depthwiseInputGradient(dy: usize, filter: usize, dx: usize, g: usize): void {
  clear(dx, batch(g) * height(g) * width(g) * channels(g));
  visit(dx, dy, filter, g, true);
}

export function depthwiseFilterGradient(x: usize, dy: usize, dFilter: usize, g: usize): void {
  clear(dFilter, filterHeight(g) * filterWidth(g) * channels(g) * outChannels(g));
  visit(x, dy, dFilter, g, false);
}
