/** What a cell may show, and how. Kernel and figures both build on this folder. */
export { type Displayable, type DisplayOptions, jupyterDisplay, type MimeBundle } from "./displayable";
export type { ShowOptions } from "./hook";
export { clearOutput, display, input, updateDisplay } from "./show";
export { type LiveDisplay, liveDisplay } from "./live";
