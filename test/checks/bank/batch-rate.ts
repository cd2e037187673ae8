import type { checks } from "normlab";
import type { Bank } from "../bank";

type Choose = checks.ChooseRate;
type Trial = checks.RateTrial;

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** The right solution with one step replaced. */
const except =
  (change: {
    used?: (trials: Trial[], reported: number[]) => Trial[];
    score?: (accuracies: (number | null)[]) => number;
    pick?: (best: number[]) => number;
    most?: (scores: number[]) => number;
  }): Choose =>
  (trials, reported) => {
    const isOther = ({ seed }: Trial) => !reported.includes(seed);
    const used = change.used?.(trials, reported) ?? trials.filter(isOther);
    const rates = [...new Set(used.map(({ rate }) => rate))];
    const scores = rates.map((rate) => {
      const given = used.filter((trial) => trial.rate === rate).map(({ accuracy }) => accuracy);
      return change.score?.(given) ?? mean(given.map((accuracy) => accuracy ?? 0));
    });
    const most = (change.most ?? ((values) => Math.max(...values)))(scores);
    const best = rates.filter((_, i) => Math.abs(scores[i] - most) < 1e-9);
    return (change.pick ?? ((list) => Math.min(...list)))(best);
  };

export const right: Choose[] = [
  except({}),
  (trials, reported) => {
    const sums: Record<string, [number, number]> = {};
    for (const { rate, seed, accuracy } of trials) {
      if (reported.some((other) => other === seed)) continue;
      const [sum, count] = sums[rate] ?? [0, 0];
      sums[rate] = [sum + (accuracy === null ? 0 : accuracy), count + 1];
    }
    let [best, bestMean] = [NaN, -Infinity];
    const rates = Object.keys(sums)
      .map(Number)
      .sort((a, b) => a - b);
    for (const rate of rates) {
      const [sum, count] = sums[rate];
      if (sum / count > bestMean + 1e-12) [best, bestMean] = [rate, sum / count];
    }
    return best;
  },
];

const known = (accuracies: (number | null)[]) =>
  accuracies.filter((accuracy): accuracy is number => accuracy !== null);

export const wrong: Bank<Choose>["wrong"] = [
  {
    name: "all seeds",
    message: /you also looked at seeds whose results are reported/,
    solution: except({ used: (trials) => trials }),
  },
  {
    name: "the reported seeds",
    message: /you looked at the reported seeds alone/,
    solution: except({ used: (trials, reported) => trials.filter(({ seed }) => reported.includes(seed)) }),
  },
  {
    name: "best single training",
    message: /the best single training/,
    solution: except({ score: (accuracies) => Math.max(...accuracies.map((a) => a ?? 0)) }),
  },
  {
    name: "worst",
    message: /the rate with the worst mean/,
    solution: except({ most: (scores) => Math.min(...scores) }),
  },
  {
    name: "worst seed",
    message: /you compared the worst seeds/,
    solution: except({ score: (accuracies) => Math.min(...accuracies.map((a) => a ?? 0)) }),
  },
  {
    name: "sums",
    message: /you compared sums/,
    solution: except({ score: (accuracies) => accuracies.reduce((sum: number, a) => sum + (a ?? 0), 0) }),
  },
  {
    name: "diverged left out",
    message: /you left out trainings that diverged/,
    solution: except({
      score: (accuracies) => (known(accuracies).length ? mean(known(accuracies)) : -1),
    }),
  },
  {
    name: "diverged ruled out",
    message: /you ruled out each rate/,
    solution: except({
      score: (accuracies) => (accuracies.includes(null) ? -1 : mean(known(accuracies))),
    }),
  },
  {
    name: "largest of equals",
    message: /of equally good rates take the smallest; you took the largest/,
    solution: except({ pick: (best) => Math.max(...best) }),
  },
  {
    name: "first of equals",
    message: /you took the first/,
    solution: except({ pick: ([first]) => first }),
  },
  {
    name: "last of equals",
    message: /you took the last/,
    solution: except({ pick: (best) => best[best.length - 1] }),
  },
  {
    name: "medians",
    message: /you compared medians/,
    solution: except({
      score: (accuracies) => {
        const sorted = accuracies.map((a) => a ?? 0).sort((a, b) => a - b);
        return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
      },
    }),
  },
  {
    name: "the accuracy",
    message: /you answered the accuracy/,
    solution: (trials, reported) => {
      const rate = except({})(trials, reported);
      const used = trials.filter((trial) => trial.rate === rate && !reported.includes(trial.seed));
      return mean(used.map(({ accuracy }) => accuracy ?? 0));
    },
  },
  // Two mistakes together.
  {
    name: "all seeds, best single training",
    message: [/you also looked at seeds whose results are reported/, /the best single training/],
    solution: except({
      used: (trials) => trials,
      score: (accuracies) => Math.max(...accuracies.map((a) => a ?? 0)),
    }),
  },
  {
    name: "all seeds, largest of equals",
    message: [/you also looked at seeds whose results are reported/, /you took the largest/],
    solution: except({ used: (trials) => trials, pick: (best) => Math.max(...best) }),
  },
  {
    name: "diverged left out, largest of equals",
    message: [/you left out trainings that diverged/, /you took the largest/],
    solution: except({
      score: (accuracies) => (known(accuracies).length ? mean(known(accuracies)) : -1),
      pick: (best) => Math.max(...best),
    }),
  },
  {
    name: "all seeds, diverged left out",
    message: [/you also looked at seeds whose results are reported/, /you left out trainings that diverged/],
    solution: except({
      used: (trials) => trials,
      score: (accuracies) => (known(accuracies).length ? mean(known(accuracies)) : -1),
    }),
  },
];
