/**
 * Winograd's minimal filtering F(4×4, 3×3) for 3×3 convolutions without stride or dilation (Lavin & Gray 2015):
 * a tile of 4×4 outputs takes 36 products for each pair of channels instead of 144.
 *
 *   Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A      d: 6×6 inputs, g: 3×3 filter, Y: 4×4 outputs
 *
 * Summed over the input channels the ⊙ becomes 36 matrix products, one for each point (i, j) of the 6×6 tile.
 * The gradients are this algorithm's own transposes, with the same 36 products' worth of arithmetic each:
 *
 *   M̄ = A dY Aᵀ,   dx += B (M̄ Uᵀ) Bᵀ (tiles overlap),   dg = Gᵀ (Vᵀ M̄) G
 *
 * Needs input channels divisible by 4 and output channels by 8 (for dx: both by 8).
 * Layout of the transformed tiles: [36][tiles in work][channels].
 */
import { bytes, clear, madd } from "./simd";
import { ACCUMULATE, RELU, START, multiply } from "./matMul";
import { batch, channels, height, outChannels, outHeight, outWidth, padLeft, padTop, width } from "./geometry";

const POINTS: i32 = 36;
/** Transformed values in work at a time, 162 KiB: measured; twice as many cost a fifth of the speed. */
const TILE_VALUES: i32 = 41472;

// @ts-ignore: decorator
@inline
function tilesDown(g: usize): i32 {
  return (outHeight(g) + 3) / 4;
}
// @ts-ignore: decorator
@inline
function tilesAcross(g: usize): i32 {
  return (outWidth(g) + 3) / 4;
}

/** Tiles in work at a time: a multiple of 4, to fill the product's rows. */
// @ts-ignore: decorator
@inline
function tilesAtOnce(g: usize): i32 {
  const all = batch(g) * tilesDown(g) * tilesAcross(g);
  const fitting = (TILE_VALUES / (POINTS * (channels(g) + outChannels(g)))) & ~3;
  return min(all, max(8, fitting));
}

/** Values of scratch memory the three kernels need. */
export function winogradScratch(g: usize): i32 {
  const values = channels(g) + outChannels(g);
  return 64 + 4 * POINTS + POINTS * (tilesAtOnce(g) * values + channels(g) * outChannels(g));
}

// ---- The one-dimensional transforms, on six (or four, or three) lane groups `step` bytes apart ----

/** to = Bᵀ · from, six to six. */
// @ts-ignore: decorator
@inline
function inputTransform(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, step: usize): void {
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  const five = f32x4.splat(-5);
  // Rows 1 and 2, and rows 3 and 4, differ in the sign of their odd part.
  const even1 = madd(f32x4.splat(-4), d2, d4);
  const odd1 = madd(f32x4.splat(-4), d1, d3);
  const even2 = f32x4.sub(d4, d2);
  const odd2 = f32x4.mul(two, f32x4.sub(d3, d1));
  v128.store(to, madd(four, d0, madd(five, d2, d4)));
  v128.store(to + step, f32x4.add(even1, odd1));
  v128.store(to + step * 2, f32x4.sub(even1, odd1));
  v128.store(to + step * 3, f32x4.add(even2, odd2));
  v128.store(to + step * 4, f32x4.sub(even2, odd2));
  v128.store(to + step * 5, madd(four, d1, madd(five, d3, d5)));
}

