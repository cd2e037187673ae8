export { loadMnist, type Mnist, type MnistPart } from "./mnist";
export { type Dataset, type Examples, hashDataset } from "./dataset";
export { type Batch, batches, oneHot, splitValidation } from "./batches";
