/** What the judge and the box say to each other; each message is one frame (values.ts). */

/** A compiled cell: the lesson's definitions, or the exercise as the student left it. */
export interface BoxCell {
  /** JavaScript as the kernel's compiler makes it. */
  code: string;
  /** How stacks name it. */
  file: string;
}

/** What the box is for: one exercise of one student. */
export interface BoxTask {
  cells: BoxCell[];
  /** The student's function, which a cell declares. */
  name: string;
  /** What normlab is here (guest.ts). */
  modules: string[];
  forbidden: string[];
}

/** To the box. */
export type ToBox =
  | { type: "load"; task: BoxTask }
  | { type: "call"; id: number; args: unknown[] }
  /** What a function of the judge answered, or an iterable of it gave. */
  | { type: "answer"; value: unknown }
  /** What it threw. */
  | { type: "refuse"; message: string };

/** From the box. */
export type FromBox =
  /** `solution` is what the name stands for: a function, if all is well. */
  | { type: "loaded"; solution: unknown }
  /** A cell stopped with an error. */
  | { type: "stopped"; message: string }
  /** `args` when the solution changed them. */
  | { type: "return"; id: number; value: unknown; args?: unknown[] }
  | { type: "throw"; id: number; message: string }
  /** A function of the judge is called, or an iterable of it is read: during a call alone. */
  | { type: "callback"; id: number; args: unknown[] };
