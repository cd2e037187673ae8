import type { Check } from "../exercise";
import { mistake } from "../finding";
import { formulaExercise } from "../formulaExercise";
import { written } from "../written";
import { axesDiffer, axesOf, listOf } from "./answer";

/** The methods that the exercise asks about; "token" is layer norm at each position, over the features alone. */
export type AxesMethod = "batch" | "layer" | "token" | "instance";

/** (method, layout such as "NHWC") → the axes that are averaged over. */
export type ReducedAxes = (method: AxesMethod, layout: string) => number[];

/** The letters of the axes that each method averages over; S is space or time. */
const reducedLetters = {
  batch: "NS",
  layer: "SC",
  token: "C",
  instance: "S",
  samples: "N",
  samplesAndChannels: "NC",
  everything: "NSC",
} as const;
type Letters = keyof typeof reducedLetters;

const axesWhere = (layout: string, wanted: (letter: string) => boolean): number[] =>
  [...layout].flatMap((letter, axis) => (wanted(letter) ? [axis] : []));

const axesOfLetters = (layout: string, letters: string): number[] =>
  axesWhere(layout, (letter) => letters.includes("NC".includes(letter) ? letter : "S"));

const mixesSamples = "this averages over N: that mixes samples, as only batch norm does";
const needsBatch = "batch norm averages over the batch, axis 0";
const batchChannelsApart = "batch norm keeps the channels apart; you averaged over C, too";
const channelsApart = "instance norm keeps the channels apart; average over space alone";
const positions = "each position stands for itself; average over the features C alone";
const wholeSample = 'this is layer norm at each position; "layer" is to average over the whole sample';

/** One method answered by other axes than its own. */
const confusions = {
  "batch by samples": "every channel has one mean over the whole batch and over space or time as well",
  "batch by layer": needsBatch,
  "batch by token": needsBatch,
  "batch by instance": needsBatch,
  "batch by everything": batchChannelsApart,
  "batch by samplesAndChannels": batchChannelsApart,
  "layer by token": wholeSample,
  "layer by instance":
    'layer norm averages over the channels, too: "layer" is the whole sample, all axes but N',
  "layer by batch": mixesSamples,
  "layer by samples": mixesSamples,
  "layer by everything": mixesSamples,
  "layer by samplesAndChannels": mixesSamples,
  "token by layer": positions,
  "token by instance": positions,
  "token by batch": mixesSamples,
  "token by samples": mixesSamples,
  "token by everything": mixesSamples,
  "token by samplesAndChannels": mixesSamples,
  "instance by layer": channelsApart,
  "instance by token": channelsApart,
  "instance by batch": mixesSamples,
  "instance by samples": mixesSamples,
  "instance by everything": mixesSamples,
  "instance by samplesAndChannels": mixesSamples,
} as const;

/** Exercise axes-choose: which axes each method averages over, in any layout. */
export const axesChoose: Check<ReducedAxes> = formulaExercise("axes-choose", {
  switches: {
    kept: "these are the axes that are kept; the answer is the axes that are averaged over",
    channelsLast: "you took the last axis for the channels; look where C stands in the layout",
    channelsSecond: "you took axis 1 for the channels; look where C stands in the layout",
    fromOne: "axes are counted from 0: the first is 0",
    imagesOnly: "you looked for H and W alone; space or time is every axis but N and C, in sequences T",
    fourAxes: "you counted on four axes; the layout says how many there are",
    oneOfSpace: "space and time may have several axes (T, H, W): all of them count",
    ...confusions,
  },
  formula:
    (on) =>
    (method: AxesMethod, layout: string): number[] => {
      const last = layout.length - 1;
      const named = on("channelsLast")
        ? `N${"S".repeat(last - 1)}C`
        : on("channelsSecond")
          ? `NC${"S".repeat(last - 1)}`
          : on("fourAxes")
            ? "NHWC"
            : layout;
      const ids = Object.keys(confusions) as (keyof typeof confusions)[];
      const confused = ids.find((id) => id.startsWith(`${method} by `) && on(id));
      const lettersAsked = reducedLetters[(confused?.split(" by ")[1] ?? method) as Letters];
      const letters = on("imagesOnly") ? lettersAsked.replace("S", "HW") : lettersAsked;
      const axes = on("imagesOnly")
        ? axesWhere(named, (letter) => letters.includes(letter))
        : axesOfLetters(named, letters);
      const space = axesOfLetters(named, "S");
      const told = on("oneOfSpace") ? axes.filter((axis) => !space.slice(1).includes(axis)) : axes;
      const answer = on("kept") ? axesWhere(layout, () => true).filter((axis) => !told.includes(axis)) : told;
      return on("fromOne") ? answer.map((axis) => axis + 1) : answer;
    },
  where: (answer, { args: [method, layout] }) => {
    const axes = axesOf(answer, layout.length);
    return `${axes ? listOf(axes) : written(answer)} for ${method} in ${layout}`;
  },
  differs: (answer, expected, { args: [method, layout] }) => {
    const finding = axesDiffer(
      answer,
      expected,
      layout.length,
      (given, right) => `the answer for ${method} in ${layout} is ${given}; it must be ${right}`,
    );
    const axes = axesOf(answer, layout.length);
    if (!finding || !axes?.every((axis) => axis >= 0 && axis < layout.length)) return finding;
    // What is wrong whatever it comes from.
    const place = `${listOf(axes)} for ${method} in ${layout}`;
    if (method !== "batch" && axes.includes(layout.indexOf("N"))) return mistake(place, mixesSamples);
    if (method === "batch" && !axes.includes(layout.indexOf("N"))) return mistake(place, needsBatch);
    if (method === "batch" && axes.includes(layout.indexOf("C"))) return mistake(place, batchChannelsApart);
    return method === "instance" && axes.includes(layout.indexOf("C"))
      ? mistake(place, channelsApart)
      : finding;
  },
  cases: () => {
    const casesWith = (more: string[]) => {
      const trials = (method: AxesMethod, layouts: string[]) =>
        [...layouts, ...more].map((layout) => ({
          args: [method, layout] as [AxesMethod, string],
          group: method,
        }));
      return {
        "batch norm": trials("batch", ["NC", "NHWC", "NTC", "NCHW"]),
        "layer norm of a whole sample": trials("layer", ["NC", "NHWC", "NTC", "NCHW"]),
        "layer norm at each position": trials("token", ["NC", "NTC", "NHWC", "NCHW"]),
        "instance norm": trials("instance", ["NHWC", "NTC", "NCHW"]),
      };
    };
    return { usual: casesWith([]), hard: casesWith(["NTHWC", "NCT", "NCTHW"]) };
  },
});
