#!/usr/bin/env python3
"""Prints the reference values of Tests/NumericCoreTests/Special and Distributions/MultivariateStudentTTests.

Made with Python 3.11, NumPy 2.4.6, SciPy 1.17.1.
"""
import numpy as np
from scipy import stats
from scipy.special import ndtri, stdtr

print("normal quantiles")
for p in [1e-300, 1e-100, 1e-20, 1e-8, 0.001, 0.02, 0.07, 0.3, 0.5, 0.93, 0.999]:
    print(f"({p!r}, {float(ndtri(p))!r}),")
print("t tails and quantiles")
for nu in [0.5, 1.0, 3.0, 12.0, 30.0, 1000.0]:
    for y in [-0.001, -0.7, -2.5, -9.0, -30.0]:
        print(f"({nu!r}, {y!r}, {float(stdtr(nu, y))!r}),")
print("multivariate t")
mu, scatter = [1.0, -2.0, 0.5], [[2.0, -0.6, 0.3], [-0.6, 1.5, 0.2], [0.3, 0.2, 0.8]]
for nu in [1.5, 4.0, 60.0]:
    for x in [[1.0, -2.0, 0.5], [0.0, 0.0, 0.0], [30.0, -20.0, 4.0]]:
        print(f"({nu!r}, {x!r}, {float(stats.multivariate_t.logpdf(x, mu, scatter, nu))!r}),")
