/** What nobody caught: an exception in a timer, a rejection without a handler. It must not end this process. */

/**
 * Tells of it before any listener hears it, and whatever listeners do. Packages leave some that throw, as those of
 * Emscripten (tfjs's wasm backend) rethrow what they are given, or take others away: without this, Node would end
 * the process, and all variables with it.
 */
export function hearUncaught(tell: (thrown: unknown) => void): void {
  const emit = process.emit.bind(process) as (event: string, ...values: unknown[]) => boolean;
  const heard = (event: string, ...values: unknown[]): boolean => {
    if (event !== "uncaughtException" && event !== "unhandledRejection") return emit(event, ...values);
    const [thrown] = values;
    tell(thrown);
    try {
      emit(event, ...values);
    } catch (error) {
      if (error !== thrown) tell(error);
    }
    return true;
  };
  process.emit = heard as typeof process.emit;
}
