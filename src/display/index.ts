/** What a cell may show, and how. This folder imports nothing of the project: kernel and figures both build on it. */
export { type Displayable, type DisplayOptions, jupyterDisplay, type MimeBundle } from "./displayable";
export type { ShowOptions } from "./hook";
export { clearOutput, display, input, updateDisplay } from "./show";
export { type LiveDisplay, liveDisplay } from "./live";
