export const answers = [
  {
    name: "mean-term-left",
    right: false,
    mistakes: ["the mean of dx̂ is subtracted as well (layer norm's formula)"],
    code: `/** dy, x (N, C), gamma (C) → dx (N, C). */
function rmsNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const rstd = x.square().mean([1], true).add(epsilon).map((v) => 1 / Math.sqrt(v));
  const xHat = x.mul(rstd);
  const dXHat = dy.mul(gamma);
  return dXHat.sub(dXHat.mean([1], true)).sub(xHat.mul(dXHat.mul(xHat).mean([1], true))).mul(rstd);
}`,
  },
  {
    name: "gamma-after",
    right: false,
    mistakes: ["γ multiplies after the mean is taken instead of before"],
    code: `/** dy, x (N, C), gamma (C) → dx (N, C). */
function rmsNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const rstd = x.square().mean([1], true).add(epsilon).map((v) => 1 / Math.sqrt(v));
  const xHat = x.mul(rstd);
  return dy.sub(xHat.mul(dy.mul(xHat).mean([1], true))).mul(rstd).mul(gamma);
}`,
  },
  {
    name: "root-as-constant",
    right: false,
    mistakes: ["the root mean square is treated as a constant"],
    code: `/** dy, x (N, C), gamma (C) → dx (N, C). */
function rmsNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const rms = x.square().mean([1], true).add(epsilon).sqrt();
  return dy.mul(gamma).div(rms);
}`,
  },
  {
    name: "x-for-xhat",
    right: false,
    mistakes: ["x instead of x̂ in the term that is subtracted"],
    code: `/** dy, x (N, C), gamma (C) → dx (N, C). */
function rmsNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const rstd = x.square().mean([1], true).add(epsilon).map((v) => v ** -0.5);
  const dXHat = dy.mul(gamma);
  const projection = x.mul(dXHat.mul(x).mean([1], true));
  return dXHat.sub(projection).mul(rstd);
}`,
  },
  {
    name: "eps-outside-sum",
    right: false,
    mistakes: ["ε is added outside the root", "the mean in dx is a sum, not divided by C"],
    code: `/** dy, x (N, C), gamma (C) → dx (N, C). */
function rmsNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const rms = x.square().mean([1], true).sqrt().add(epsilon);
  const xHat = x.div(rms);
  const dXHat = dy.mul(gamma);
  return dXHat.sub(xHat.mul(dXHat.mul(xHat).sum([1], true))).div(rms);
}`,
  },
  {
    name: "centred-means-over-batch",
    right: false,
    mistakes: ["x is centred first, as in layer norm", "the mean in dx runs over axis 0"],
    code: `/** dy, x (N, C), gamma (C) → dx (N, C). */
function rmsNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const centered = x.sub(x.mean([1], true));
  const rstd = centered.square().mean([1], true).add(epsilon).map((v) => 1 / Math.sqrt(v));
  const xHat = centered.mul(rstd);
  const dXHat = dy.mul(gamma);
  return dXHat.sub(xHat.mul(dXHat.mul(xHat).mean([0]))).mul(rstd);
}`,
  },
  {
    name: "sign-rstd-missing",
    right: false,
    mistakes: ["the part along x̂ is added instead of subtracted", "the final factor r is missing"],
    code: `/** dy, x (N, C), gamma (C) → dx (N, C). */
function rmsNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const rstd = x.square().mean([1], true).add(epsilon).map((v) => 1 / Math.sqrt(v));
  const xHat = x.mul(rstd);
  const dXHat = dy.mul(gamma);
  return dXHat.add(xHat.mul(dXHat.mul(xHat).mean([1], true)));
}`,
  },
  {
    name: "gamma-missing-no-eps",
    right: false,
    mistakes: ["γ is left out", "ε is left out"],
    code: `/** dy, x (N, C), gamma (C) → dx (N, C). */
function rmsNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const [n, c] = x.shape;
  const dx = new Float64Array(n * c);
  for (let i = 0; i < n; i++) {
    let meanSquare = 0;
    let dot = 0;
    for (let j = 0; j < c; j++) meanSquare += x.at(i, j) ** 2 / c;
    const r = 1 / Math.sqrt(meanSquare);
    for (let j = 0; j < c; j++) dot += (dy.at(i, j) * x.at(i, j) * r) / c;
    for (let j = 0; j < c; j++) dx[i * c + j] = r * (dy.at(i, j) - x.at(i, j) * r * dot);
  }
  return x.map((_, k) => dx[k]);
}`,
  },
  {
    name: "expanded-powers",
    right: true,
    mistakes: [],
    code: `/** dy, x (N, C), gamma (C) → dx (N, C). */
function rmsNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const d = dy.mul(gamma);
  const meanSquare = x.square().mean([1], true).add(epsilon);
  const dot = d.mul(x).mean([1], true);
  return d.mul(meanSquare).sub(x.mul(dot)).div(meanSquare.mul(meanSquare.sqrt()));
}`,
  },
  {
    name: "row-loops",
    right: true,
    mistakes: [],
    code: `/** dy, x (N, C), gamma (C) → dx (N, C). */
function rmsNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const [n, c] = x.shape;
  const dx: number[] = [];
  for (let i = 0; i < n; i++) {
    let squares = 0;
    let dot = 0;
    for (let j = 0; j < c; j++) {
      squares += x.at(i, j) ** 2;
      dot += dy.at(i, j) * gamma.at(j) * x.at(i, j);
    }
    const r = (squares / c + epsilon) ** -0.5;
    for (let j = 0; j < c; j++) dx.push(r * dy.at(i, j) * gamma.at(j) - (r ** 3 / c) * dot * x.at(i, j));
  }
  return x.map((_, k) => dx[k]);
}`,
  },
];
