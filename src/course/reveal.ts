import { type Displayable, DisplayableBase, type MimeBundle } from "../display/displayable";
import { refuse } from "../tensor/validate";
import { isAssigned } from "./record";
import { exercisesOf, readLessons, solutionIn } from "./lessons";

/** A solution, shown as Markdown. */
class Revealed extends DisplayableBase {
  constructor(private readonly markdown: string) {
    super();
  }
  override toBundle(): MimeBundle {
    return { "text/markdown": this.markdown, "text/plain": this.markdown };
  }
}

/**
 * The solution of an exercise, and why it is one: `reveal("bn-forward")`. Try first; the exercise is worth more to you than
 * its solution.
 *
 * @throws RangeError for an exercise that there isn't, and for one of an assignment
 */
export function reveal(id: string): Displayable {
  const lessons = readLessons();
  const lesson = lessons.find((each) => exercisesOf(each).some((exercise) => exercise.id === id));
  const all = lessons.flatMap((each) => exercisesOf(each).map((exercise) => exercise.id));
  if (!lesson) refuse("reveal: the exercise", id, `one of ${all.join(", ")}`);
  if (isAssigned(process.cwd())) {
    refuse(
      "reveal: the exercise",
      id,
      "none of an assignment, whose solutions are not shown before it is graded",
    );
  }
  const { code, why } = solutionIn(lesson, id)!;
  return new Revealed(
    [`**${id}**, a solution:`, `\`\`\`typescript\n${code}\n\`\`\``, ...(why ? [why] : [])].join("\n\n"),
  );
}
