/** Figures and tables: numbers in, pictures with words out. */
export type { Provenance, TracedRun } from "./provenance";
export { Figure, type FigureSpec, type Layout, type Trace } from "./figure";
export { type SliderFrame, type SliderOptions, withSlider } from "./slider/withSlider";
export { type Cell, type Column, Table, type TableSpec } from "./table";
export { methodColors, type MethodName, methodSymbols, methodTitles } from "./theme";
export { lines, type LinesOptions, type Series } from "./charts/lines";
export { histogram, type HistogramOptions, type Sample } from "./charts/histogram";
export { confusionMatrix, heatmap, type HeatmapOptions } from "./charts/heatmap";
export { type ColorImage, colorImages, type ColorImagesOptions } from "./charts/colorImages";
export { type GridImage, imageGrid, type ImageGridOptions } from "./charts/imageGrid";
export {
  type CurvesOfRun,
  type Metric,
  trainingCurves,
  type TrainingCurvesOptions,
} from "./runs/trainingCurves";
export { comparisonTable, type ResultOfRun } from "./runs/comparisonTable";
export { batchNormGraph, type GraphValues } from "./lessons/batchNormGraph";
export { batchSteps, type BatchSteps } from "./lessons/batchSteps";
export { channelImages, type ChannelImages } from "./lessons/channelImages";
export { sameExample, type Outputs } from "./lessons/sameExample";
export { gradientParts, type GradientParts } from "./lessons/gradientParts";
export { sharedStatistics, type SharedStatisticsOptions } from "./lessons/sharedStatistics";
export { jacobians } from "./lessons/jacobians";
export { type ProgressOfRun, trainingProgress } from "./runs/trainingProgress";
export { type Points, scatter, type ScatterOptions } from "./charts/scatter";
export { strips, type Strips, type StripsOptions } from "./charts/strips";
export { type EpochsOfRun, seedBands, type SeededRuns } from "./runs/seedBands";
export { type RidgePanel, ridgelines, type RidgelinesOptions } from "./charts/ridgelines";
export { type HeatmapPanel, panelHeatmaps, type PanelHeatmapsOptions } from "./charts/panelHeatmaps";
export { type LinePanel, panelLines, type PanelLinesOptions } from "./charts/panelLines";
