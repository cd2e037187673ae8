/** Images of 2 × 3 pixels whose class is the brightest of their first three pixels: quick to learn. */
import { type ImageExamples, randomGenerator } from "normlab";

function examples(seed: number, count: number): ImageExamples {
  const random = randomGenerator(seed);
  const images = Uint8Array.from({ length: count * 6 }, () => random.integer(256));
  const labels = Uint8Array.from({ length: count }, (_, i) => {
    const row = [...images.subarray(i * 6, i * 6 + 3)];
    return row.indexOf(Math.max(...row));
  });
  return { images, labels, shape: [count, 2, 3, 1] };
}

export const tiny = { train: examples(1, 400), test: examples(2, 100) };
