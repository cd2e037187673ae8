/** The students of a course, from the instructor's list. */
import { checkMoment } from "../assignment/policy";
import type { Submission } from "../collect/find";
import { CourseworkError } from "../errors";
import { columnNamed, readCsv } from "./csv";

export interface Person {
  /** As grades name them. */
  student: string;
  firstName: string;
  lastName: string;
  email: string;
  lmsId: string;
  /** When it was handed in, if the list says so: milliseconds since 1970. */
  submitted?: number;
}

/** @throws CourseworkError, for a list without a column of students too */
export function readRoster(path: string): Person[] {
  const { header, rows } = readCsv(path);
  const column = {
    student: columnNamed(header, "student", "student_id", "id", "SIS Login ID", "username", "login"),
    firstName: columnNamed(header, "first_name", "first name", "given name"),
    lastName: columnNamed(header, "last_name", "last name", "surname"),
    name: columnNamed(header, "name", "full name", "student name"),
    email: columnNamed(header, "email", "email address"),
    lmsId: columnNamed(header, "lms_id", "canvas id", "moodle id", "identifier"),
    submitted: columnNamed(header, "submitted", "submitted at"),
  };
  const { student } = column;
  if (student === undefined) {
    throw new CourseworkError(
      `${path} has no column "student"; it has ${header.join(", ")}. The others that are read: first_name, last_name, email, lms_id, submitted`,
    );
  }
  const people = rows.map((row): Person => {
    const at = (name: keyof typeof column) => (column[name] === undefined ? "" : row[column[name]].trim());
    const [lastName = "", firstName = ""] = at("name").split(/\s*,\s*/);
    const submitted = at("submitted");
    return {
      student: row[student].trim(),
      firstName: at("firstName") || firstName,
      lastName: at("lastName") || lastName,
      email: at("email"),
      // Moodle's export calls its numbers "Participant 815".
      lmsId: at("lmsId").replace(/^\D+/, ""),
      ...(submitted && { submitted: checkMoment(`${path}: submitted`, submitted) }),
    };
  });
  const all = people.map(({ student }) => student);
  const twice = all.find((each, i) => all.indexOf(each) < i);
  if (twice !== undefined) throw new CourseworkError(`${path} has two students "${twice}"`);
  return people;
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^\p{L}\p{N}]/gu, "");

/** Whose a submission is: by the LMS's number, else by name; undefined when nobody, or more than one, fits. */
export function personOf(submission: Submission, roster: readonly Person[]): Person | undefined {
  const byId = roster.find(({ lmsId }) => lmsId !== "" && lmsId === submission.lmsId);
  if (byId) return byId;
  const exact = roster.find(({ student }) => student === submission.student);
  if (exact) return exact;
  const name = plain(submission.student);
  const fitting = roster.filter(({ student, firstName, lastName, email }) =>
    [student, firstName + lastName, lastName + firstName, email].some(
      (each) => each !== "" && plain(each) === name,
    ),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}
