/** What lateness costs: read from the instructor's policy.json. */
import { checkCount, checkOptions, isObject, type OptionChecks, refuse } from "../../tensor/validate";

export interface Policy {
  /** Minutes after the due time that cost nothing. */
  graceMinutes: number;
  /** Percent of the points that are earned, lost for each day begun after that. */
  percentPerDay: number;
  /** Never more than this, in percent; 100: after long enough nothing is left. */
  maxPercent: number;
  /** Other due times, by student. */
  extensions: Record<string, string>;
}

export const noPolicy: Policy = { graceMinutes: 0, percentPerDay: 0, maxPercent: 100, extensions: {} };

/** A moment with its offset, so that it is the same in every time zone: milliseconds since 1970. */
export function checkMoment(argument: string, value: unknown): number {
  const isWhole =
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value));
  if (!isWhole) refuse(argument, value, "a moment with its offset, such as 2027-01-15T23:59+01:00");
  return Date.parse(value);
}

function checkPercent(argument: string, value: unknown): number {
  if (typeof value !== "number" || !(value >= 0 && value <= 100)) {
    refuse(argument, value, "a number from 0 to 100");
  }
  return value;
}

const policyChecks: OptionChecks<Policy> = {
  graceMinutes: checkCount,
  percentPerDay: checkPercent,
  maxPercent: checkPercent,
  extensions(argument, value) {
    if (!isObject(value)) refuse(argument, value, 'an object, { "student": "2027-01-20T23:59+01:00" }');
    for (const [student, due] of Object.entries(value)) checkMoment(`${argument}.${student}`, due);
  },
};

/** Refuses what is no policy; what is left out costs nothing. */
export function policyOf(value: unknown): Policy {
  checkOptions("policy", value, policyChecks, "policy");
  return { ...noPolicy, ...(value as Partial<Policy>) };
}

export interface Lateness {
  /** Days begun after the due time and the grace. */
  daysLate: number;
  /** 0 to 1: what is left of the points. */
  factor: number;
}

/** @param submitted milliseconds since 1970; undefined when it isn't known, which costs nothing */
export function latenessOf(
  policy: Policy,
  due: string | undefined,
  student: string,
  submitted: number | undefined,
): Lateness {
  const until = policy.extensions[student] ?? due;
  if (until === undefined || submitted === undefined) return { daysLate: 0, factor: 1 };
  const over = submitted - (Date.parse(until) + policy.graceMinutes * 60_000);
  const daysLate = Math.max(0, Math.ceil(over / 86_400_000));
  const lost = Math.min(policy.maxPercent, daysLate * policy.percentPerDay);
  return { daysLate, factor: 1 - lost / 100 };
}
