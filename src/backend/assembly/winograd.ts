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
 */
import { bytes, clear } from "./simd";
import { ACCUMULATE, START, multiply } from "./matMul";
import { batch, channels, height, outChannels, outHeight, outWidth, padLeft, padTop, width } from "./geometry";
import {
  addInputGradient,
  pointSize,
  tilesAcross,
  tilesDown,
  transformFilter,
  transformFilterGradient,
  transformInput,
  transformOutput,
  transformOutputGradient,
} from "./winogradTiles";

const POINTS: usize = 36;
/** Values of a tile while it is transformed: 36 lane groups. */
const TILE: i32 = 144;
/** Transformed values in work at a time, 486 KiB: measured. With fewer the filter's gradient is summed up in more rounds. */
const TILE_VALUES: i32 = 124416;

/** Tiles in work at a time: a multiple of 4, to fill the product's rows. */
// @ts-ignore: decorator
@inline
function tilesAtOnce(g: usize): i32 {
  const all = batch(g) * tilesDown(g) * tilesAcross(g);
  const fitting = (TILE_VALUES / (<i32>POINTS * (channels(g) + outChannels(g)))) & ~3;
  return min(all, max(8, fitting));
}

/** Float32 values of scratch memory the three kernels need: 32 to spare for products, a tile, U, V, M, and a flag a pixel. */
export function winogradScratch(g: usize): i32 {
  const flags = height(g) * width(g) + outHeight(g) * outWidth(g);
  return <i32>((flagsAt(0, g) + flags + 3) >> 2);
}

function tileAt(scratch: usize): usize {
  return scratch + bytes(32);
}
function filterAt(scratch: usize): usize {
  return tileAt(scratch) + bytes(TILE);
}
function inputAt(scratch: usize, g: usize): usize {
  return filterAt(scratch) + POINTS * pointSize(channels(g) * outChannels(g));
}
function outputAt(scratch: usize, g: usize): usize {
  return inputAt(scratch, g) + POINTS * pointSize(tilesAtOnce(g) * channels(g));
}
function flagsAt(scratch: usize, g: usize): usize {
  return outputAt(scratch, g) + POINTS * pointSize(tilesAtOnce(g) * outChannels(g));
}

/** y = x ∗ filter [+ bias] [, relu] */
export function winograd(x: usize, filter: usize, bias: usize, y: usize, g: usize, mode: i32, scratch: usize): void {
  const C = channels(g);
  const O = outChannels(g);
  const tiles = batch(g) * tilesDown(g) * tilesAcross(g);
  const atOnce = tilesAtOnce(g);
  const tile = tileAt(scratch);
  const u = filterAt(scratch);
  const v = inputAt(scratch, g);
  const m = outputAt(scratch, g);
  transformFilter(filter, C, O, u, false, tile);
  for (let t = 0; t < tiles; t += atOnce) {
    const last = min(tiles, t + atOnce);
    const count = last - t;
    transformInput(x, g, t, last, v, tile);
    for (let p: usize = 0; p < POINTS; p++) {
      multiply(v + p * pointSize(count * C), bytes(C), 4, u + p * pointSize(C * O), 32, bytes(C * 8), m + p * pointSize(count * O), bytes(O), count, C, O, 0, START, scratch);
    }
    transformOutput(m, g, t, last, y, bias, mode, tile);
  }
}

export function winogradFilterGradient(x: usize, dy: usize, dFilter: usize, g: usize, scratch: usize): void {
  const C = channels(g);
  const O = outChannels(g);
  const tiles = batch(g) * tilesDown(g) * tilesAcross(g);
  const atOnce = tilesAtOnce(g);
  const tile = tileAt(scratch);
  const u = filterAt(scratch);
  const v = inputAt(scratch, g);
  const m = outputAt(scratch, g);
  let mode = START;
  for (let t = 0; t < tiles; t += atOnce) {
    const last = min(tiles, t + atOnce);
    const count = last - t;
    transformInput(x, g, t, last, v, tile);
    transformOutputGradient(dy, g, t, last, m, tile);
    for (let p: usize = 0; p < POINTS; p++) {
      multiply(v + p * pointSize(count * C), 4, bytes(C), m + p * pointSize(count * O), bytes(O), 32, u + p * pointSize(C * O), bytes(O), C, count, O, 0, mode, scratch);
    }
    mode = ACCUMULATE;
  }
  transformFilterGradient(u, C, O, dFilter, tile);
  clearUnmet(x, dy, dFilter, g, flagsAt(scratch, g));
}

/**
 * Sets dFilter to 0 at the positions that meet nothing but zeros of x, or dy, as those over a padding's border do. The
 * sums of transformed values leave up to 6e-8 there, of which Adam, who divides by their size, makes whole steps.
 * `flags` is room for a byte a pixel of x and of y.
 */
function clearUnmet(x: usize, dy: usize, dFilter: usize, g: usize, flags: usize): void {
  const H = height(g);
  const W = width(g);
  const OH = outHeight(g);
  const OW = outWidth(g);
  const position = bytes(channels(g) * outChannels(g));
  const outFlags = flags + H * W;
  flagPixels(x, batch(g), H * W, bytes(channels(g)), flags);
  flagPixels(dy, batch(g), OH * OW, bytes(outChannels(g)), outFlags);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      let met: u8 = 0;
      for (let p = max(0, padTop(g) - i); p < min(OH, H + padTop(g) - i) && !met; p++) {
        const row = flags + (p + i - padTop(g)) * W + j - padLeft(g);
        for (let q = max(0, padLeft(g) - j); q < min(OW, W + padLeft(g) - j) && !met; q++) {
          met = load<u8>(outFlags + p * OW + q) & load<u8>(row + q);
        }
      }
      if (!met) memory.fill(dFilter + <usize>(i * 3 + j) * position, 0, position);
    }
  }
}

/** Flags each pixel that is other than 0 in some image: known after the first values, but where it is 0 in all. */
function flagPixels(values: usize, images: i32, pixels: i32, pixel: usize, flags: usize): void {
  const zero = f32x4.splat(0);
  for (let k = 0; k < pixels; k++) {
    let found = false;
    for (let n = 0; n < images && !found; n++) {
      const p = values + <usize>(n * pixels + k) * pixel;
      for (let c: usize = 0; c < pixel && !found; c += 16) found = v128.any_true(f32x4.ne(v128.load(p + c), zero));
    }
    store<u8>(flags + k, found ? 1 : 0);
  }
}

export function winogradInputGradient(dy: usize, filter: usize, dx: usize, g: usize, scratch: usize): void {
  const C = channels(g);
  const O = outChannels(g);
  const tiles = batch(g) * tilesDown(g) * tilesAcross(g);
  const atOnce = tilesAtOnce(g);
  const tile = tileAt(scratch);
  const u = filterAt(scratch);
  const v = inputAt(scratch, g);
  const m = outputAt(scratch, g);
  transformFilter(filter, C, O, u, true, tile);
  clear(dx, batch(g) * height(g) * width(g) * C);
  for (let t = 0; t < tiles; t += atOnce) {
    const last = min(tiles, t + atOnce);
    const count = last - t;
    transformOutputGradient(dy, g, t, last, m, tile);
    for (let p: usize = 0; p < POINTS; p++) {
      multiply(m + p * pointSize(count * O), bytes(O), 4, u + p * pointSize(C * O), 32, bytes(O * 8), v + p * pointSize(count * C), bytes(C), count, O, C, 0, START, scratch);
    }
    addInputGradient(v, g, t, last, dx, tile);
  }
}
