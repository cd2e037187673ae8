/** What the build compiles: every kernel, one family a file. The TypeScript side finds each by its name (wasm/heap.ts). */
export * from "./adam";
export * from "./convolution";
export * from "./depthwise";
export * from "./elementwise";
export * from "./functionValues";
export * from "./gru";
export * from "./lstm";
export * from "./matMul";
export * from "./normalizeColumns";
export * from "./normalizeRows";
export * from "./pooling";
export * from "./product";
export { recurrentInputGradient, recurrentInputGradientScratch } from "./recurrence";
export * from "./simpleRnn";
export * from "./singleChannel";
export * from "./winograd";
