"""Makes metrics.json: values of scikit-learn and SciPy for our metrics and statistics to meet.

    python test/golden/metrics.py            writes metrics.json
    python test/golden/metrics.py --check    computes everything again and compares it with metrics.json

Made with scikit-learn 1.9.1 and SciPy 1.17.1 on Python 3.11.
"""
import json
import pathlib
import random
import sys

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.metrics import log_loss, ndcg_score, roc_auc_score

from differences import differences

FILE = pathlib.Path(__file__).with_suffix(".json")

draw = random.Random(1)


def case(n, digits, rate):
    labels = [1 if draw.random() < rate else 0 for _ in range(n)]
    logits = [round(draw.gauss(0.8 * label - 1, 1.5), digits) for label in labels]
    weights = [round(draw.random() * 3, 2) for _ in labels]
    probabilities = 1 / (1 + np.exp(-np.array(logits)))
    return {
        "logits": logits,
        "labels": labels,
        "weights": weights,
        "auc": roc_auc_score(labels, logits),
        "weightedAuc": roc_auc_score(labels, logits, sample_weight=weights),
        "logLoss": log_loss(labels, probabilities),
        "weightedLogLoss": log_loss(labels, probabilities, sample_weight=weights),
        "ndcg": {k: ndcg_score([labels], [logits], k=k) for k in (1, 5, 20)},
    }


a = [round(draw.gauss(0.72, 0.01), 4) for _ in range(5)]
b = [round(draw.gauss(0.71, 0.01), 4) for _ in range(5)]
paired = stats.ttest_rel(a, b)
interval = paired.confidence_interval(0.95)

golden = {
    "cases": [case(12, 0, 0.4), case(200, 1, 0.2), case(200, 6, 0.5)],
    "paired": {"a": a, "b": b, "p": paired.pvalue, "low": interval.low, "high": interval.high},
    "studentQuantiles": [[f, stats.t.ppf(0.975, f)] for f in (1, 2, 4, 9, 30, 1000)],
    "studentTwoSided": [[t, f, 2 * stats.t.sf(t, f)] for t, f in ((0.1, 1), (2.5, 4), (12, 4), (1.96, 100), (40, 9))],
    "normalTail": [[z, stats.norm.sf(z)] for z in (0, 0.5, 1.96, 2.8, 2.9, 5, 12)],
    "normalQuantile": [[p, stats.norm.ppf(p)] for p in (0.5, 0.9, 0.975, 0.999)],
}
if "--check" in sys.argv[1:]:
    found = differences(json.loads(json.dumps(golden)), json.loads(FILE.read_text()))
    print("\n".join(found[:20]) or f"{FILE.name} agrees with scikit-learn {sklearn.__version__} and SciPy {scipy.__version__}")
    sys.exit(1 if found else 0)
FILE.write_text(json.dumps(golden, indent=1) + "\n")
