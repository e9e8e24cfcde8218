#!/usr/bin/env python3
"""Writes ArviZ's diagnostics of fixed draws to diagnostics.json, beside this script.

The draws are kept if the file exists and made from a seed if not; each run adds or replaces the values of the ArviZ that
runs it, so run it once with ArviZ 0.23 and once with 1.x. Made with Python 3.11, NumPy 2.4, SciPy 1.17, ArviZ 0.23.4, and
with Python 3.12, NumPy 2.5, SciPy 1.18, ArviZ 1.3.0. Cases with 4 x 100 draws have tails of exactly 60 importance
ratios, where the rounding rules of the two majors agree.
"""
import json
import pathlib
import warnings

import numpy as np

warnings.simplefilter("ignore")
FILE = pathlib.Path(__file__).with_suffix(".json")


def autoregressive(generator, chains, count, correlation, noise=None):
    """AR(1) chains with unit innovations of any kind."""
    noise = generator.standard_normal((chains, count)) if noise is None else noise
    draws = np.empty((chains, count))
    draws[:, 0] = noise[:, 0]
    for t in range(1, count):
        draws[:, t] = correlation * draws[:, t - 1] + noise[:, t]
    return draws


def make_draws():
    g = np.random.default_rng(20260722)
    stuck = autoregressive(g, 4, 100, 0.3)
    stuck[2, 20:] = stuck[2, 20]
    two_mode = 0.5 * autoregressive(g, 4, 100, 0.5)
    two_mode[:2] += 4
    two_mode[3, 40:] += 4
    return {
        "well-mixed": autoregressive(g, 4, 100, 0.2),
        "stuck": stuck,
        "two-mode": two_mode,
        "heavy-tailed": autoregressive(g, 4, 100, 0.4, g.standard_cauchy((4, 100))),
        "antithetic": autoregressive(g, 4, 100, -0.6),
        "slow": autoregressive(g, 4, 100, 0.95),
        "odd count": autoregressive(g, 3, 101, 0.5),
        "rounded": np.round(autoregressive(g, 4, 100, 0.5)),
        "one chain": autoregressive(g, 1, 400, 0.6),
    }


def library():
    """The functions of the installed ArviZ under one set of names."""
    import arviz
    if arviz.__version__.startswith("0."):
        return arviz.__version__, {
            "rhat": lambda x: arviz.rhat(x), "bulk": lambda x: arviz.ess(x, method="bulk"),
            "tail": lambda x: arviz.ess(x, method="tail"), "mean": lambda x: arviz.ess(x, method="mean"),
            "quantile": lambda x, p: arviz.ess(x, method="quantile", prob=p),
            "mcse mean": lambda x: arviz.mcse(x, method="mean"), "mcse sd": lambda x: arviz.mcse(x, method="sd"),
            "mcse quantile": lambda x, p: arviz.mcse(x, method="quantile", prob=p),
            "autocorrelation": lambda x: arviz.autocorr(x), "bfmi": arviz.bfmi,
            "psis": lambda x: arviz.psislw(x.copy()), "sensitivity": None}
    from arviz_stats.base import array_stats as stats

    def sensitivity(x):
        weights = [np.exp(stats.power_scale_lw(-x.ravel() ** 2 / 2, alpha=alpha)) for alpha in (0.99, 1.01)]
        weights = [(w / w.sum()).reshape(x.shape) for w in weights]
        return stats.power_scale_sense(x, *weights, 0.99, 1.01)

    return arviz.__version__, {
        "rhat": lambda x: stats.rhat(x), "bulk": lambda x: stats.ess(x, method="bulk"),
        # The major before takes the 5 % and 95 % quantiles by default; this one has to be told.
        "tail": lambda x: stats.ess(x, method="tail", prob=(0.05, 0.95)),
        "mean": lambda x: stats.ess(x, method="mean"),
        "quantile": lambda x, p: stats.ess(x, method="quantile", prob=p),
        "mcse mean": lambda x: stats.mcse(x, method="mean"), "mcse sd": lambda x: stats.mcse(x, method="sd"),
        "mcse quantile": lambda x, p: stats.mcse(x, method="quantile", prob=p),
        "autocorrelation": lambda x: stats.autocorr(x), "bfmi": stats.bfmi,
        # Its argument is the negative of the log ratios.
        "psis": lambda x: stats.psislw(-x), "sensitivity": sensitivity}


def number(value):
    value = float(value)
    return value if np.isfinite(value) else None


def diagnose(x, f):
    weights, shape = f["psis"](x.ravel())
    result = {"rHat": number(f["rhat"](x)), "bulkESS": number(f["bulk"](x)), "tailESS": number(f["tail"](x)),
              "meanESS": number(f["mean"](x)), "meanError": number(f["mcse mean"](x)),
              "deviationError": number(f["mcse sd"](x)),
              "quantileESS": [number(f["quantile"](x, p)) for p in (0.1, 0.5)],
              "quantileError": [number(f["mcse quantile"](x, p)) for p in (0.05, 0.5, 0.95)],
              "autocorrelation": [number(v) for v in f["autocorrelation"](x[0])[:20]],
              "energyFraction": [number(v) for v in f["bfmi"](x)],
              "shape": number(shape), "logWeights": [number(v) for v in np.asarray(weights)[:40]]}
    if f["sensitivity"]:
        try:
            result["sensitivity"] = number(f["sensitivity"](x))
        except ValueError:  # all ratios of the tail are the same
            result["sensitivity"] = None
    return result


content = json.loads(FILE.read_text()) if FILE.exists() else {
    "draws": {name: draws.tolist() for name, draws in make_draws().items()}, "arviz": {}}
version, functions = library()
content["arviz"][version] = {
    name: diagnose(np.array(draws), functions) for name, draws in content["draws"].items()}
FILE.write_text(json.dumps(content) + "\n")
for name, values in content["arviz"][version].items():
    print(version, name, {k: values[k] for k in ("rHat", "bulkESS", "tailESS", "meanError", "shape")})
