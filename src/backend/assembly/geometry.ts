/**
 * The record of i32 in the heap that convolution and pooling kernels get as one argument, `g`: what the call's
 * images, filter (or window), stride and padding measure. wasm/geometry.ts writes the fields in the same order.
 */
import { bytes } from "./simd";

// @ts-ignore: decorator
@inline
function field(g: usize, i: i32): i32 {
  return load<i32>(g + bytes(i));
}
// @ts-ignore: decorator
@inline
export function batch(g: usize): i32 {
  return field(g, 0);
}
// @ts-ignore: decorator
@inline
export function height(g: usize): i32 {
  return field(g, 1);
}
// @ts-ignore: decorator
@inline
export function width(g: usize): i32 {
  return field(g, 2);
}
// @ts-ignore: decorator
@inline
export function channels(g: usize): i32 {
  return field(g, 3);
}
// @ts-ignore: decorator
@inline
export function outHeight(g: usize): i32 {
  return field(g, 4);
}
// @ts-ignore: decorator
@inline
export function outWidth(g: usize): i32 {
  return field(g, 5);
}
// @ts-ignore: decorator
@inline
export function outChannels(g: usize): i32 {
  return field(g, 6);
}
// @ts-ignore: decorator
@inline
export function filterHeight(g: usize): i32 {
  return field(g, 7);
}
// @ts-ignore: decorator
@inline
export function filterWidth(g: usize): i32 {
  return field(g, 8);
}
// @ts-ignore: decorator
@inline
export function strideHeight(g: usize): i32 {
  return field(g, 9);
}
// @ts-ignore: decorator
@inline
export function strideWidth(g: usize): i32 {
  return field(g, 10);
}
// @ts-ignore: decorator
@inline
export function dilationHeight(g: usize): i32 {
  return field(g, 11);
}
// @ts-ignore: decorator
@inline
export function dilationWidth(g: usize): i32 {
  return field(g, 12);
}
// @ts-ignore: decorator
@inline
export function padTop(g: usize): i32 {
  return field(g, 13);
}
// @ts-ignore: decorator
@inline
export function padLeft(g: usize): i32 {
  return field(g, 14);
}
