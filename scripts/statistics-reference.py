#!/usr/bin/env python3
"""Prints the reference values of Tests/StatisticsTests as Swift literals.

Shapiro-Wilk, Kolmogorov-Smirnov, Wilcoxon, trimmed means and Spearman come from SciPy, Holm from statsmodels; Royston, Henze-Zirkler and Mardia are written out here
with NumPy from their papers, apart from the Swift code. The samples are closed formulas, so that both sides make
exactly the same numbers without a file. Made with Python 3.11, NumPy 2.4.6, SciPy 1.17.1, statsmodels 0.15.0.
"""
import numpy as np
from scipy import special, stats
from statsmodels.stats.multitest import multipletests


def sample(count, skew, phase=0.0):
    """Deterministic values without ties: a sine at incommensurate steps, bent by an exponential."""
    index = np.arange(1, count + 1)
    base = np.sin(1.7 * index + phase) + 0.5 * np.sin(0.37 * index * index + phase)
    return base + skew * np.exp(base)


def table(count, columns, skew):
    return np.column_stack([sample(count, skew, 0.9 * c) for c in range(columns)])


def products(x):
    centred = x - x.mean(0)
    return centred @ np.linalg.solve(centred.T @ centred / len(x), centred.T)


def mardia(x):
    n, d = x.shape
    m = products(x)
    skewness = (m**3).sum() / n**2
    kurtosis = (np.diag(m) ** 2).mean()
    z = (kurtosis - d * (d + 2)) / np.sqrt(8 * d * (d + 2) / n)
    return (skewness, stats.chi2.sf(n * skewness / 6, d * (d + 1) * (d + 2) / 6), kurtosis, 2 * stats.norm.sf(abs(z)))


def henze_zirkler(x):
    n, d = x.shape
    m = products(x)
    own = np.diag(m)
    pair = own[:, None] + own[None] - 2 * m
    b2 = (n * (2 * d + 1) / 4) ** (2 / (d + 4)) / 2
    hz = np.exp(-b2 / 2 * pair).sum() / n - 2 * (1 + b2) ** (-d / 2) * np.exp(-b2 / (2 * (1 + b2)) * own).sum()
    hz += n * (1 + 2 * b2) ** (-d / 2)
    a, w, b4, b8 = 1 + 2 * b2, (1 + b2) * (1 + 3 * b2), b2**2, b2**4
    mean = 1 - a ** (-d / 2) * (1 + d * b2 / a + d * (d + 2) * b4 / (2 * a**2))
    variance = 2 * (1 + 4 * b2) ** (-d / 2)
    variance += 2 * a**-d * (1 + 2 * d * b4 / a**2 + 3 * d * (d + 2) * b8 / (4 * a**4))
    variance -= 4 * w ** (-d / 2) * (1 + 3 * d * b4 / (2 * w) + d * (d + 2) * b8 / (2 * w**2))
    scale = np.sqrt(mean**4 / (variance + mean**2))
    return hz, stats.lognorm.sf(hz, np.sqrt(np.log((variance + mean**2) / mean**2)), scale=scale)


def royston(x):
    n, d = x.shape
    p = np.array([stats.shapiro(column).pvalue for column in x.T])
    r = special.ndtri(p / 2) ** 2
    u, v = 0.715, 0.21364 + 0.015124 * np.log(n) ** 2 - 0.0018034 * np.log(n) ** 3
    c = np.corrcoef(x.T)
    c = c**5 * (1 - u / v * (1 - c) ** u)
    e = d / (1 + (d - 1) * (c.sum() - d) / (d * d - d))
    return e * r.mean(), stats.chi2.sf(e * r.mean(), e)


def show(name, *values):
    print(f"{name}: " + ", ".join(repr(float(v)) for v in values))


for count, skew in [(3, 0), (4, 0), (5, 0.5), (11, 0), (12, 0), (20, 0), (50, 0.3), (365, 0), (365, 1), (2000, 0)]:
    result = stats.shapiro(sample(count, skew))
    show(f"shapiro {count} {skew}", result.statistic, result.pvalue)
for n, d, skew in [(30, 2, 0), (30, 2, 0.4), (60, 3, 0.1), (100, 5, 0.2)]:
    x = table(n, d, skew)
    show(f"mardia {n} {d} {skew}", *mardia(x))
    show(f"henze-zirkler {n} {d} {skew}", *henze_zirkler(x))
    show(f"royston {n} {d} {skew}", *royston(x))
for m, n, shift in [(8, 11, 0), (40, 25, 0.3), (365, 70, 0.1), (365, 70, 0.6)]:
    result = stats.ks_2samp(sample(m, 0), sample(n, 0, 0.4) + shift, method="exact")
    show(f"kolmogorov-smirnov {m} {n} {shift}", result.statistic, result.pvalue)
for count in [10, 200]:
    x, y = np.round(sample(count, 0), 1), np.round(sample(count, 0.2, 0.3), 1)
    show(f"spearman {count}", stats.spearmanr(x, y).statistic)
for tail, freedom in [(0.5, 1), (0.5, 130), (0.025, 130), (1e-10, 7)]:
    show(f"chi-squared quantile {tail} {freedom}", stats.chi2.isf(tail, freedom))
for value, freedom in [(0.1, 3), (200, 130), (374000, 374660), (376000, 374660)]:
    show(f"chi-squared tail {value} {freedom}", stats.chi2.sf(value, freedom))
for value in [0.4, 0.8, 1.2, 2.5]:
    show(f"kolmogorov {value}", special.kolmogorov(value))
show("normal quantiles", *special.ndtri([1e-300, 1e-12, 0.03, 0.5, 0.8, 0.999]))
# Without ties exact and asymptotic at the border of 25; with ties (values rounded, zeros among them) exact by all patterns
# of signs up to 13, asymptotic beyond 25.
for count, shift in [(1, 0), (6, 0), (12, 0.4), (25, 0.3), (26, 0.3), (65, 0.2), (365, 0.1)]:
    differences = sample(count, 0) + shift
    result = stats.wilcoxon(differences, method="exact" if count <= 25 else "asymptotic", correction=True)
    show(f"wilcoxon {count} {shift}", result.statistic, result.pvalue)
for count, shift in [(8, 0), (13, 0.4), (60, 0.3)]:
    differences = np.round(sample(count, 0) + shift, 1 if count > 13 else 0)
    if count <= 13:
        differences = differences[differences != 0]
        result = stats.wilcoxon(differences, method=stats.PermutationMethod(n_resamples=2**len(differences)))
    else:
        result = stats.wilcoxon(differences, method="asymptotic", correction=True)
    show(f"wilcoxon with ties {count} {shift}", result.statistic, result.pvalue)
for count in [5, 9, 10, 19, 65]:
    show(f"trimmed mean {count}", stats.trim_mean(sample(count, 0.5), 0.1), stats.trim_mean(sample(count, 0.5), 0.25))
p_values = [0.04, 3e-5, 0.011, 0.5, 0.011, 0.9, 0.0099]
show("holm", *multipletests(p_values, method="holm")[1])