/** V = Bᵀ d B for tiles first … last − 1 of x and all channels. `tile` is room for 36 lane groups. */
function transformInput(x: usize, g: usize, first: i32, last: i32, v: usize, tile: usize): void {
  const H = height(g);
  const W = width(g);
  const C = channels(g);
  const across = tilesAcross(g);
  const perImage = tilesDown(g) * across;
  const pixel = bytes(C);
  const line = pixel * <usize>W;
  const point = pixel * <usize>(last - first);
  for (let t = first; t < last; t++) {
    const n = t / perImage;
    const within = t - n * perImage;
    const top = (within / across) * 4 - padTop(g);
    const left = (within % across) * 4 - padLeft(g);
    const corner = x + <usize>(n * H * W) * pixel + <usize>top * line + <usize>left * pixel;
    const whole = top >= 0 && top + 6 <= H && left >= 0 && left + 6 <= W;
    const zero = f32x4.splat(0);
    for (let c: usize = 0; c < pixel; c += 16) {
      for (let j = 0; j < 6; j++) {
        const p = corner + <usize>j * pixel + c;
        const to = tile + ((<usize>j) << 4);
        if (whole) {
          inputTransform(v128.load(p), v128.load(p + line), v128.load(p + line * 2), v128.load(p + line * 3), v128.load(p + line * 4), v128.load(p + line * 5), to, 96);
        } else if (left + j < 0 || left + j >= W) {
          inputTransform(zero, zero, zero, zero, zero, zero, to, 96);
        } else {
          inputTransform(
            inside(top, H) ? v128.load(p) : zero,
            inside(top + 1, H) ? v128.load(p + line) : zero,
            inside(top + 2, H) ? v128.load(p + line * 2) : zero,
            inside(top + 3, H) ? v128.load(p + line * 3) : zero,
            inside(top + 4, H) ? v128.load(p + line * 4) : zero,
            inside(top + 5, H) ? v128.load(p + line * 5) : zero,
            to,
            96,
          );
        }
      }
      const to = v + <usize>(t - first) * pixel + c;
      for (let i: usize = 0; i < 6; i++) {
        const row = tile + i * 96;
        inputTransform(v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), v128.load(row, 64), v128.load(row, 80), to + i * 6 * point, point);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function inside(i: i32, size: i32): bool {
  return i >= 0 && i < size;
}

/** to = B · from, six to six: the transpose of inputTransform. */
// @ts-ignore: decorator
@inline
function inputTransposed(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, to: usize, step: usize): void {
  const four = f32x4.splat(4);
  const sum1 = f32x4.add(m1, m2);
  const difference1 = f32x4.sub(m1, m2);
  const sum2 = f32x4.add(m3, m4);
  const difference2 = f32x4.mul(f32x4.splat(2), f32x4.sub(m3, m4));
  v128.store(to, f32x4.mul(four, m0));
  v128.store(to + step, f32x4.sub(madd(four, f32x4.sub(m5, difference1), f32x4.splat(0)), difference2));
  v128.store(to + step * 2, f32x4.sub(madd(f32x4.splat(-5), m0, madd(f32x4.splat(-4), sum1, f32x4.splat(0))), sum2));
  v128.store(to + step * 3, f32x4.add(madd(f32x4.splat(-5), m5, difference1), difference2));
  v128.store(to + step * 4, f32x4.add(m0, f32x4.add(sum1, sum2)));
  v128.store(to + step * 5, m5);
}

/** dx += B V̄ Bᵀ. Overlapping tiles add up; what lies outside the image is dropped. */
function addInputGradient(v: usize, g: usize, first: i32, last: i32, dx: usize, tile: usize): void {
  const H = height(g);
  const W = width(g);
  const C = channels(g);
  const across = tilesAcross(g);
  const perImage = tilesDown(g) * across;
  const pixel = bytes(C);
  const line = pixel * <usize>W;
  const point = pixel * <usize>(last - first);
  for (let t = first; t < last; t++) {
    const n = t / perImage;
    const within = t - n * perImage;
    const top = (within / across) * 4 - padTop(g);
    const left = (within % across) * 4 - padLeft(g);
    const corner = dx + <usize>(n * H * W) * pixel + <usize>top * line + <usize>left * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      const from = v + <usize>(t - first) * pixel + c;
      for (let j: usize = 0; j < 6; j++) {
        const p = from + j * point;
        const step = point * 6;
        inputTransposed(v128.load(p), v128.load(p + step), v128.load(p + step * 2), v128.load(p + step * 3), v128.load(p + step * 4), v128.load(p + step * 5), tile + (j << 4), 96);
      }
      for (let i = 0; i < 6; i++) {
        if (!inside(top + i, H)) continue;
        const row = tile + <usize>i * 96;
        inputTransposed(v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), v128.load(row, 64), v128.load(row, 80), row, 16);
        let p = corner + <usize>i * line + c;
        for (let j = 0; j < 6; j++) {
          if (inside(left + j, W)) v128.store(p, f32x4.add(v128.load(p), v128.load(row + ((<usize>j) << 4))));
          p += pixel;
        }
      }
    }
  }
}

/** Y = Aᵀ M A [+ bias] [, relu] into y. */
function transformOutput(m: usize, g: usize, first: i32, last: i32, y: usize, bias: usize, mode: i32, tile: usize): void {
  const OH = outHeight(g);
  const OW = outWidth(g);
  const O = outChannels(g);
  const across = tilesAcross(g);
  const perImage = tilesDown(g) * across;
  const pixel = bytes(O);
  const point = pixel * <usize>(last - first);
  const zero = f32x4.splat(0);
  for (let t = first; t < last; t++) {
    const n = t / perImage;
    const within = t - n * perImage;
    const top = (within / across) * 4;
    const left = (within % across) * 4;
    for (let o: usize = 0; o < pixel; o += 16) {
      const from = m + <usize>(t - first) * pixel + o;
      for (let j: usize = 0; j < 6; j++) {
        const p = from + j * point;
        const step = point * 6;
        outputTransform(v128.load(p), v128.load(p + step), v128.load(p + step * 2), v128.load(p + step * 3), v128.load(p + step * 4), v128.load(p + step * 5), tile + (j << 4), 96, zero);
      }
      const shift = bias ? v128.load(bias + o) : zero;
      const rows = min(4, OH - top);
      const columns = min(4, OW - left);
      for (let i = 0; i < rows; i++) {
        const row = tile + <usize>i * 96;
        outputTransform(v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), v128.load(row, 64), v128.load(row, 80), row, 16, shift);
        let p = y + <usize>((n * OH + top + i) * OW + left) * pixel + o;
        for (let j = 0; j < columns; j++) {
          let value = v128.load(row + ((<usize>j) << 4));
          if (mode & RELU) value = f32x4.max(value, zero);
          v128.store(p, value);
          p += pixel;
        }
      }
    }
  }
}

