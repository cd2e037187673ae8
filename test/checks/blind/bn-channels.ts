export const answers = [
  {
    name: "over-the-channels",
    right: false,
    mistakes: ["averages over the channel axis instead of all others"],
    code: `/** x of any shape; channelAxis from 0 to x.rank − 1. Returns x̂, of x's shape. */
function batchNormChannels(x: Tensor, channelAxis: number, epsilon: number): Tensor {
  const mean = x.mean([channelAxis], true);
  const centered = x.sub(mean);
  const variance = centered.square().mean([channelAxis], true);
  return centered.div(variance.add(epsilon).sqrt());
}`,
  },
  {
    name: "axes-dropped",
    right: false,
    mistakes: ["the reduced axes are dropped, so the statistics line up with the last axis or don't fit"],
    code: `/** x of any shape; channelAxis from 0 to x.rank − 1. Returns x̂, of x's shape. */
function batchNormChannels(x: Tensor, channelAxis: number, epsilon: number): Tensor {
  const axes = x.shape.map((_, i) => i).filter((i) => i !== channelAxis);
  const centered = x.sub(x.mean(axes));
  const variance = centered.square().mean(axes);
  return centered.div(variance.add(epsilon).sqrt());
}`,
  },
  {
    name: "instance",
    right: false,
    mistakes: ["the first axis is never averaged over (instance norm)"],
    code: `/** x of any shape; channelAxis from 0 to x.rank − 1. Returns x̂, of x's shape. */
function batchNormChannels(x: Tensor, channelAxis: number, epsilon: number): Tensor {
  const axes: number[] = [];
  for (let axis = 1; axis < x.rank; axis++) if (axis !== channelAxis) axes.push(axis);
  const centered = x.sub(x.mean(axes, true));
  const rstd = centered.square().mean(axes, true).add(epsilon).map((v) => 1 / Math.sqrt(v));
  return centered.mul(rstd);
}`,
  },
  {
    name: "eps-outside-root",
    right: false,
    mistakes: ["ε is added to the standard deviation, outside the root"],
    code: `/** x of any shape; channelAxis from 0 to x.rank − 1. Returns x̂, of x's shape. */
function batchNormChannels(x: Tensor, channelAxis: number, epsilon: number): Tensor {
  const axes = [...x.shape.keys()].filter((axis) => axis !== channelAxis);
  const centered = x.sub(x.mean(axes, true));
  const deviation = centered.square().mean(axes, true).sqrt();
  return centered.div(deviation.add(epsilon));
}`,
  },
  {
    name: "channels-last-sample",
    right: false,
    mistakes: [
      "the channels are taken to stand at the last axis",
      "the variance is divided by the count − 1",
    ],
    code: `/** x of any shape; channelAxis from 0 to x.rank − 1. Returns x̂, of x's shape. */
function batchNormChannels(x: Tensor, channelAxis: number, epsilon: number): Tensor {
  const axes = x.shape.map((_, i) => i).slice(0, -1);
  const c = x.shape[x.rank - 1];
  const count = x.size / c;
  const centered = x.sub(x.mean(axes));
  const variance = centered.square().sum(axes).div(count - 1);
  return centered.div(variance.add(epsilon).sqrt());
}`,
  },
  {
    name: "instance-no-eps",
    right: false,
    mistakes: ["the first axis is never averaged over (instance norm)", "ε is left out"],
    code: `/** x of any shape; channelAxis from 0 to x.rank − 1. Returns x̂, of x's shape. */
function batchNormChannels(x: Tensor, channelAxis: number, epsilon: number): Tensor {
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis > 0 && axis !== channelAxis);
  const centered = x.sub(x.mean(axes, true));
  return centered.div(centered.square().mean(axes, true).sqrt());
}`,
  },
  {
    name: "axis-zero-falsy-no-root",
    right: false,
    mistakes: [
      "channelAxis 0 is taken as missing and replaced by the last axis",
      "divides by the variance, without the root",
    ],
    code: `/** x of any shape; channelAxis from 0 to x.rank − 1. Returns x̂, of x's shape. */
function batchNormChannels(x: Tensor, channelAxis: number, epsilon: number): Tensor {
  const channel = channelAxis || x.rank - 1;
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== channel);
  const mean = x.mean(axes, true);
  const variance = x.sub(mean).square().mean(axes, true);
  return x.sub(mean).div(variance.add(epsilon));
}`,
  },
  {
    name: "sum-of-squares-uncentred",
    right: false,
    mistakes: ["the squares are summed instead of averaged", "the squares are not centred"],
    code: `/** x of any shape; channelAxis from 0 to x.rank − 1. Returns x̂, of x's shape. */
function batchNormChannels(x: Tensor, channelAxis: number, epsilon: number): Tensor {
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== channelAxis);
  const mean = x.mean(axes, true);
  const variance = x.square().sum(axes, true);
  return x.sub(mean).div(variance.add(epsilon).sqrt());
}`,
  },
  {
    name: "transpose-and-back",
    right: true,
    mistakes: [],
    code: `/** x of any shape; channelAxis from 0 to x.rank − 1. Returns x̂, of x's shape. */
function batchNormChannels(x: Tensor, channelAxis: number, epsilon: number): Tensor {
  const others = x.shape.map((_, axis) => axis).filter((axis) => axis !== channelAxis);
  const order = [channelAxis, ...others];
  const moved = x.transpose(order);
  const flat = moved.reshape([x.shape[channelAxis], -1]);
  const centered = flat.sub(flat.mean([1], true));
  const xHat = centered.div(centered.square().mean([1], true).add(epsilon).sqrt());
  const back = order.map((_, axis) => order.indexOf(axis));
  return xHat.reshape(moved.shape).transpose(back);
}`,
  },
  {
    name: "channel-of-each-cell",
    right: true,
    mistakes: [],
    code: `/** x of any shape; channelAxis from 0 to x.rank − 1. Returns x̂, of x's shape. */
function batchNormChannels(x: Tensor, channelAxis: number, epsilon: number): Tensor {
  const channels = x.shape[channelAxis];
  const stride = x.shape.slice(channelAxis + 1).reduce((a, b) => a * b, 1);
  const channelOf = (i: number) => Math.floor(i / stride) % channels;
  const count = x.size / channels;
  const mean = new Float64Array(channels);
  for (let i = 0; i < x.size; i++) mean[channelOf(i)] += x.data[i] / count;
  const variance = new Float64Array(channels);
  for (let i = 0; i < x.size; i++) variance[channelOf(i)] += (x.data[i] - mean[channelOf(i)]) ** 2 / count;
  return x.map((v, i) => (v - mean[channelOf(i)]) / Math.sqrt(variance[channelOf(i)] + epsilon));
}`,
  },
];
