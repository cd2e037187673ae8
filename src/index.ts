/** The public surface of normlab: re-exports only. */
export * from "./tensor";
export * from "./display";
export * from "./norm";
export * as layers from "./layers";
export * from "./backend";
export * from "./probe";
export * from "./text";
export * from "./data";
export * from "./train";
export * from "./figures";
export * as checks from "./checks";
export * from "./own";
export * from "./course";
