import type { Lesson, LessonCell, LessonLink, Pass, Variant } from "../lesson";

const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join("\n");

/** Links to the lessons before and after this one. */
function neighbours({ course: { previous, next } = {} }: Variant): string[] {
  const links = [
    ...(previous ? [`← [${nameOf(previous)}](${previous.id}.ipynb)`] : []),
    ...(next ? [`[${nameOf(next)}](${next.id}.ipynb) →`] : []),
  ];
  return links.length > 0 ? [links.join(" · ")] : [];
}

/** "03 The way back through batch norm"; what stands before or behind the lessons has no number. */
const nameOf = ({ id, title }: LessonLink) => (/^(00|9\d)-/.test(id) ? title : `${id.slice(0, 2)} ${title}`);

function titleOf(lesson: Lesson, variant: Variant): LessonCell {
  const { solutions, graded } = variant;
  const kind = [...(solutions ? ["with solutions"] : []), ...(graded ? ["with hidden tests"] : [])];
  const parts = [
    ...neighbours(variant),
    `# ${lesson.title}${kind.length ? ` (${kind.join(", ")})` : ""}`,
    `About ${lesson.minutes} minutes. After this lesson you can\n\n${list(lesson.objectives)}`,
    ...(lesson.prerequisites.length ? [`Before it, you should know\n\n${list(lesson.prerequisites)}`] : []),
    `<sub>Generated from \`${lesson.file}\`: changes to this file in \`notebooks/\` are lost. Your own copy is the one in \`work/\`.</sub>`,
  ];
  return { kind: "markdown", role: "text", attributes: {}, source: parts.join("\n\n"), line: 1 };
}

/**
 * The first cell: title, time, objectives, prerequisites, and the note that the file is generated.
 * A heading of the first order at the top of the text (for readers of the Markdown) would repeat the title.
 */
export const titleCell: Pass = (lesson, variant) => {
  const [first, ...rest] = lesson.cells;
  const text = first?.role === "text" ? first.source.replace(/^# .*\n*/, "") : first?.source;
  const opening = text ? [{ ...first, source: text }] : [];
  return { ...lesson, cells: [titleOf(lesson, variant), ...opening, ...rest] };
};
