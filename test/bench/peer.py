"""
Trains the benchmark's models in PyTorch on the CPU, for `npm run bench -- --peer`.

Told what to do by lines of JSON on standard input, as worker.ts is:
  {"open": {"model": "deepfm", "rows": 100000, "batch": 1024, "tables": "sparse", ...}}   builds it; answers {}
  {"run": 20}     trains so many steps; answers {"seconds": 0.31}
  {"memory": 0}   answers {"megabytes": 512}, the most that the process has held so far

Three ways to train the tables, everything else alike:
  fields   an nn.Embedding for each field, with one Adam over everything: what DeepCTR-Torch, FuxiCTR and torch-rechub do
  dense    one nn.Embedding for all fields, with the same Adam: what pytorch-fm and RecBole do
  sparse   one nn.Embedding(sparse=True) with SparseAdam, and a fused Adam for the rest: PyTorch's best

The ids are uniform over the rows, the labels random; the data lie in memory, as in bench.ts.
"""

import json
import resource
import sys
import time

import torch
from torch import nn


def table(rows, dim, sparse):
    t = nn.Embedding(rows, dim, sparse=sparse)
    nn.init.normal_(t.weight, 0, 0.01)
    return t


class TablePerField(nn.Module):
    """Looks up column f of x in a table of its own; its rows are those that field f owns in one table for all."""

    def __init__(self, s, dim):
        super().__init__()
        self.share = share(s)
        self.tables = nn.ModuleList(table(self.share + 1, dim, False) for _ in range(s["fields"]))

    def forward(self, x):
        return torch.stack([t(x[:, f] - self.share * f) for f, t in enumerate(self.tables)], 1)


def share(s):
    """Rows that each field owns in one table for all fields."""
    return (s["rows"] - 1) // s["fields"]


def field_table(s, dim):
    return TablePerField(s, dim) if s["tables"] == "fields" else table(s["rows"], dim, s["tables"] == "sparse")


def perceptron(width, units):
    layers = []
    for n in units:
        layers += [nn.Linear(width, n), nn.ReLU()]
        width = n
    return nn.Sequential(*layers, nn.Linear(width, 1))


class LR(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.linear, self.bias = field_table(s, 1), nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return self.linear(x).sum((1, 2)) + self.bias


class FM(LR):
    def __init__(self, s):
        super().__init__(s)
        self.factors = field_table(s, s["dim"])

    def forward(self, x):
        return super().forward(x) + pairs(self.factors(x))


def pairs(e):
    return 0.5 * (e.sum(1).square() - e.square().sum(1)).sum(1)


class DeepFM(FM):
    def __init__(self, s):
        super().__init__(s)
        self.mlp = perceptron(s["fields"] * s["dim"], s["units"])

    def forward(self, x):
        e = self.factors(x)
        return LR.forward(self, x) + pairs(e) + self.mlp(e.flatten(1)).squeeze(1)


class DCN(nn.Module):
    """x_{l+1} = x_0 (x_l . w_l) + b_l + x_l, three layers, beside a perceptron."""

    def __init__(self, s):
        super().__init__()
        width = s["fields"] * s["dim"]
        self.factors = field_table(s, s["dim"])
        self.w = nn.ParameterList(nn.Parameter(0.01 * torch.randn(width, 1)) for _ in range(3))
        self.b = nn.ParameterList(nn.Parameter(torch.zeros(width)) for _ in range(3))
        self.deep = perceptron(width, s["units"])[:-1]
        self.out = nn.Linear(width + s["units"][-1], 1)

    def forward(self, x):
        x0 = xl = self.factors(x).flatten(1)
        for w, b in zip(self.w, self.b):
            xl = x0 * (xl @ w) + b + xl
        return self.out(torch.cat([xl, self.deep(x0)], 1)).squeeze(1)


class DIN(nn.Module):
    """Columns of x: candidate's goods, candidate's category, history of goods, history of categories."""

    def __init__(self, s):
        super().__init__()
        self.length, k, sparse = s["history"], s["dim"], s["tables"] == "sparse"
        self.goods, self.category = table(s["rows"], k, sparse), table(s["categories"], k, sparse)
        self.attention = perceptron(4 * 2 * k, [80, 40])
        self.mlp = perceptron(2 * 2 * k, [80, 40])

    def forward(self, x):
        t = self.length
        v = torch.cat([self.goods(x[:, 0]), self.category(x[:, 1])], 1)
        e = torch.cat([self.goods(x[:, 2 : 2 + t]), self.category(x[:, 2 + t :])], 2)
        vt = v.unsqueeze(1).expand_as(e)
        a = self.attention(torch.cat([vt, e, vt - e, vt * e], 2)).squeeze(2)
        a = a * (x[:, 2 : 2 + t] != 0)
        interest = torch.bmm(a.unsqueeze(1), e).squeeze(1)
        return self.mlp(torch.cat([interest, v], 1)).squeeze(1)


MODELS = {"lr": LR, "fm": FM, "deepfm": DeepFM, "dcn": DCN, "din": DIN}


def data(s, impressions):
    if s["model"] != "din":
        # Field f owns an equal share of the rows.
        return torch.randint(1, share(s) + 1, (impressions, s["fields"])) + share(s) * torch.arange(s["fields"])
    goods = torch.randint(1, s["rows"], (impressions, 1 + s["history"]))
    category = torch.randint(1, s["categories"], (impressions, 1 + s["history"]))
    return torch.cat([goods[:, :1], category[:, :1], goods[:, 1:], category[:, 1:]], 1)


class Run:
    def __init__(self, s):
        self.batch = s["batch"]
        self.x = data(s, s["impressions"])
        self.y = (torch.rand(s["impressions"]) < 0.3).float()
        self.order = torch.randperm(s["impressions"])
        self.at = 0
        self.model = MODELS[s["model"]](s)
        tables = [m.weight for m in self.model.modules() if isinstance(m, nn.Embedding)]
        rest = [p for p in self.model.parameters() if all(p is not t for t in tables)]
        if s["tables"] == "sparse":
            self.optimizers = [torch.optim.SparseAdam(tables), torch.optim.Adam(rest, fused=True)]
        else:
            self.optimizers = [torch.optim.Adam(tables + rest)]
        self.loss = nn.BCEWithLogitsLoss()

    def step(self):
        if self.at + self.batch > len(self.order):
            self.at = 0
        rows = self.order[self.at : self.at + self.batch]
        self.at += self.batch
        x, y = self.x[rows], self.y[rows]
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        self.loss(self.model(x), y).backward()
        for optimizer in self.optimizers:
            optimizer.step()


def main():
    torch.manual_seed(1)
    torch.set_num_threads(int(sys.argv[1]))
    answer = {"version": torch.__version__, "threads": torch.get_num_threads()}
    print(json.dumps(answer), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "open" in request:
            run = Run(request["open"])
            answer = {}
        elif "run" in request:
            start = time.perf_counter()
            for _ in range(request["run"]):
                run.step()
            answer = {"seconds": time.perf_counter() - start}
        else:
            answer = {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
        print(json.dumps(answer), flush=True)


main()
