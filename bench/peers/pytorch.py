"""PyTorch for bench/: python pytorch.py THREADS MNIST_FOLDER IMAGES"""
import re
import sys
import time

import torch
import torch.nn.functional as F
from mnist import load_mnist, milliseconds, serve
from sequences import Sequences
from torch import nn

threads, folder, images = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
torch.set_num_interop_threads(1)
torch.manual_seed(0)

x, y, x_test, y_test = (torch.from_numpy(a.copy()) for a in load_mnist(folder, images))
x, x_test = (a[:, None].float() / 255 for a in (x, x_test))
y, y_test = y.long(), y_test.long()
split = int(len(x) * (1 - 0.1))
models = {}


class ChannelLayerNorm(nn.Module):
    """Keras's default layer norm on images: each pixel over its channels."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(channels, eps=1e-3)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def norm_layer(norm, channels):
    if norm == "batchNorm":
        return [nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)]
    return [ChannelLayerNorm(channels)] if norm == "layerNorm" else []


def build(norm):
    return nn.Sequential(
        *[nn.Conv2d(1, 32, 3), nn.ReLU(), *norm_layer(norm, 32), nn.MaxPool2d(2)],
        *[nn.Conv2d(32, 64, 3), nn.ReLU(), *norm_layer(norm, 64), nn.MaxPool2d(2)],
        *[nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10)],
    )


class Training:
    def __init__(self, norm, layout, compiled):
        self.format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        self.net = build(norm).to(memory_format=self.format)
        self.forward = torch.compile(self.net) if compiled else self.net
        self.optimizer = torch.optim.Adam(self.net.parameters(), 1e-3, eps=1e-7)
        self.order, self.at = torch.randperm(split), 0

    def inputs(self, pixels):
        return pixels.contiguous(memory_format=self.format)

    def step(self, indices):
        """One step on the images at `indices`: loss and number of right answers."""
        self.optimizer.zero_grad(set_to_none=True)
        output, labels = self.forward(self.inputs(x[indices])), y[indices]
        loss = F.cross_entropy(output, labels)
        loss.backward()
        self.optimizer.step()
        return loss.item(), (output.argmax(1) == labels).sum().item()

    def next_step(self, batch):
        """A step on the next `batch` images of a random order."""
        if self.at + batch > split:
            self.order, self.at = torch.randperm(split), 0
        self.at += batch
        return self.step(self.order[self.at - batch : self.at])

    def accuracy(self, pixels, labels):
        self.net.eval()
        with torch.no_grad():
            right = sum(
                (self.net(self.inputs(p)).argmax(1) == l).sum().item()
                for p, l in zip(pixels.split(100), labels.split(100))
            )
        self.net.train()
        return right / len(labels)


def prepare(id, norm, layout="default", compiled=False):
    models[id] = Training(norm, layout, compiled)
    return {}


def steps(id, batch, count):
    return {"times": milliseconds(lambda: models[id].next_step(batch), count)}


def epoch(id, batch):
    began = time.perf_counter()
    right = sum(models[id].step(indices)[1] for indices in torch.randperm(split).split(batch))
    validation = models[id].accuracy(x[split:], y[split:])
    return {"seconds": time.perf_counter() - began, "accuracy": right / split, "validationAccuracy": validation}


def evaluate(id):
    return {"accuracy": models[id].accuracy(x_test, y_test)}


def normalization(norm, shape, layout, count, warm_up):
    n, height, width, channels = shape
    format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    layer = norm_layer(norm, channels)[0].to(memory_format=format)
    image = torch.randn(n, channels, height, width).contiguous(memory_format=format).requires_grad_()
    dy = torch.randn(n, channels, height, width).contiguous(memory_format=format)

    def step():
        image.grad = None
        layer.zero_grad(set_to_none=True)
        layer(image).backward(dy)

    return {"times": milliseconds(step, count, warm_up)}


def sequences(name, batch, count):
    models.setdefault(name, Sequences(name))
    return {"times": milliseconds(lambda: models[name].step(batch), count)}


def hello():
    """Also what it computes with: a PyTorch on slower libraries than its users have would be no peer."""
    blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    libraries = [f"BLAS {blas[1] if blas else 'unknown'}", f"oneDNN {torch.backends.mkldnn.is_available()}"]
    return {
        "version": f"{torch.__version__} ({', '.join(libraries)}, {torch.backends.cpu.get_cpu_capability()})",
        "threads": torch.get_num_threads(),
    }


serve({f.__name__: f for f in (hello, prepare, steps, sequences, epoch, evaluate, normalization)})
