/**
 * Winograd's tiles, into the transformed form and back: six by six values of x, four by four of y, and the filter. The
 * letters are those of winograd.ts. Transformed tiles lie as [36][tiles in work][channels],
 * pointSize apart.
 */
import { bytes } from "./simd";
import { RELU } from "./matMul";
import { batch, channels, height, outChannels, outHeight, outWidth, padLeft, padTop, width } from "./geometry";
import { filterTransform, filterTransposed, inputTransform, inputTransposed, outputTransform, outputTransposed } from "./winogradTransforms";

// @ts-ignore: decorator
@inline
export function tilesDown(g: usize): i32 {
  return (outHeight(g) + 3) / 4;
}
// @ts-ignore: decorator
@inline
export function tilesAcross(g: usize): i32 {
  return (outWidth(g) + 3) / 4;
}

/**
 * Bytes from one point's matrix to the next: a cache line more than its values take. A tile is written to all 36 at once,
 * and where they are a multiple of 4 KiB apart, as with 32 and 64 channels, they all contend for the same few places of a cache.
 */
// @ts-ignore: decorator
@inline
export function pointSize(values: i32): usize {
  return bytes(values + 16);
}

/** V = Bᵀ d B for tiles first … last − 1 of x and all channels. `tile` is room for 36 lane groups. */
export function transformInput(x: usize, g: usize, first: i32, last: i32, v: usize, tile: usize): void {
  const H = height(g);
  const W = width(g);
  const C = channels(g);
  const across = tilesAcross(g);
  const perImage = tilesDown(g) * across;
  const pixel = bytes(C);
  const line = pixel * <usize>W;
  const point = pointSize((last - first) * C);
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

/** dx += B V̄ Bᵀ. Overlapping tiles add up; what lies outside the image is dropped. */
export function addInputGradient(v: usize, g: usize, first: i32, last: i32, dx: usize, tile: usize): void {
  const H = height(g);
  const W = width(g);
  const C = channels(g);
  const across = tilesAcross(g);
  const perImage = tilesDown(g) * across;
  const pixel = bytes(C);
  const line = pixel * <usize>W;
  const point = pointSize((last - first) * C);
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
export function transformOutput(m: usize, g: usize, first: i32, last: i32, y: usize, bias: usize, mode: i32, tile: usize): void {
  const OH = outHeight(g);
  const OW = outWidth(g);
  const O = outChannels(g);
  const across = tilesAcross(g);
  const perImage = tilesDown(g) * across;
  const pixel = bytes(O);
  const point = pointSize((last - first) * O);
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

/** M̄ = A dY Aᵀ for tiles first … last − 1 of dy and all output channels. */
export function transformOutputGradient(dy: usize, g: usize, first: i32, last: i32, m: usize, tile: usize): void {
  const OH = outHeight(g);
  const OW = outWidth(g);
  const O = outChannels(g);
  const across = tilesAcross(g);
  const perImage = tilesDown(g) * across;
  const pixel = bytes(O);
  const line = pixel * <usize>OW;
  const point = pointSize((last - first) * O);
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

/**
 * U = G g Gᵀ as panels of eight output channels: [36][O / 8][C][8]; for the input gradient as panels of eight
 * input channels, [36][C / 8][O][8].
 */
export function transformFilter(filter: usize, C: i32, O: i32, u: usize, transposed: bool, tile: usize): void {
  const position = bytes(C * O);
  const point = pointSize(C * O);
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
export function transformFilterGradient(u: usize, C: i32, O: i32, dFilter: usize, tile: usize): void {
  const position = bytes(C * O);
  const point = pointSize(C * O);
  for (let k: usize = 0; k < position; k += 16) {
    for (let j: usize = 0; j < 6; j++) {
      const p = u + j * point + k;
      const step = point * 6;
      filterTransposed(v128.load(p), v128.load(p + step), v128.load(p + step * 2), v128.load(p + step * 3), v128.load(p + step * 4), v128.load(p + step * 5), tile + (j << 4), 96);
    }
    for (let i: usize = 0; i < 3; i++) {
      const row = tile + i * 96;
      filterTransposed(v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), v128.load(row, 64), v128.load(row, 80), dFilter + i * 3 * position + k, position);
    }
  }
}
