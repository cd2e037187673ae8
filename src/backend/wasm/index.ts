/** Registers all of our kernels for the wasm backend. */
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

let registered = false;

/** Needs the wasm backend to be the current one. Calling it again does nothing. */
export function registerWasmKernels(code: WebAssembly.Module): void {
  if (registered) return;
  registered = true;
  const heap = new Heap(code);
  registerConvolution(heap);
  registerDepthwise(heap);
  registerElementwise(heap);
  registerMatMul(heap);
  registerDense(heap);
  registerPooling(heap);
  registerNormalize(heap);
  registerMovingAverage(heap);
  registerLoss(heap);
  registerAdam(heap);
}
