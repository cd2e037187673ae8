import type { Tensor } from "../../tensor";
import { checkOptions, checkSameShape, checkText, refuse } from "../../tensor/validate";
import { imageGrid } from "../charts/imageGrid";
import type { Figure } from "../figure";
import { checkRange, checkTensors } from "../options";
import { inWords, listed } from "../words";

/** The channels of some images, (N, H, W, C), before a normalization and after it. */
export interface ChannelImages {
  x: Tensor;
  xHat: Tensor;
}

/** Each channel of each image as a grey picture, one row a channel: x on the left, x̂ on the right, on one scale. */
export function channelImages(
  images: ChannelImages,
  options: { title: string; range?: [number, number] },
): Figure {
  checkOptions<typeof options>("channelImages", options, {
    title: { required: checkText },
    range: checkRange,
  });
  checkTensors("channelImages", images, ["x", "xHat"]);
  const { x, xHat } = images;
  const { title, range = [-3, 3] } = options;
  if (x.rank !== 4) refuse("channelImages: x", x, "of shape [N, H, W, C]");
  checkSameShape("channelImages: xHat", xHat, x.shape, "like x");
  const [n, height, width, channels] = x.shape;
  const pixelsOf = (images: Tensor, image: number, channel: number) =>
    Array.from(
      { length: height * width },
      (_, k) => images.data[(image * height * width + k) * channels + channel],
    );
  const each = (count: number) => Array.from({ length: count }, (_, i) => i);
  const named: [string, Tensor][] = [
    ["x", x],
    ["x̂", xHat],
  ];
  const rounded = (pixels: number[]) => pixels.map((value) => Number(value.toFixed(3)));
  const pictures = each(channels).flatMap((c) =>
    named.flatMap(([name, images]) =>
      each(n).map((i) => ({ pixels: rounded(pixelsOf(images, i, c)), title: `${name}, channel ${c + 1}` })),
    ),
  );
  const spans = (images: Tensor) =>
    listed(
      each(channels).map((c) => {
        const pixels = each(n).flatMap((i) => pixelsOf(images, i, c));
        return `from ${inWords(Math.min(...pixels))} to ${inWords(Math.max(...pixels))}`;
      }),
    );
  const [low, high] = range.map((value) => String(value).replace("-", "−"));
  return imageGrid(pictures, {
    title,
    caption: `All pictures on one scale, from ${low} (as the paper) to ${high} (as the ink); beyond it as its ends.`,
    width,
    columns: 2 * n,
    gapEvery: n,
    range,
    description: `${channels} channels of ${n} images as grey pictures. Before, the channels reach ${spans(x)}; after, ${spans(xHat)}. On one common scale of grey, only afterwards can all of them be seen.`,
  });
}
