/** What the tests of a file share: a kernel, a server, a browser. */
import { afterAll, beforeEach } from "vitest";

/**
 * Starts something before the first of the tests that follow. A test that is tried again gets a new one, so that the
 * second try begins where the first did; and where a start fails, it is tried again with the test that needed it.
 *
 * `end` throws where a process was found dead or had to be killed. A second try does not make up for that: it fails
 * the file. With `forEachTest`, every test gets a new one.
 */
export function shared<T>(
  start: () => Promise<T>,
  end: (started: T) => Promise<void>,
  { forEachTest = false }: { forEachTest?: boolean } = {},
): void {
  let running: { started: T } | undefined;
  const faults: unknown[] = [];
  const endRunning = async () => {
    const ending = running;
    running = undefined;
    if (ending) await end(ending.started).catch((fault: unknown) => faults.push(fault));
  };
  beforeEach(async ({ task }) => {
    if (forEachTest || task.result?.retryCount) await endRunning();
    running ??= { started: await start() };
  });
  afterAll(async () => {
    await endRunning();
    if (faults.length > 0) throw faults[0];
  });
}
