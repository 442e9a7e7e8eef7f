"""Makes models.json: logits, loss and gradients of every model, computed by PyTorch in float64.

Written from the papers' equations, one impression at a time and with plain loops over pairs, so that it shares no
trick with lib/. Autograd gives the gradients. Weights are from N(0, 0.6²), so that no part is too small to be
missed and no click is so certain that its gradient vanishes; id 0 means nothing.

    python test/golden/models.py            writes models.json
    python test/golden/models.py --check    computes everything again and compares it with models.json

Made with torch 2.15 on Python 3.11; needs nothing but torch.
"""
import itertools
import json
import math
import pathlib
import random
import sys

import torch

from differences import differences

torch.set_default_dtype(torch.float64)
FILE = pathlib.Path(__file__).with_suffix(".json")

SIZES = {"country": 4, "site": 5, "ad": 6, "tags": 5}  # vocabulary sizes, id 0 included
ROWS = [
    {"country": 1, "site": 2, "ad": 5, "tags": [1, 3, 0], "price": 0.5},
    {"country": 3, "site": 4, "ad": 1, "tags": [4, 0, 0], "price": -1.25},
    {"country": 2, "site": 0, "ad": 3, "tags": [0, 0, 0], "price": 2.0},
    {"country": 1, "site": 2, "ad": 4, "tags": [2, 2, 4], "price": 0.0},
]
FIELDS = list(SIZES)

ITEMS = {"user": 4, "item": 7, "category": 4}
HISTORIES = [
    {"user": 1, "item": 3, "category": 1, "price": 0.5, "clicks": [[2, 1], [3, 1], [6, 3], [0, 0]], "buys": [3, 0]},
    {"user": 3, "item": 6, "category": 3, "price": -1.25, "clicks": [[5, 0], [0, 0], [6, 3], [1, 2]], "buys": [5, 4]},
    {"user": 2, "item": 1, "category": 2, "price": 2.0, "clicks": [[0, 0]] * 4, "buys": [0, 0]},
    {"user": 1, "item": 2, "category": 1, "price": 1.0, "clicks": [[4, 2], [0, 0], [0, 0], [0, 0]], "buys": [0, 2]},
]
LABELS = torch.tensor([1.0, 0.0, 1.0, 0.0])
K = 3


class Weights(dict):
    """Weights by name, drawn when first asked for; the name decides the numbers."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def get(self, name, *shape):
        if name not in self:
            self[name] = torch.tensor(draw(f"{self.model} {name}", math.prod(shape))).reshape(shape).requires_grad_()
        return self[name]

    def fixed(self, name, *shape):
        """Numbers that are not trained: moving averages. A variance is positive."""
        if name not in self:
            values = draw(f"{self.model} {name}", math.prod(shape))
            self[name] = torch.tensor([round(x * x + 0.5, 3) if name.endswith("variance") else x for x in values]).reshape(shape)
        return self[name]


def draw(seed, n):
    """n numbers from N(0, 0.6²), 3 digits each (Box and Muller)."""
    uniform = random.Random(seed).random
    return [round(0.6 * math.sqrt(-2 * math.log(1 - uniform())) * math.cos(2 * math.pi * uniform()), 3) for _ in range(n)]


def ids_of(row):
    """(field, id) of all ids of an impression: the active features."""
    pairs = []
    for field in FIELDS:
        for i in row[field] if isinstance(row[field], list) else [row[field]]:
            if i != 0:
                pairs.append((field, i))
    return pairs


def linear(w, row):
    return sum((w.get(f"linear.{f}", SIZES[f], 1)[i, 0] for f, i in ids_of(row)), torch.tensor(0.0))


def vectors(w, row, name="factors", k=K):
    return [w.get(f"{name}.{f}", SIZES[f], k)[i] for f, i in ids_of(row)]


def fields(w, row, name="embeddings", k=K):
    """One vector per field: a sequence's is the mean over its ids, that of nothing is 0."""
    result = []
    for f in FIELDS:
        table = w.get(f"{name}.{f}", SIZES[f], k)
        ids = [i for i in (row[f] if isinstance(row[f], list) else [row[f]]) if i != 0]
        result.append(sum((table[i] for i in ids), torch.zeros(k)) / max(len(ids), 1))
    return result


