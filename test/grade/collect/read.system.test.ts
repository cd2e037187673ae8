/** A large submission is read by a process of its own, which may run out of memory. */
import { describe, expect, it } from "vitest";
import { readWork } from "../../../dist/grade/collect/read";

const assigned = {
  notebooks: [{ file: "02-x.ipynb", title: "X", hash: "", locked: {} }],
  exercises: [{ id: "a-b", notebook: "02-x.ipynb", points: 3, stub: "stub" }],
  questions: [],
};
const cell = '{"cell_type":"code","id":"exercise-a-b","source":"mine é"}';
const read = (outputs: string, limits?: { megabytes: number; seconds: number }) =>
  readWork(
    new Map([["ada/02-x.ipynb", Buffer.from(`{"cells":[${cell},{"outputs":[${outputs}]}]}`)]]),
    assigned,
    limits,
  );

describe("a large submission", () => {
  it("is read as a small one", async () => {
    const small = await read("[]");
    expect(small).toEqual({ exercises: { "a-b": "mine é" }, answers: {}, remarks: [] });
    expect(await read(JSON.stringify("x".repeat(25e6)))).toEqual(small);
  });

  it("that needs more memory than there is costs no other's grade", async () => {
    const works = await Promise.all([
      read(`${"[],".repeat(12e6)}[]`, { megabytes: 150, seconds: 120 }),
      read('"x"'),
    ]);
    expect(works[0]).toMatchObject({
      exercises: {},
      remarks: ["02-x.ipynb: it can't be read: it is too large; clear its outputs"],
    });
    expect(works[1].exercises).toEqual({ "a-b": "mine é" });
  });
});
