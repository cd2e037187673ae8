/** What the tfjs layers need of the mathematics: the same axes, the same checks, the same messages. */
export { channelAxis, instanceAxes } from "./instanceNorm";
export { otherAxes } from "../tensor/shape";
export {
  checkBoolean,
  checkFraction,
  checkPositive,
  checkPositiveInteger,
  refuse,
  resolveAxes,
  resolveAxis,
} from "../tensor/validate";