def mlp(w, x, units, activation, name="mlp", output=True):
    """x: one row. activation(x, name) gets the layer's name, for those that have weights."""
    for layer, n in enumerate(units):
        prefix = f"{name}/{layer}"
        x = activation(x @ w.get(f"{prefix}/kernel", x.shape[-1], n) + w.get(f"{prefix}/bias", n), prefix)
    if not output:
        return x
    prefix = f"{name}/{len(units)}"
    return (x @ w.get(f"{prefix}/kernel", x.shape[-1], 1) + w.get(f"{prefix}/bias", 1))[..., 0]


def relu(x, _=None):
    return torch.clamp(x, min=0)


def tanh(x, _=None):
    return torch.tanh(x)


def sigmoid(x, _=None):
    return 1 / (1 + torch.exp(-x))


def deep_input(w, row, name="embeddings"):
    return torch.cat([*fields(w, row, name), torch.tensor([row["price"]])])


def lr(w, row):
    return w.get("bias") + linear(w, row) + w.get("slopes", 1, 1)[0, 0] * row["price"]


BUCKETS = 11


def poly2(w, row):
    start = dict(zip(FIELDS, itertools.accumulate([0, *(n - 1 for n in SIZES.values())])))
    active = [start[f] + i for f, i in ids_of(row)]  # j: the place in the one long one-hot vector, from 1
    total = w.get("bias") + linear(w, row)
    for a, b in itertools.combinations(active, 2):
        j1, j2 = min(a, b), max(a, b)
        h = ((j1 + j2) * (j1 + j2 + 1) // 2 + j2) % BUCKETS
        total = total + w.get("pairs", BUCKETS + 1, 1)[h + 1, 0]
    return total


def pairs_of(w, row):
    return sum((a @ b for a, b in itertools.combinations(vectors(w, row), 2)), torch.tensor(0.0))


def fm(w, row):
    return w.get("bias") + linear(w, row) + pairs_of(w, row)


def ffm(w, row):
    total = w.get("bias") + linear(w, row)
    for (f1, i1), (f2, i2) in itertools.combinations(ids_of(row), 2):
        one = w.get(f"factors.{f1}", SIZES[f1], len(FIELDS) * K)[i1].reshape(len(FIELDS), K)
        other = w.get(f"factors.{f2}", SIZES[f2], len(FIELDS) * K)[i2].reshape(len(FIELDS), K)
        total = total + one[FIELDS.index(f2)] @ other[FIELDS.index(f1)]
    return total


def fnn(w, row):
    z = torch.cat([w.get("bias", 1, 1)[0], *fields(w, row, "factors", 1 + K)])
    return mlp(w, z, [5, 4], tanh)


UNITS = 5  # D, PNN's first layer


def pnn(product):
    def logit(w, row):
        f = fields(w, row)
        lz = torch.cat(f) @ w.get("linear", len(f) * K, UNITS)
        if product == "inner":
            theta = w.get("products", len(f), UNITS)
            pairs = range(len(f))
            lp = torch.stack([sum(theta[i, n] * theta[j, n] * (f[i] @ f[j]) for i in pairs for j in pairs) for n in range(UNITS)])
        elif product == "outer":
            p = sum(torch.outer(a, b) for a in f for b in f)
            lp = p.reshape(-1) @ w.get("products", K * K, UNITS)
        else:
            pairs = list(itertools.combinations(range(len(f)), 2))
            kernels = w.get("kernels", len(pairs), K, K)
            p = torch.stack([f[i] @ kernels[n] @ f[j] for n, (i, j) in enumerate(pairs)])
            lp = p @ w.get("products", len(pairs), UNITS)
        return mlp(w, relu(lz + lp + w.get("bias", UNITS)), [4], tanh)

    return logit


def wide_deep(w, row):
    wide = sum((w.get(f"wide/linear.{f}", SIZES[f], 1)[i, 0] for f, i in ids_of(row)), torch.tensor(0.0))
    cross = w.get("country x ad", SIZES["country"], SIZES["ad"])  # a weight for each pair of ids: not hashed here
    if row["country"] != 0 and row["ad"] != 0:
        wide = wide + cross[row["country"], row["ad"]]
    return wide + mlp(w, deep_input(w, row, "deep/embeddings"), [5, 4], relu, "deep/mlp")


def dcn(version, rank=None):
    def logit(w, row):
        x0 = deep_input(w, row)
        d = len(x0)
        x = x0
        for layer in range(2):
            b = w.get(f"cross/{layer}/bias", d)
            if version == 1:
                x = x0 * (x @ w.get(f"cross/{layer}/kernel", d, 1)[:, 0]) + b + x
            elif rank is None:
                x = x0 * (w.get(f"cross/{layer}/kernel", d, d).T @ x + b) + x
            else:
                u, v = w.get(f"cross/{layer}/U", rank, d), w.get(f"cross/{layer}/V", d, rank)
                x = x0 * (u.T @ (v.T @ x) + b) + x
        h = mlp(w, x0, [5, 4], relu, output=False)
        return mlp(w, torch.cat([x, h]), [], None, "output")

    return logit


def nfm(w, row):
    pairs = sum((a * b for a, b in itertools.combinations(vectors(w, row), 2)), torch.zeros(K))
    return linear(w, row) + mlp(w, pairs, [5, 4], relu)


def afm(w, row):
    pairs = torch.stack([a * b for a, b in itertools.combinations(vectors(w, row), 2)])
    hidden = relu(pairs @ w.get("attention", K, 4) + w.get("attentionBias", 4))
    scores = (hidden @ w.get("attentionOutput", 4, 1))[:, 0]
    a = torch.exp(scores) / torch.exp(scores).sum()
    return w.get("bias") + linear(w, row) + (a @ pairs) @ w.get("projection", K, 1)[:, 0]


def dnn(w, row):
    return mlp(w, deep_input(w, row), [5, 4], tanh)


def deepfm(w, row):
    return linear(w, row) + pairs_of(w, row) + mlp(w, deep_input(w, row, "factors"), [5, 4], relu)  # w0: the MLP's last bias


def one_by_one(logit, rows=ROWS):
    return lambda w: torch.stack([logit(w, row) for row in rows])


def embedding(w, vocabulary, i):
    table = w.get(f"embeddings/{vocabulary}", ITEMS[vocabulary], K)
    return table[i] if i != 0 else torch.zeros(K)


def behaviours(w, row):
    """(candidate, steps) of the two histories: clicks with goods and category, buys with goods alone."""
    item, category = embedding(w, "item", row["item"]), embedding(w, "category", row["category"])
    clicks = [torch.cat([embedding(w, "item", i), embedding(w, "category", c)]) for i, c in row["clicks"] if i or c]
    buys = [embedding(w, "item", i) for i in row["buys"] if i]
    return [(torch.cat([item, category]), clicks), (item, buys)]


def other_fields(w, row):
    return [*(embedding(w, name, row[name]) for name in ITEMS), torch.tensor([row["price"]])]


def base(pooling):
    def logit(w, row):
        pooled = []
        for candidate, steps in behaviours(w, row):
            total = sum(steps, torch.zeros(len(candidate)))
            pooled.append(total / max(len(steps), 1) if pooling == "mean" else total)
        return mlp(w, torch.cat([*pooled, *other_fields(w, row)]), [5, 4], lambda x, name: prelu(w, x, name))

    return logit


def prelu(w, x, name):
    return torch.where(x > 0, x, w.get(f"{name}/alpha", x.shape[-1]) * x)


def dice(w, x, name, training):
    """x [rows, units]. In training mean and variance are those of the rows, else the moving averages."""
    n = x.shape[-1]
    mean, variance = w.fixed(f"{name}/mean", n), w.fixed(f"{name}/variance", n)
    if training:
        mean = x.sum(0) / len(x)
        variance = ((x - mean) ** 2).sum(0) / len(x)
    p = sigmoid((x - mean) / torch.sqrt(variance + 1e-8))
    return p * x + (1 - p) * w.get(f"{name}/alpha", n) * x


def din(normalize, difference, training=False):
    def logits(w):
        activation = lambda x, name: dice(w, x, name, training)
        interests = [[] for _ in HISTORIES]
        for group in (0, 1):
            inputs, owners, values = [], [], []  # one per real step of the whole batch: padding does not exist here
            for owner, row in enumerate(HISTORIES):
                v, steps = behaviours(w, row)[group]
                for e in steps:
                    inputs.append(torch.cat([v, e, v * e, *([v - e] if difference else [])]))
                    owners.append(owner)
                    values.append(e)
            d = len(v)
            name = f"attention/{group}"
            x = torch.stack(inputs)
            hidden = activation(x @ w.get(f"{name}/kernel", x.shape[1], 4) + w.get(f"{name}/bias", 4), name)
            a = mlp(w, hidden, [3], activation, f"{name}/rest")
            for owner in range(len(HISTORIES)):
                own = [n for n, other in enumerate(owners) if other == owner]
                weights = a[own]
                if normalize == "softmax" and own:
                    weights = torch.exp(weights / math.sqrt(d))
                    weights = weights / weights.sum()
                interests[owner].append(sum((weights[m] * values[n] for m, n in enumerate(own)), torch.zeros(d)))
        x = torch.stack([torch.cat([*interest, *other_fields(w, row)]) for interest, row in zip(interests, HISTORIES)])
        return mlp(w, x, [5, 4], activation)

    return logits


MODELS = {
    "LR": one_by_one(lr),
    "POLY2": one_by_one(poly2),
    "FM": one_by_one(fm),
    "FFM": one_by_one(ffm),
    "FNN": one_by_one(fnn),
    "IPNN": one_by_one(pnn("inner")),
    "OPNN": one_by_one(pnn("outer")),
    "KPNN": one_by_one(pnn("kernel")),
    "Wide & Deep": one_by_one(wide_deep),
    "DCN": one_by_one(dcn(1)),
    "DCN v2": one_by_one(dcn(2)),
    "DCN v2 of rank 2": one_by_one(dcn(2, rank=2)),
    "NFM": one_by_one(nfm),
    "AFM": one_by_one(afm),
    "DNN": one_by_one(dnn),
    "DeepFM": one_by_one(deepfm),
    "base model, mean": one_by_one(base("mean"), HISTORIES),
    "base model, sum": one_by_one(base("sum"), HISTORIES),
    "DIN": din("none", True),
    "DIN without the difference": din("none", False),
    "DIN with softmax": din("softmax", True),
    "DIN in training": din("none", True, training=True),
}


def golden(name):
    w = Weights(name)
    logits = MODELS[name](w)
    loss = torch.mean(torch.clamp(logits, min=0) - logits * LABELS + torch.log1p(torch.exp(-torch.abs(logits))))
    loss.backward()
    return {
        "logits": rounded(logits),
        "loss": rounded(loss),
        "weights": {key: {"shape": list(value.shape), "values": value.detach().reshape(-1).tolist()} for key, value in w.items()},
        "gradients": {key: rounded(value.grad.reshape(-1)) for key, value in w.items() if value.grad is not None},
    }


def rounded(tensor):
    values = [float(f"{x:.9g}") for x in tensor.detach().reshape(-1).tolist()]
    return values if tensor.dim() else values[0]


made = {name: golden(name) for name in MODELS}
if "--check" in sys.argv[1:]:
    found = differences(made, json.loads(FILE.read_text()))
    print("\n".join(found[:20]) or f"{FILE.name} agrees with torch {torch.__version__}: {len(made)} models")
    sys.exit(1 if found else 0)
lines = [f" {json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in made.items()]
FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
