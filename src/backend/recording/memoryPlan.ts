/** Where each block of a step's memory lies: blocks whose lives don't overlap may share a place. */

/** A block, from the moment at which it is asked for up to that at which it is given back. */
export interface Block {
  bytes: number;
  from: number;
  /** Infinity: it is never given back. */
  to: number;
  /** Whether it keeps its values from step to step, and so shares its place with none. */
  kept?: boolean;
}

export interface MemoryPlan {
  /** Of each block, from the start of the plan's memory. */
  offsets: number[];
  bytes: number;
}

/** Bytes of a line of the processor's cache: no two blocks share one. */
export const alignment = 64;

/** A place that is free, in bytes from the start. */
interface Hole {
  start: number;
  end: number;
}

/**
 * Gives each block, in the order they come (`from` must not fall), the smallest hole that it fits into, as `malloc`
 * does, or a place at the end. Blocks that are kept come after all others.
 */
export function planMemory(blocks: readonly Block[]): MemoryPlan {
  const offsets: number[] = [];
  const holes: Hole[] = [];
  let end = 0;
  const append = (index: number): void => {
    const start = holes.at(-1)?.end === end ? holes.pop()!.start : end;
    offsets[index] = start;
    end = start + sizeOf(blocks[index]);
  };

  const shared = blocks.flatMap((block, index) => (block.kept ? [] : [index]));
  const inOrderOfEnd = shared.toSorted((a, b) => blocks[a].to - blocks[b].to);
  let ended = 0;
  for (const index of shared) {
    for (; blocks[inOrderOfEnd[ended]].to <= blocks[index].from; ended++) {
      const past = inOrderOfEnd[ended];
      giveBack(holes, { start: offsets[past], end: offsets[past] + sizeOf(blocks[past]) });
    }
    const size = sizeOf(blocks[index]);
    const hole = smallestFor(size, holes);
    if (hole === undefined) {
      append(index);
    } else {
      offsets[index] = hole.start;
      hole.start += size;
      if (hole.start === hole.end) holes.splice(holes.indexOf(hole), 1);
    }
  }
  holes.length = 0; // what is kept takes none of them
  blocks.forEach((block, index) => block.kept && append(index));
  return { offsets, bytes: end };
}

const sizeOf = ({ bytes }: Block): number => Math.ceil(bytes / alignment) * alignment;

function smallestFor(size: number, holes: Hole[]): Hole | undefined {
  let best: Hole | undefined;
  for (const hole of holes) {
    const room = hole.end - hole.start;
    if (room >= size && (best === undefined || room < best.end - best.start)) best = hole;
  }
  return best;
}

/** Adds a hole to those there, in their order, as one with its neighbours. */
function giveBack(holes: Hole[], hole: Hole): void {
  if (hole.start === hole.end) return;
  const following = holes.findIndex(({ start }) => start > hole.start);
  const place = following < 0 ? holes.length : following;
  const [before, after] = [holes[place - 1], holes[place]];
  const joined = { start: hole.start, end: hole.end };
  const [touchesBefore, touchesAfter] = [before?.end === hole.start, after?.start === hole.end];
  if (touchesBefore) joined.start = before.start;
  if (touchesAfter) joined.end = after.end;
  const first = touchesBefore ? place - 1 : place;
  holes.splice(first, (touchesBefore ? 1 : 0) + (touchesAfter ? 1 : 0), joined);
}
