/** What a person can mend: an assignment that is none, a zip that can't be read. The message says what and how. */
export class CourseworkError extends Error {}
