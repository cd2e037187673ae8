/**
 * What a figure with a slider is where nothing can be moved: in its PNG. In the slider's place stands a line that says
 * which of the values is drawn. All of it is read from Plotly's layout, so pictures can be drawn anew of stored figures.
 */
import { isObject } from "../../tensor/validate";

type Json = Record<string, unknown>;

/** The name of our slider among a layout's: one that somebody else put there is drawn as it is. */
export const sliderName = "normlab";

/** Pixels that the slider needs above the plot, and the line that stands for it in a picture. */
export const sliderHeight = 76;
const lineHeight = 26;

interface Slider {
  name?: string;
  active: number;
  pad: { b: number };
  currentvalue: { prefix: string; suffix: string };
  steps: readonly { label: string }[];
}

const isOurs = (slider: unknown): slider is Slider => isObject(slider) && slider.name === sliderName;

/** All values, or the ends where they don't fit into a line. */
function shortened(labels: readonly string[]): string {
  const all = labels.join(" · ");
  return all.length <= 60 ? all : `${labels.length} places from ${labels[0]} to ${labels.at(-1)}`;
}

/** The layout without its slider; any other layout as it is. */
export function stillOf(layout: Json): Json {
  const [slider, ...others] = Array.isArray(layout.sliders) ? (layout.sliders as unknown[]) : [];
  if (!isOurs(slider)) return layout;
  const { prefix, suffix } = slider.currentvalue;
  const labels = slider.steps.map(({ label }) => label);
  const margin = layout.margin as { t: number };
  const line = {
    text:
      `<b>${prefix}${labels[slider.active]}${suffix}</b>` +
      `<span style="color:#5a5a5a">   (in the notebook a slider: ${shortened(labels)})</span>`,
    xref: "paper",
    yref: "paper",
    x: 0,
    y: 1,
    xanchor: "left",
    yanchor: "bottom",
    yshift: slider.pad.b,
    showarrow: false,
    font: { size: 12 },
  };
  return {
    ...layout,
    sliders: others,
    annotations: [...((layout.annotations as unknown[] | undefined) ?? []), line],
    margin: { ...margin, t: margin.t - sliderHeight + lineHeight },
    height: (layout.height as number) - sliderHeight + lineHeight,
  };
}
