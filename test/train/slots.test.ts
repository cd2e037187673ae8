import { describe, expect, it } from "vitest";
import { listenForInterrupt } from "../../dist/train/interrupt";
import { Slots } from "../../dist/train/slots";
import { within } from "../support/within";

describe("Slots", () => {
  it("one who gave up waiting keeps no slot, and the next has its turn", async () => {
    const slots = new Slots(1);
    const patient = listenForInterrupt(undefined);
    const controller = new AbortController();
    let finish = () => {};
    const first = slots.use(patient, () => new Promise<string>((done) => (finish = () => done("first"))));
    const interrupted = slots.use(listenForInterrupt(controller.signal), () => Promise.resolve("never"));
    const last = slots.use(patient, () => Promise.resolve("last"));

    controller.abort();
    expect(await within(5000, "the interrupted one", interrupted)).toBeUndefined();
    finish();
    expect(await within(5000, "the first", first)).toBe("first");
    expect(await within(5000, "the one that waited behind the interrupted", last)).toBe("last");
    expect(
      await within(
        5000,
        "one that comes later",
        slots.use(patient, () => Promise.resolve(4)),
      ),
    ).toBe(4);
  });

  it("lets no more run at a time than it has slots, in the order they came", async () => {
    const slots = new Slots(2);
    const patient = listenForInterrupt(undefined);
    const began: number[] = [];
    let running = 0;
    let most = 0;
    const task = (i: number) => async () => {
      began.push(i);
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    };
    const all = Promise.all([1, 2, 3, 4, 5].map((i) => slots.use(patient, task(i))));
    await within(5000, "five tasks in two slots", all);
    expect(began).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });
});
