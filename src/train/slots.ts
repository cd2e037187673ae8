import type { Interrupt } from "./interrupt";

/** Lets at most `limit` tasks run at a time; the rest wait in the order they came. */
export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.free = limit;
  }

  /** Runs `task` when a slot is free; gives up waiting, and answers nothing, when interrupted before. */
  async use<T>(interrupt: Interrupt, task: () => Promise<T>): Promise<T | undefined> {
    if (!(await this.acquire(interrupt))) return undefined;
    try {
      return await task();
    } finally {
      this.free++;
      this.waiting.shift()?.();
    }
  }

  private acquire(interrupt: Interrupt): Promise<boolean> {
    return new Promise((resolve) => {
      const begin = () => {
        forget();
        this.free--;
        resolve(true);
      };
      const giveUp = () => {
        const place = this.waiting.indexOf(begin);
        if (place >= 0) this.waiting.splice(place, 1);
        resolve(false);
      };
      let forget = () => {};
      if (interrupt.by !== undefined) return giveUp();
      if (this.free > 0) return begin();
      this.waiting.push(begin);
      forget = interrupt.onInterrupt(giveUp);
    });
  }
}
