/** All of our kernels for the wasm backend, one family a file. */
import { Heap } from "./heap";
import { registerActivations } from "./activations";
import { registerAdam } from "./adam";
import { registerArrange } from "./arrange";
import { registerAttention } from "./attention";
import { registerConvolution } from "./convolution";
import { registerDense } from "./dense";
import { registerDepthwise } from "./depthwise";
import { registerElementwise } from "./elementwise";
import { registerEmbedding } from "./embedding";
import { registerLoss } from "./loss";
import { registerMatMul } from "./matMul";
import { registerMovingAverage } from "./movingAverage";
import { registerNormalize } from "./normalize";
import { registerPooling } from "./pooling";
import { registerRecurrent } from "./recurrent";
import { registerSoftmax } from "./softmax";

/** Registers them from their compiled code. The wasm backend must have started. */
export async function registerWasmKernels(code: ArrayBuffer): Promise<void> {
  const heap = await Heap.load(code);
  registerConvolution(heap);
  registerDepthwise(heap);
  registerElementwise(heap);
  registerArrange(heap);
  registerActivations(heap);
  registerSoftmax(heap);
  registerEmbedding(heap);
  registerMatMul(heap);
  registerDense(heap);
  registerPooling(heap);
  registerAttention(heap);
  registerNormalize(heap);
  registerRecurrent(heap);
  registerMovingAverage(heap);
  registerLoss(heap);
  registerAdam(heap);
}
