// Forty submissions of lesson 02 through `normlab grade`, two at a time: how long, and how much memory.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { show, table } from "../statistics.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const program = join(root, "scripts", "normlab.mjs");
const [students, jobs] = [40, 2];

export async function grading(_, { leftOut, log }) {
  const folder = mkdtempSync(join(tmpdir(), "normlab-bench-grading-"));
  try {
    log(`grading ${students} submissions of lesson 02, ${jobs} at a time`);
    const assigned = spawnSync(process.execPath, [
      program,
      "assign",
      "ps1",
      "--lessons",
      "02",
      "--out",
      folder,
    ]);
    if (assigned.status !== 0) throw new Error(String(assigned.stderr));
    writeSubmissions(folder);
    const load = loadavg()[0];
    const args = [
      "grade",
      join(folder, "grader"),
      join(folder, "handed-in"),
      "--out",
      join(folder, "grades"),
    ];
    const measured = await measure([program, ...args, "--jobs", String(jobs)]);
    if (measured.status !== 0) {
      leftOut.push(`grading: ${measured.said.trim().split("\n").at(-1)}`);
      return { text: "### Grading\n\nLeft out." };
    }
    const grades = JSON.parse(readFileSync(join(folder, "grades", "grades.json"), "utf8"));
    const all = grades.students.flatMap(({ exercises }) => exercises);
    const count = (status) => all.filter((each) => each.status === status).length;
    const { seconds, own, tree } = measured;
    return {
      ...{ students, jobs, load, seconds, own, tree, sandbox: grades.sandbox },
      text: [
        `### Grading ${students} submissions of lesson 02, ${jobs} at a time (${grades.sandbox}; load ${load.toFixed(2)} before)`,
        table(
          ["", ""],
          [
            ["all of them, s", show(seconds)],
            ["a submission, s", show(seconds / students)],
            ["memory of the grader, peak, MB", show(own)],
            ["with its boxes, peak, MB (pages that they share count for each)", show(tree)],
          ],
        ),
        `${all.length} exercises: ${count("passed")} passed, ${count("failed")} failed, ${count("refused")} refused.`,
      ].join("\n\n"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In turn the lesson's solutions and the banks' wrong ones; no two submissions are the same. */
function writeSubmissions(folder) {
  const { renderLesson } = createRequire(import.meta.url)("normlab/dist/lesson");
  const file = "lessons/02-batch-norm.md";
  const solved = renderLesson(readFileSync(join(root, file), "utf8"), file, { solutions: true });
  const { exercises } = JSON.parse(readFileSync(join(folder, "grader", "manifest.json"), "utf8"));
  mkdirSync(join(folder, "handed-in"));
  for (let student = 0; student < students; student++) {
    const cells = solved.cells.map((cell) => {
      const at = exercises.findIndex(({ id }) => cell.id === `exercise-${id}`);
      if (at < 0) return cell;
      const isRight = (student + at) % 2 === 0;
      const source = isRight ? cell.source.join("") : wrongSolution(exercises[at], student);
      return { ...cell, source: `// student ${student}\n${source}` };
    });
    const name = `student${String(student).padStart(2, "0")}.ipynb`;
    writeFileSync(join(folder, "handed-in", name), JSON.stringify({ ...solved, cells }));
  }
}

/** A cell with one of the bank's wrong solutions. */
function wrongSolution({ id, solution }, turn) {
  const bank = readFileSync(join(root, "test", "checks", "bank", `${id}.ts`), "utf8");
  const count = [...bank.matchAll(/^ {2}(?:\{ name:|\{\n {4}name:)/gm)].length;
  const own = bank.replace(/^import type \{ Bank \}.*$/m, "").replace(/^export /gm, "");
  const type = "{ name: string; message: RegExp; case?: string; solution: F }";
  return `${own}\ninterface Bank<F> { right: F[]; wrong: ${type}[] }\nconst ${solution} = wrong[${turn % count}].solution;`;
}

/** Runs a Node program; its time, and the most memory that it had, with and without what it started. */
async function measure(args) {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let [own, tree, said] = [0, 0, ""];
  child.stderr.on("data", (part) => (said += part));
  const sample = setInterval(() => {
    const memory = memoryOf(child.pid);
    own = Math.max(own, memory.own);
    tree = Math.max(tree, memory.tree);
  }, 100);
  const status = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(sample);
  return { status, said, own, tree, seconds: (performance.now() - begun) / 1000 };
}

/** Resident megabytes of a process, and of it with all that it started. */
function memoryOf(pid) {
  const processes = new Map();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      processes.set(Number(name), {
        parent: Number(fields[1]),
        megabytes: (Number(fields[21]) * 4096) / 1e6,
      });
    } catch {
      // It has ended.
    }
  }
  const isBelow = (id) => id === pid || (processes.has(id) && isBelow(processes.get(id).parent));
  const below = [...processes].filter(([id]) => isBelow(id));
  return {
    own: processes.get(pid)?.megabytes ?? 0,
    tree: below.reduce((sum, [, { megabytes }]) => sum + megabytes, 0),
  };
}
