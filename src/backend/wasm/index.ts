/** All of our kernels for the wasm backend, one family a file. */
import { Heap } from "./heap";
import { registerAdam } from "./adam";
import { registerConvolution } from "./convolution";
import { registerDense } from "./dense";
import { registerDepthwise } from "./depthwise";
import { registerElementwise } from "./elementwise";
import { registerLoss } from "./loss";
import { registerMatMul } from "./matMul";
import { registerMovingAverage } from "./movingAverage";
import { registerNormalize } from "./normalize";
import { registerPooling } from "./pooling";
import { registerRecurrent } from "./recurrent";

/** Registers them from their compiled code. The wasm backend must have started. */
export async function registerWasmKernels(code: ArrayBuffer): Promise<void> {
  const heap = await Heap.load(code);
  registerConvolution(heap);
  registerDepthwise(heap);
  registerElementwise(heap);
  registerMatMul(heap);
  registerDense(heap);
  registerPooling(heap);
  registerNormalize(heap);
  registerRecurrent(heap);
  registerMovingAverage(heap);
  registerLoss(heap);
  registerAdam(heap);
}
