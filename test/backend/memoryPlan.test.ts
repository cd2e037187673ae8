import fc from "fast-check";
import { expect, it } from "vitest";
import { type Block, planMemory } from "../../dist/backend/recording/memoryPlan";

/** Lives as a step has them: each moment one block is asked for, or one of those there is given back. */
const blocks: fc.Arbitrary<Block[]> = fc
  .array(fc.record({ bytes: fc.nat(500), back: fc.nat(20), kept: fc.boolean() }), { maxLength: 60 })
  .map((events) => {
    const made: Block[] = [];
    events.forEach(({ bytes, back, kept }, moment) => {
      const block: Block =
        back === 20 ? { bytes: 0, from: moment, to: moment + 1 } : { bytes, from: moment, to: Infinity };
      if (kept && back > 14) block.kept = true;
      made.push(block);
      const past = made[made.length - 1 - back];
      if (past && past.to === Infinity && !past.kept) past.to = moment + 0.5;
    });
    return made.filter(({ from, to }) => to > from);
  });

it("blocks whose lives overlap share no byte, kept ones share with none, and each starts a cache line", () => {
  fc.assert(
    fc.property(blocks, (made) => {
      const { offsets, bytes } = planMemory(made);
      made.forEach((a, i) => {
        expect(offsets[i] % 64).toBe(0);
        expect(offsets[i] + a.bytes).toBeLessThanOrEqual(bytes);
        made.slice(0, i).forEach((b, j) => {
          const meet = a.kept || b.kept || (a.from < b.to && b.from < a.to);
          const apart = offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i];
          if (meet && a.bytes > 0 && b.bytes > 0) expect(apart).toBe(true);
        });
      });
    }),
    { seed: 4, numRuns: 300 },
  );
});

it("a block that is given back makes room for the next, together with its neighbours", () => {
  const plan = planMemory([
    { bytes: 64, from: 0, to: 2 },
    { bytes: 100, from: 1, to: 3 },
    { bytes: 192, from: 4, to: 6 },
    { bytes: 64, from: 5, to: 6 },
    { bytes: 300, from: 7, to: 8 },
  ]);
  expect(plan).toEqual({ offsets: [0, 64, 0, 192, 0], bytes: 320 });
});

it("a block takes the smallest place that is large enough, and leaves the larger one to others", () => {
  const plan = planMemory([
    { bytes: 256, from: 0, to: 4 },
    { bytes: 64, from: 1, to: 9 },
    { bytes: 128, from: 2, to: 5 },
    { bytes: 64, from: 3, to: 9 },
    { bytes: 128, from: 6, to: 9 },
    { bytes: 256, from: 7, to: 9 },
  ]);
  expect(plan).toEqual({ offsets: [0, 256, 320, 448, 320, 0], bytes: 512 });
});
