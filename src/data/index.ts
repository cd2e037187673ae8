export { loadMnist, type Mnist, type MnistPart } from "./mnist";
export { type IdxFolder, type IdxOptions, loadIdx } from "./loadIdx";
export { type Book, type Chapter, loadText } from "./loadText";
export { loadPicture, type Picture, type PictureName, type PictureOptions } from "./loadPicture";
export { type PixelDataset, type PixelExamples } from "./pixels";
export { type Dataset, type Examples, hashDataset } from "./dataset";
export { type Batch, batches, oneHot, splitValidation } from "./batches";
export {
  bucketBatches,
  padded,
  type PaddedExamples,
  type SequenceExamples,
  type Tokens,
  windows,
} from "./sequences";
