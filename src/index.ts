/** The public surface of normlab: re-exports only. */
export * from "./tensor";
