/** `npx normlab <command>`: the table of commands, which the npm scripts call too. */
import { type Commands, dispatch } from "./dispatch";

const commands: Commands = {
  start: {
    summary: "open JupyterLab on your own copies of the lessons (npm start sets up first)",
    load: () => import("./start"),
  },
  lessons: {
    summary: "make the notebooks from lessons/*.md, and execute them",
    load: () => import("./lessons"),
  },
  reproduce: {
    summary: "draw every figure and table of the lessons into files, with a manifest",
    load: () => import("./reproduce"),
  },
  submit: {
    summary: "for students: pack an assignment to be handed in, and say what is not done",
    load: () => import("./submit"),
  },
  assign: {
    summary: "make an assignment of lessons: what students get, and what grades it",
    load: () => import("./assign"),
  },
  grade: {
    summary: "grade a folder of submissions",
    load: () => import("./grade"),
  },
  judge: {
    summary: "judge one notebook, for nbgrader's graded cells",
    load: () => import("./judge"),
  },
  gradescope: {
    summary: "grade the submission in Gradescope's container",
    load: () => import("./gradescope"),
  },
  run: {
    summary: "train what CONFIG.json describes and write the Run to a file",
    load: () => import("./run"),
  },
};

void dispatch(commands, process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
