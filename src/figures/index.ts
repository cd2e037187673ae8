/** Figures and tables: numbers in, pictures with words out. */
export {
  type Displayable,
  type DisplayOptions,
  jupyterDisplay,
  type MimeBundle,
  type Provenance,
  type TracedRun,
} from "./displayable";
export { Figure, type FigureSpec, type Layout, type Trace } from "./figure";
export { type Cell, type Column, Table, type TableSpec } from "./table";
export { methodColors, type MethodName, methodSymbols, methodTitles } from "./theme";
export { lines, type LinesOptions, type Series } from "./lines";
export { histogram, type HistogramOptions, type Sample } from "./histogram";
export { confusionMatrix, heatmap, type HeatmapOptions } from "./heatmap";
export { type GridImage, imageGrid, type ImageGridOptions } from "./imageGrid";
export { type CurvesOfRun, type Metric, trainingCurves, type TrainingCurvesOptions } from "./trainingCurves";
export { comparisonTable, type ResultOfRun } from "./comparisonTable";
export { batchNormGraph, type GraphValues } from "./batchNormGraph";
export { batchSteps, type BatchSteps } from "./batchSteps";
export { channelImages, type ChannelImages } from "./channelImages";
export { sameExample, type Outputs } from "./sameExample";
export { gradientParts, type GradientParts } from "./gradientParts";
export { sharedStatistics, type SharedStatisticsOptions } from "./sharedStatistics";
export { jacobians } from "./jacobians";
export { type ProgressOfRun, trainingProgress } from "./trainingProgress";
export { type Points, scatter, type ScatterOptions } from "./scatter";
export { type EpochsOfRun, seedBands, type SeededRuns } from "./seedBands";
export { type RidgePanel, ridgelines, type RidgelinesOptions } from "./ridgelines";
export { type HeatmapPanel, panelHeatmaps, type PanelHeatmapsOptions } from "./panelHeatmaps";
export { type LinePanel, panelLines, type PanelLinesOptions } from "./panelLines";
