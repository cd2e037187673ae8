// What a person sees while steps run, one or several at once: on a terminal one line that is rewritten for all of
// them, elsewhere whole lines, one a step every half minute.
const running = new Set();

const seconds = ({ started }) => Math.round((Date.now() - started) / 1000);
const line = (step) => `${step.title} … ${seconds(step)} s${step.detail && `, ${step.detail}`}`;

const erase = () => {
  if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
};

function show(step) {
  if (!process.stdout.isTTY) return console.log(line(step));
  // A line that wrapped could not be rewritten.
  const all = [...running].map(line).join(" · ");
  erase();
  process.stdout.write(all.slice(0, (process.stdout.columns || 80) - 1));
}

/** Shows that `work` goes on until it ends; what it calls its argument with is shown beside its time. */
export async function withProgress(title, work) {
  const step = { title, detail: "", started: Date.now() };
  running.add(step);
  show(step);
  const timer = setInterval(show, process.stdout.isTTY ? 500 : 30_000, step);
  try {
    await work((detail) => (step.detail = detail));
    erase();
    console.log(`${title}: done in ${seconds(step)} s`);
  } finally {
    clearInterval(timer);
    running.delete(step);
    erase();
  }
}