/** to = Aᵀ · from + shift, six to four. */
// @ts-ignore: decorator
@inline
function outputTransform(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, to: usize, step: usize, shift: v128): void {
  const sum1 = f32x4.add(m1, m2);
  const difference1 = f32x4.sub(m1, m2);
  const sum2 = f32x4.add(m3, m4);
  const difference2 = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(f32x4.add(m0, shift), f32x4.add(sum1, sum2)));
  v128.store(to + step, madd(f32x4.splat(2), difference2, f32x4.add(difference1, shift)));
  v128.store(to + step * 2, madd(f32x4.splat(4), sum2, f32x4.add(sum1, shift)));
  v128.store(to + step * 3, f32x4.add(f32x4.add(m5, shift), madd(f32x4.splat(8), difference2, difference1)));
}

/** to = A · from, four to six: the transpose of outputTransform. */
// @ts-ignore: decorator
@inline
function outputTransposed(y0: v128, y1: v128, y2: v128, y3: v128, to: usize, step: usize): void {
  const even1 = f32x4.add(y0, y2);
  const odd1 = f32x4.add(y1, y3);
  const even2 = madd(f32x4.splat(4), y2, y0);
  const odd2 = madd(f32x4.splat(8), y3, f32x4.add(y1, y1));
  v128.store(to, y0);
  v128.store(to + step, f32x4.add(even1, odd1));
  v128.store(to + step * 2, f32x4.sub(even1, odd1));
  v128.store(to + step * 3, f32x4.add(even2, odd2));
  v128.store(to + step * 4, f32x4.sub(even2, odd2));
  v128.store(to + step * 5, y3);
}

/** M̄ = A dY Aᵀ for tiles first … last − 1 of dy and all output channels. */
function transformOutputGradient(dy: usize, g: usize, first: i32, last: i32, m: usize, tile: usize): void {
  const OH = outHeight(g);
  const OW = outWidth(g);
  const O = outChannels(g);
  const across = tilesAcross(g);
  const perImage = tilesDown(g) * across;
  const pixel = bytes(O);
  const line = pixel * <usize>OW;
  const point = pixel * <usize>(last - first);
  const zero = f32x4.splat(0);
  for (let t = first; t < last; t++) {
    const n = t / perImage;
    const within = t - n * perImage;
    const top = (within / across) * 4;
    const left = (within % across) * 4;
    const corner = dy + <usize>((n * OH + top) * OW + left) * pixel;
    const rows = OH - top;
    const columns = OW - left;
    for (let o: usize = 0; o < pixel; o += 16) {
      for (let j = 0; j < 4; j++) {
        const p = corner + <usize>j * pixel + o;
        const to = tile + ((<usize>j) << 4);
        if (j >= columns) outputTransposed(zero, zero, zero, zero, to, 64);
        else {
          outputTransposed(
            v128.load(p),
            rows > 1 ? v128.load(p + line) : zero,
            rows > 2 ? v128.load(p + line * 2) : zero,
            rows > 3 ? v128.load(p + line * 3) : zero,
            to,
            64,
          );
        }
      }
      const to = m + <usize>(t - first) * pixel + o;
      for (let i: usize = 0; i < 6; i++) {
        const row = tile + i * 64;
        outputTransposed(v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), to + i * 6 * point, point);
      }
    }
  }
}

