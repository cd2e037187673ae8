/** How students are called on pages and in tables. */
import type { StudentGrade } from "../grading/grade";
import { escapeHtml } from "./html";

type Named = Pick<StudentGrade, "student" | "firstName" | "lastName">;

const isChinese = (name: string): boolean => /^\p{Script=Han}+$/u.test(name);

/** 李伟 is called by the family's name first. */
export const fullName = ({ student, firstName, lastName }: Named): string =>
  isChinese(firstName) && isChinese(lastName)
    ? lastName + firstName
    : [firstName, lastName].filter(Boolean).join(" ") || student;

/** A student's name, and what the tables call them; a name may turn the direction of writing, but only its own. */
export function nameHtml(student: Named): string {
  const [name, key] = [fullName(student), student.student];
  const code = `<code><bdi>${escapeHtml(key)}</bdi></code>`;
  return name === key ? `<b>${code}</b>` : `<b><bdi>${escapeHtml(name)}</bdi></b> ${code}`;
}
