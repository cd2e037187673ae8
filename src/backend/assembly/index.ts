/** The kernels' exports, one family a file. */
export { convolution, convolutionFilterGradient, convolutionInputGradient, convolutionScratch } from "./convolution";
export { winograd, winogradFilterGradient, winogradInputGradient, winogradScratch } from "./winograd";
export { singleChannel, singleChannelFilterGradient, singleChannelScratch } from "./singleChannel";
export { multiply, packPanels } from "./matMul";
export { maxPool, maxPoolGradient } from "./pooling";
export { reluBiasGradient, reluGradient, sumRows } from "./elementwise";
export { adam } from "./adam";
export { depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise";
export { normalizeColumns, normalizeColumnsGradient } from "./normalizeColumns";
export { normalizeRows, normalizeRowsGradient } from "./normalizeRows";