/** to = G · from, three to six. */
// @ts-ignore: decorator
@inline
function filterTransform(g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  const quarter = f32x4.splat(0.25);
  const sixth = f32x4.splat(<f32>(-1.0 / 6));
  const ends = f32x4.mul(sixth, f32x4.add(g0, g2));
  const middle = f32x4.mul(sixth, g1);
  const ends2 = madd(f32x4.splat(<f32>(1.0 / 24)), g0, f32x4.mul(f32x4.splat(<f32>(1.0 / 6)), g2));
  const middle2 = f32x4.mul(f32x4.splat(<f32>(1.0 / 12)), g1);
  v128.store(to, f32x4.mul(quarter, g0));
  v128.store(to + step, f32x4.add(ends, middle));
  v128.store(to + step * 2, f32x4.sub(ends, middle));
  v128.store(to + step * 3, f32x4.add(ends2, middle2));
  v128.store(to + step * 4, f32x4.sub(ends2, middle2));
  v128.store(to + step * 5, g2);
}

/** to = Gᵀ · from, six to three. */
// @ts-ignore: decorator
@inline
function filterTransposed(u0: v128, u1: v128, u2: v128, u3: v128, u4: v128, u5: v128, to: usize, step: usize): void {
  const sixth = f32x4.splat(<f32>(-1.0 / 6));
  const sum1 = f32x4.mul(sixth, f32x4.add(u1, u2));
  const difference1 = f32x4.mul(sixth, f32x4.sub(u1, u2));
  const sum2 = f32x4.add(u3, u4);
  const difference2 = f32x4.sub(u3, u4);
  v128.store(to, f32x4.add(madd(f32x4.splat(0.25), u0, sum1), f32x4.mul(f32x4.splat(<f32>(1.0 / 24)), sum2)));
  v128.store(to + step, madd(f32x4.splat(<f32>(1.0 / 12)), difference2, difference1));
  v128.store(to + step * 2, madd(f32x4.splat(<f32>(1.0 / 6)), sum2, f32x4.add(sum1, u5)));
}

/**
 * U = G g Gᵀ as panels of eight output channels: [36][O / 8][C][8]; for the input gradient as panels of eight
 * input channels, [36][C / 8][O][8].
 */
function transformFilter(filter: usize, C: i32, O: i32, u: usize, transposed: bool, tile: usize): void {
  const position = bytes(C * O);
  const point = position;
  for (let c = 0; c < C; c++) {
    for (let o = 0; o < O; o += 4) {
      const p = filter + bytes(c * O + o);
      for (let j: usize = 0; j < 3; j++) {
        const q = p + j * position;
        filterTransform(v128.load(q), v128.load(q + position * 3), v128.load(q + position * 6), tile + (j << 4), 48);
      }
      for (let i: usize = 0; i < 6; i++) {
        const row = tile + i * 48;
        const g0 = v128.load(row);
        const g1 = v128.load(row, 16);
        const g2 = v128.load(row, 32);
        if (!transposed) {
          filterTransform(g0, g1, g2, u + i * 6 * point + bytes(((o >> 3) * C + c) * 8 + (o & 7)), point);
        } else {
          const line = tile + 288;
          filterTransform(g0, g1, g2, line, 16);
          for (let j: usize = 0; j < 6; j++) {
            const to = u + (i * 6 + j) * point + bytes(((c >> 3) * O + o) * 8 + (c & 7));
            const from = line + (j << 4);
            for (let lane: usize = 0; lane < 4; lane++) store<f32>(to + lane * 32, load<f32>(from + lane * 4));
          }
        }
      }
    }
  }
}

