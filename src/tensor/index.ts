export { asTensor, full, ones, Tensor, tensor, zeros, type TensorLike } from "./tensor";
export { allClose } from "./allClose";
export { type NestedNumbers } from "./nested";
export { randomGenerator, randomNormal, randomUniform, type RandomGenerator } from "./random";
export {
  gradientCheck,
  numericalGradient,
  type GradientCheck,
  type NumericalGradientOptions,
} from "./gradient";
export { jacobian, type Normalization, statisticsGroups } from "./influence";
export { matmul } from "./matmul";
export { type BinOptions, type Density, densityOf, percentile } from "./statistics";
