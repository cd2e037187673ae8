import { describe } from "../../tensor/validate";
import { Complaint, invoke } from "../invoke";
import { type CheckOptions, report, type Report } from "../report";

/** The methods that the exercise asks about; "token" is layer norm at each position, over the features alone. */
export type AxesMethod = "batch" | "layer" | "token" | "instance";

/** (method, layout such as "NHWC") → the axes that are averaged over. */
export type ReducedAxes = (method: AxesMethod, layout: string) => number[];

/** The letters of the axes that each method keeps. */
const kept: Record<AxesMethod, (letter: string) => boolean> = {
  batch: (letter) => letter === "C",
  layer: (letter) => letter === "N",
  token: (letter) => letter !== "C",
  instance: (letter) => letter === "N" || letter === "C",
};

const axesWhere = (layout: string, wanted: (letter: string) => boolean): number[] =>
  [...layout].flatMap((letter, axis) => (wanted(letter) ? [axis] : []));

const list = (axes: readonly number[]): string => `[${axes.join(", ")}]`;

/** What is wrong with the answer for one method and layout. */
function mistakeOf(method: AxesMethod, layout: string, axes: number[]): string {
  const equals = (other: number[]) => list(axes) === list(other);
  const right = axesWhere(layout, (letter) => !kept[method](letter));
  const last = layout.length - 1;
  const spatial = axesWhere(layout, (letter) => letter !== "N" && letter !== "C");
  const place = `for ${method} in ${layout}`;
  if (equals(axesWhere(layout, kept[method]))) {
    return `${list(axes)} ${place} are the axes that are kept; the answer is the axes that are averaged over`;
  }
  if (layout.indexOf("C") !== last && equals(reducedAsIfChannelsLast(method, layout))) {
    return `${list(axes)} ${place}: you took the last axis for the channels; look where C stands in the layout`;
  }
  if (method !== "batch" && axes.includes(0)) {
    return `${list(axes)} ${place} averages over N: that mixes samples, as only batch norm does`;
  }
  if (method === "batch" && equals([0])) {
    return `[0] ${place}: every channel has one mean over the whole batch and over space or time as well`;
  }
  if (method === "batch" && !axes.includes(0)) {
    return `${list(axes)} ${place}: batch norm averages over the batch, axis 0`;
  }
  if (method === "instance" && axes.some((axis) => !spatial.includes(axis))) {
    return `${list(axes)} ${place}: instance norm keeps the channels apart; average over space alone`;
  }
  if (method === "layer" && equals(axesWhere(layout, (letter) => letter === "C"))) {
    return `${list(axes)} ${place} is layer norm at each position; "layer" is to average over the whole sample`;
  }
  if (method === "token" && axes.length > 1) {
    return `${list(axes)} ${place}: each position stands for itself; average over the features C alone`;
  }
  return `the answer ${place} is ${list(axes)}; it must be ${list(right)}`;
}

function reducedAsIfChannelsLast(method: AxesMethod, layout: string): number[] {
  const letters = `N${"S".repeat(layout.length - 2)}C`;
  return axesWhere(letters, (letter) => !kept[method](letter));
}

/** Exercise axes-choose: which axes each method averages over, in any layout. */
export function axesChoose(solution: ReducedAxes, { cases = "usual" }: CheckOptions = {}): Report {
  const check = (method: AxesMethod, layouts: string[]) => () => {
    for (const layout of layouts) {
      const answer: unknown = invoke(solution, method, layout);
      if (!Array.isArray(answer) || !answer.every((axis) => Number.isInteger(axis))) {
        throw new Complaint(
          `the answer for ${method} in ${layout} is ${describe(answer)}; it must be a list of axes, such as [0]`,
        );
      }
      const axes = (answer as number[])
        .map((axis) => (axis < 0 ? axis + layout.length : axis))
        .sort((a, b) => a - b);
      if (list(axes) !== list(axesWhere(layout, (letter) => !kept[method](letter)))) {
        return mistakeOf(method, layout, axes);
      }
    }
    return undefined;
  };
  const more = (layouts: string[]) => (cases === "hard" ? [...layouts, "NDHWC", "NCT", "NCDHW"] : layouts);
  return report("axes-choose", [
    { name: "batch norm", run: check("batch", more(["NC", "NHWC", "NTC", "NCHW"])) },
    { name: "layer norm of a whole sample", run: check("layer", more(["NC", "NHWC", "NTC", "NCHW"])) },
    { name: "layer norm at each position", run: check("token", more(["NC", "NTC", "NHWC", "NCHW"])) },
    { name: "instance norm", run: check("instance", more(["NHWC", "NTC", "NCHW"])) },
  ]);
}