/** dg = Gᵀ Ū G from Ū in [36][C][O]. */
function transformFilterGradient(u: usize, C: i32, O: i32, dFilter: usize, tile: usize): void {
  const position = bytes(C * O);
  for (let k: usize = 0; k < position; k += 16) {
    for (let j: usize = 0; j < 6; j++) {
      const p = u + j * position + k;
      const step = position * 6;
      filterTransposed(v128.load(p), v128.load(p + step), v128.load(p + step * 2), v128.load(p + step * 3), v128.load(p + step * 4), v128.load(p + step * 5), tile + (j << 4), 96);
    }
    for (let i: usize = 0; i < 3; i++) {
      const row = tile + i * 96;
      filterTransposed(v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), v128.load(row, 64), v128.load(row, 80), dFilter + i * 3 * position + k, position);
    }
  }
}

// ---- The three kernels ----

/** y = x ∗ filter [+ bias] [, relu] */
export function winograd(x: usize, filter: usize, bias: usize, y: usize, g: usize, mode: i32, scratch: usize): void {
  const C = channels(g);
  const O = outChannels(g);
  const tiles = batch(g) * tilesDown(g) * tilesAcross(g);
  const atOnce = tilesAtOnce(g);
  const tile = scratch + 128;
  const u = tile + bytes(4 * POINTS);
  const v = u + bytes(POINTS * C * O);
  const m = v + bytes(POINTS * atOnce * C);
  transformFilter(filter, C, O, u, false, tile);
  for (let t = 0; t < tiles; t += atOnce) {
    const last = min(tiles, t + atOnce);
    const count = last - t;
    transformInput(x, g, t, last, v, tile);
    for (let p = 0; p < POINTS; p++) {
      multiply(v + bytes(p * count * C), bytes(C), 4, u + bytes(p * C * O), 32, bytes(C * 8), m + bytes(p * count * O), bytes(O), count, C, O, 0, START, scratch);
    }
    transformOutput(m, g, t, last, y, bias, mode, tile);
  }
}

export function winogradFilterGradient(x: usize, dy: usize, dFilter: usize, g: usize, scratch: usize): void {
  const C = channels(g);
  const O = outChannels(g);
  const tiles = batch(g) * tilesDown(g) * tilesAcross(g);
  const atOnce = tilesAtOnce(g);
  const tile = scratch + 128;
  const u = tile + bytes(4 * POINTS);
  const v = u + bytes(POINTS * C * O);
  const m = v + bytes(POINTS * atOnce * C);
  let mode = START;
  for (let t = 0; t < tiles; t += atOnce) {
    const last = min(tiles, t + atOnce);
    const count = last - t;
    transformInput(x, g, t, last, v, tile);
    transformOutputGradient(dy, g, t, last, m, tile);
    for (let p = 0; p < POINTS; p++) {
      multiply(v + bytes(p * count * C), 4, bytes(C), m + bytes(p * count * O), bytes(O), 32, u + bytes(p * C * O), bytes(O), C, count, O, 0, mode, scratch);
    }
    mode = ACCUMULATE;
  }
  transformFilterGradient(u, C, O, dFilter, tile);
}

export function winogradInputGradient(dy: usize, filter: usize, dx: usize, g: usize, scratch: usize): void {
  const C = channels(g);
  const O = outChannels(g);
  const tiles = batch(g) * tilesDown(g) * tilesAcross(g);
  const atOnce = tilesAtOnce(g);
  const tile = scratch + 128;
  const u = tile + bytes(4 * POINTS);
  const v = u + bytes(POINTS * C * O);
  const m = v + bytes(POINTS * atOnce * C);
  transformFilter(filter, C, O, u, true, tile);
  clear(dx, batch(g) * height(g) * width(g) * C);
  for (let t = 0; t < tiles; t += atOnce) {
    const last = min(tiles, t + atOnce);
    const count = last - t;
    transformOutputGradient(dy, g, t, last, m, tile);
    for (let p = 0; p < POINTS; p++) {
      multiply(m + bytes(p * count * O), bytes(O), 4, u + bytes(p * C * O), 32, bytes(O * 8), v + bytes(p * count * C), bytes(C), count, O, C, 0, START, scratch);
    }
    addInputGradient(v, g, t, last, dx, tile);
  }
}
