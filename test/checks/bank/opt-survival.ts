import type { checks } from "normlab";
import type { Bank } from "../bank";

type Surviving = checks.LargestSurviving;
type Loss = number | null;

const below = (loss: Loss, limit: number) => loss !== null && loss < limit;
const top = (rates: number[]) => (rates.length > 0 ? Math.max(...rates) : undefined);
/** The largest rate at which all of a rate's losses together pass. */
const largest =
  (passes: (losses: Loss[], limit: number, share: number) => boolean): Surviving =>
  (rates, losses, limit, share) =>
    top(rates.filter((_, i) => passes(losses[i], limit, share)));
const enough = (losses: Loss[], limit: number, share: number) =>
  losses.filter((loss) => below(loss, limit)).length / losses.length >= share;
const nullIsZero = (losses: Loss[], limit: number, share: number) =>
  losses.filter((loss) => Number(loss) < limit).length / losses.length >= share;

export const right: Surviving[] = [
  largest(enough),
  (rates, losses, limit, share) => {
    let best: number | undefined;
    rates.forEach((rate, i) => {
      let alive = 0;
      for (const loss of losses[i]) if (typeof loss === "number" && loss < limit) alive++;
      if (alive / losses[i].length >= share && (best === undefined || rate > best)) best = rate;
    });
    return best;
  },
];

export const wrong: Bank<Surviving>["wrong"] = [
  { name: "null for 0", message: /null < 2 is true/, solution: largest(nullIsZero) },
  {
    name: "without the seeds that have no loss",
    message: /left the seeds without a loss out/,
    solution: largest((losses, limit, share) => {
      const there = losses.filter((loss) => loss !== null);
      return there.length > 0 && enough(there, limit, share);
    }),
  },
  {
    name: "one seed",
    message: /asked for one seed/,
    solution: largest((losses, limit) => losses.some((loss) => below(loss, limit))),
  },
  {
    name: "all seeds",
    message: /asked all seeds/,
    solution: largest((losses, limit) => losses.every((loss) => below(loss, limit))),
  },
  {
    name: "more than the share",
    message: /exactly `share` is enough/,
    solution: largest(
      (losses, limit, share) => losses.filter((loss) => below(loss, limit)).length / losses.length > share,
    ),
  },
  {
    name: "the limit itself",
    message: /exactly `limit` is not below/,
    solution: largest(
      (losses, limit, share) =>
        losses.filter((loss) => loss !== null && loss <= limit).length / losses.length >= share,
    ),
  },
  {
    name: "the mean loss",
    message: /compared the mean loss/,
    solution: largest(
      (losses, limit) =>
        losses.reduce<number>((total, loss) => total + (loss ?? Infinity), 0) / losses.length < limit,
    ),
  },
  {
    name: "the median loss",
    message: /compared the median loss/,
    solution: largest((losses, limit) => {
      const sorted = losses.map((loss) => loss ?? Infinity).sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] < limit;
    }),
  },
  {
    name: "until the first failure",
    message: /stopped at the first rate that fails/,
    solution: (rates, losses, limit, share) => {
      const order = rates.map((_, i) => i).sort((a, b) => rates[a] - rates[b]);
      let found: number | undefined;
      for (const i of order) {
        if (!enough(losses[i], limit, share)) break;
        found = rates[i];
      }
      return found;
    },
  },
  {
    name: "the smallest",
    message: /answered the smallest rate that survives/,
    solution: (rates, losses, limit, share) => {
      const good = rates.filter((_, i) => enough(losses[i], limit, share));
      return good.length > 0 ? Math.min(...good) : undefined;
    },
  },
  {
    name: "the last of the list",
    message: /need not be sorted/,
    solution: (rates, losses, limit, share) => rates.filter((_, i) => enough(losses[i], limit, share)).at(-1),
  },
  {
    name: "its place",
    message: /answered the place in the list/,
    solution: (rates, losses, limit, share) => {
      const best = largest(enough)(rates, losses, limit, share);
      return best === undefined ? undefined : rates.indexOf(best);
    },
  },
  {
    name: "−Infinity for none",
    message: /where no learning rate survives/,
    solution: (rates, losses, limit, share) =>
      Math.max(...rates.filter((_, i) => enough(losses[i], limit, share))),
  },
  // Two mistakes together.
  {
    name: "null for 0, −Infinity for none",
    message: [/null < 2 is true/, /where no learning rate survives/],
    solution: (rates, losses, limit, share) =>
      Math.max(...rates.filter((_, i) => nullIsZero(losses[i], limit, share))),
  },
  {
    name: "null for 0, the smallest",
    message: [/null < 2 is true/, /answered the smallest rate that survives/],
    solution: (rates, losses, limit, share) => {
      const good = rates.filter((_, i) => nullIsZero(losses[i], limit, share));
      return good.length > 0 ? Math.min(...good) : undefined;
    },
  },
  {
    name: "all seeds, 0 for none",
    message: [/asked all seeds/, /where no learning rate survives/],
    solution: (rates, losses, limit) =>
      top(rates.filter((_, i) => losses[i].every((loss) => below(loss, limit)))) ?? 0,
  },
];
