/**
 * Max pooling of any window, stride and padding (NHWC), forward and backward.
 * The first largest value of a window wins, and only that one gets its gradient.
 * The geometry record is the convolution's; filter means window.
 */
import { bytes, clear } from "./simd";
import {
  batch,
  channels,
  filterHeight,
  filterWidth,
  height,
  outHeight,
  outWidth,
  padLeft,
  padTop,
  strideHeight,
  strideWidth,
  width,
} from "./geometry";

/** 2×2 windows side by side, channels in whole lane groups. */
// @ts-ignore: decorator
@inline
function isPairs(g: usize): bool {
  return (
    filterHeight(g) === 2 &&
    filterWidth(g) === 2 &&
    strideHeight(g) === 2 &&
    strideWidth(g) === 2 &&
    padTop(g) + padLeft(g) === 0 &&
    outHeight(g) * 2 <= height(g) &&
    outWidth(g) * 2 <= width(g) &&
    !(channels(g) & 3)
  );
}

export function maxPool(x: usize, y: usize, g: usize): void {
  if (isPairs(g)) pairs(x, y, g);
  else windows(x, y, g);
}

function pairs(x: usize, y: usize, g: usize): void {
  const pixel = bytes(channels(g));
  const line = pixel * <usize>width(g);
  for (let n = 0; n < batch(g); n++) {
    for (let oh = 0; oh < outHeight(g); oh++) {
      let p = x + <usize>(n * height(g) + oh * 2) * line;
      for (let ow = 0; ow < outWidth(g); ow++) {
        const end = p + pixel;
        while (p < end) {
          const upper = f32x4.max(v128.load(p), v128.load(p + pixel));
          const lower = f32x4.max(v128.load(p + line), v128.load(p + line + pixel));
          v128.store(y, f32x4.max(upper, lower));
          p += 16;
          y += 16;
        }
        p += pixel;
      }
    }
  }
}

function windows(x: usize, y: usize, g: usize): void {
  const C = channels(g);
  const H = height(g);
  const W = width(g);
  const pixel = bytes(C);
  const line = pixel * <usize>W;
  for (let n = 0; n < batch(g); n++) {
    const image = x + <usize>(n * H) * line;
    for (let oh = 0; oh < outHeight(g); oh++) {
      const top = max(0, oh * strideHeight(g) - padTop(g));
      const bottom = min(H, oh * strideHeight(g) - padTop(g) + filterHeight(g));
      for (let ow = 0; ow < outWidth(g); ow++) {
        const left = max(0, ow * strideWidth(g) - padLeft(g));
        const right = min(W, ow * strideWidth(g) - padLeft(g) + filterWidth(g));
        const corner = image + <usize>top * line + <usize>left * pixel;
        let c: usize = 0;
        for (; c + 16 <= pixel; c += 16) {
          let largest = f32x4.splat(-Infinity);
          let row = corner + c;
          for (let h = top; h < bottom; h++) {
            let p = row;
            for (let w = left; w < right; w++) {
              largest = f32x4.max(largest, v128.load(p));
              p += pixel;
            }
            row += line;
          }
          v128.store(y + c, largest);
        }
        for (; c < pixel; c += 4) {
          let largest: f32 = -Infinity;
          let row = corner + c;
          for (let h = top; h < bottom; h++) {
            let p = row;
            for (let w = left; w < right; w++) {
              largest = max(largest, load<f32>(p));
              p += pixel;
            }
            row += line;
          }
          store<f32>(y + c, largest);
        }
        y += pixel;
      }
    }
  }
}

export function maxPoolGradient(x: usize, dy: usize, dx: usize, g: usize): void {
  if (isPairs(g)) {
    pairsGradient(x, dy, dx, g);
  } else {
    clear(dx, batch(g) * height(g) * width(g) * channels(g));
    windowsGradient(x, dy, dx, g);
  }
}

/** 2×2 windows side by side, four channels at once: masks instead of branches. */
function pairsGradient(x: usize, dy: usize, dx: usize, g: usize): void {
  const pixel = bytes(channels(g));
  const line = pixel * <usize>width(g);
  for (let n = 0; n < batch(g); n++) {
    for (let oh = 0; oh < outHeight(g); oh++) {
      let at = <usize>(n * height(g) + oh * 2) * line;
      for (let ow = 0; ow < outWidth(g); ow++) {
        const end = at + pixel;
        while (at < end) {
          const p = x + at;
          const q = dx + at;
          const a = v128.load(p);
          const b = v128.load(p + pixel);
          const c = v128.load(p + line);
          const d = v128.load(p + line + pixel);
          const gradient = v128.load(dy);
          const isB = f32x4.gt(b, a);
          const isD = f32x4.gt(d, c);
          const isLower = f32x4.gt(f32x4.pmax(c, d), f32x4.pmax(a, b));
          const upper = v128.andnot(gradient, isLower);
          const lower = v128.and(gradient, isLower);
          v128.store(q, v128.andnot(upper, isB));
          v128.store(q + pixel, v128.and(upper, isB));
          v128.store(q + line, v128.andnot(lower, isD));
          v128.store(q + line + pixel, v128.and(lower, isD));
          at += 16;
          dy += 16;
        }
        at += pixel;
      }
      // An odd last column or row belongs to no window.
      if (outWidth(g) * 2 < width(g)) {
        const rest = (width(g) - outWidth(g) * 2) * channels(g);
        clear(dx + at, rest);
        clear(dx + at + line, rest);
      }
    }
    const restRows = height(g) - outHeight(g) * 2;
    if (restRows) clear(dx + <usize>(n * height(g) + outHeight(g) * 2) * line, restRows * width(g) * channels(g));
  }
}

function windowsGradient(x: usize, dy: usize, dx: usize, g: usize): void {
  const C = channels(g);
  const H = height(g);
  const W = width(g);
  const pixel = bytes(C);
  const line = pixel * <usize>W;
  for (let n = 0; n < batch(g); n++) {
    const image = <usize>(n * H) * line;
    for (let oh = 0; oh < outHeight(g); oh++) {
      const top = max(0, oh * strideHeight(g) - padTop(g));
      const bottom = min(H, oh * strideHeight(g) - padTop(g) + filterHeight(g));
      for (let ow = 0; ow < outWidth(g); ow++) {
        const left = max(0, ow * strideWidth(g) - padLeft(g));
        const right = min(W, ow * strideWidth(g) - padLeft(g) + filterWidth(g));
        for (let c: usize = 0; c < pixel; c += 4) {
          let largest: f32 = -Infinity;
          let winner: usize = 0;
          let found = false;
          for (let h = top; h < bottom; h++) {
            for (let w = left; w < right; w++) {
              const at = image + <usize>h * line + <usize>w * pixel + c;
              const value = load<f32>(x + at);
              if (value > largest || !found) {
                largest = value;
                winner = at;
                found = true;
              }
            }
          }
          if (found) store<f32>(dx + winner, load<f32>(dx + winner) + load<f32>(dy + c));
        }
        dy += pixel;
      }
    }
  }
}
