/** What the build compiles: every kernel, one family a file. The TypeScript side finds each by its name (wasm/heap.ts). */
export * from "./activations";
export * from "./adam";
export * from "./attention";
export * from "./convolution";
export * from "./crossEntropy";
export * from "./depthwise";
export * from "./elementwise";
export * from "./embedding";
export * from "./functionValues";
export * from "./matMul";
export * from "./normalizeColumns";
export * from "./normalizeRows";
export * from "./pooling";
export * from "./product";
export * from "./singleChannel";
export * from "./softmax";
export * from "./winograd";
