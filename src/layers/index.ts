/** tfjs layers for every method, with Keras's configuration names: layers.batchNorm({ axis: 1 }). */
export { batchNorm, BatchNormLayer, type BatchNormConfig } from "./batchNorm";
export { layerNorm, LayerNormLayer, type LayerNormConfig } from "./layerNorm";
export { instanceNorm, InstanceNormLayer, type InstanceNormConfig } from "./instanceNorm";
export { groupNorm, GroupNormLayer, type GroupNormConfig } from "./groupNorm";
export { rmsNorm, RmsNormLayer, type RmsNormConfig } from "./rmsNorm";
export { weightNorm, WeightNormLayer, type WeightNormConfig } from "./weightNorm";
export { dyt, DytLayer, type DytConfig } from "./dyt";
export { switchableNorm, SwitchableNormLayer, type SwitchableNormConfig } from "./switchableNorm";
export {
  multiHeadAttention,
  MultiHeadAttentionLayer,
  type MultiHeadAttentionConfig,
} from "./attention/multiHeadAttention";
export {
  positionEmbedding,
  PositionEmbeddingLayer,
  type PositionEmbeddingConfig,
} from "./attention/positionEmbedding";
export { residual, ResidualLayer, type ResidualConfig } from "./residual";
export { lstm, LstmLayer, type LstmConfig } from "./recurrent/lstm";
export { gru, GruLayer, type GruConfig } from "./recurrent/gru";
export { simpleRNN, SimpleRnnLayer } from "./recurrent/simpleRnn";
export type { GatedConfig, RecurrentConfig, RecurrentNormalization } from "./recurrent/settings";
export type { AffineConfig, LayerConfig } from "./normalizationLayer";
