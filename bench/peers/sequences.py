"""The sequence models of bench/ in PyTorch, each as its users write it."""
import torch
import torch.nn.functional as F
from torch import nn

UNITS = 128
VOCABULARY, LENGTH, HEADS, BLOCKS = 65, 64, 4, 2


class LastOfLSTM(nn.Module):
    """The last output of an LSTM over the rows of an image."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, UNITS, batch_first=True)
        self.head = nn.Linear(UNITS, 10)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class LayerNormLSTM(nn.Module):
    """Layer norm in the gates, as in Ba et al. 2016: PyTorch has no such layer, so a loop over the rows."""

    def __init__(self):
        super().__init__()
        self.of_inputs, self.of_state = nn.Linear(28, 4 * UNITS), nn.Linear(UNITS, 4 * UNITS, bias=False)
        self.norm_inputs, self.norm_state = nn.LayerNorm(4 * UNITS), nn.LayerNorm(4 * UNITS)
        self.norm_cell = nn.LayerNorm(UNITS)
        self.head = nn.Linear(UNITS, 10)

    def forward(self, x):
        h = c = x.new_zeros(len(x), UNITS)
        inputs = self.norm_inputs(self.of_inputs(x))  # of all rows at once
        for t in range(x.shape[1]):
            i, f, g, o = (inputs[:, t] + self.norm_state(self.of_state(h))).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * self.norm_cell(c).tanh()
        return self.head(h)


class Block(nn.Module):
    """A pre-norm block: causal attention, then two dense layers with GELU between them."""

    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(UNITS), nn.LayerNorm(UNITS)
        self.qkv, self.out = nn.Linear(UNITS, 3 * UNITS), nn.Linear(UNITS, UNITS)
        self.up, self.down = nn.Linear(UNITS, 4 * UNITS), nn.Linear(4 * UNITS, UNITS)

    def forward(self, x):
        n, t, c = x.shape
        heads = (part.view(n, t, HEADS, c // HEADS).transpose(1, 2) for part in self.qkv(self.norm1(x)).chunk(3, 2))
        mixed = F.scaled_dot_product_attention(*heads, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(n, t, c))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Transformer(nn.Module):
    """A decoder: the next of 65 characters at each of 64 places."""

    def __init__(self):
        super().__init__()
        self.tokens, self.places = nn.Embedding(VOCABULARY, UNITS), nn.Embedding(LENGTH, UNITS)
        self.blocks = nn.Sequential(*[Block() for _ in range(BLOCKS)])
        self.norm, self.head = nn.LayerNorm(UNITS), nn.Linear(UNITS, VOCABULARY)

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.tokens(x) + self.places.weight)))


MODELS = {"lstm": LastOfLSTM, "layerNormLstm": LayerNormLSTM, "transformer": Transformer}


class Sequences:
    """Training of one of the models on numbers drawn at random: only its time counts."""

    def __init__(self, name):
        self.is_text = name == "transformer"
        self.net = MODELS[name]()
        self.optimizer = torch.optim.Adam(self.net.parameters(), 1e-3, eps=1e-7)

    def step(self, batch):
        if self.is_text:
            text = torch.randint(VOCABULARY, (batch, LENGTH + 1))
            x, y = text[:, :-1], text[:, 1:]
        else:
            x, y = torch.rand(batch, 28, 28), torch.randint(10, (batch,))
        self.optimizer.zero_grad(set_to_none=True)
        output = self.net(x)
        loss = F.cross_entropy(output.flatten(0, -2), y.flatten())
        loss.backward()
        self.optimizer.step()
        return loss.item(), (output.argmax(-1) == y).sum().item()
