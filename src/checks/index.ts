/** Checks of the exercises: what each must satisfy, with messages that name the mistake. */
export { Report, type CheckOptions, type CheckResult, type ReportStatus } from "./report";
