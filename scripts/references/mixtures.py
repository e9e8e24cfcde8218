#!/usr/bin/env python3
"""Prints the reference values of Tests/PriorKitTests/Estimators/MixtureEstimatorTests.

Made with Python 3.11, NumPy 2.4.6, scikit-learn 1.9.1.
"""
import numpy as np
from sklearn.mixture import GaussianMixture

rows = np.array([[
    [-8.0, 0.0, 9.0][n % 3] * (1 if d == 0 else 0.5) + (1 + n % 3) * np.sin(12.9898 * n + 78.233 * d * (n + 1))
    for d in range(2)] for n in range(90)])
start = np.array([[-8.0, -4.0], [0.0, 0.0], [9.0, 4.5]])
for kind in ["diag", "tied", "full"]:
    model = GaussianMixture(3, covariance_type=kind, tol=1e-14, reg_covar=0, max_iter=10000, means_init=start)
    model.fit(rows)
    print(kind, "weights", model.weights_.tolist())
    print("means", model.means_.tolist())
    print("covariances", model.covariances_.tolist())
    print("score", repr(float(model.score(rows))))
