/** No wait without an end, and none that doesn't say what it waited for. */

/** What a promise gives, or after some time an error that names what was awaited, and what had come by then. */
export async function within<T>(
  milliseconds: number,
  what: string,
  promise: Promise<T>,
  cameSoFar: () => string = () => "",
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      const came = cameSoFar();
      fail(new Error(`waited ${milliseconds / 1000} s for ${what}${came && `; what came: ${came}`}`));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
