#!/usr/bin/env python3
"""Makes gaussian_estimators.json: covariances by scikit-learn of small sets of rows.

Needs scikit-learn; the versions that made the file are in it. Run it in this folder without arguments.
"""
import json
import sys

import numpy as np
import scipy
import sklearn
from sklearn.covariance import OAS, LedoitWolf, graphical_lasso
from sklearn.decomposition import FactorAnalysis

random = np.random.default_rng(20040213)
# Every factor has three clear indicators, so that no uniqueness runs to zero.
loadings = np.array([[1, 0.2], [0.8, -0.3], [0.9, 0.1], [0.1, 1], [-0.2, 0.9], [0.3, 0.8]])
rows = random.normal(size=(90, 2)) @ loadings.T + random.normal(size=(90, 6)) * np.linspace(0.5, 1, 6) + np.arange(6)
wide = random.normal(size=(8, 12)) * np.linspace(1, 3, 12)
rows, wide = rows.round(4), wide.round(4)


def shrinkage(estimator, data):
    fit = estimator.fit(data)
    return {"covariance": fit.covariance_.tolist(), "shrinkage": float(fit.shrinkage_)}


def lasso(data, penalty):
    covariance, precision = graphical_lasso(
        np.corrcoef(data.T), penalty, tol=1e-12, enet_tol=1e-12, max_iter=100_000)
    return {"rows": data.tolist(), "penalty": penalty, "covariance of correlations": covariance.tolist()}


factors = FactorAnalysis(2, tol=1e-13, max_iter=200_000, svd_method="lapack").fit(rows)
content = {
    "versions": {
        "python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    },
    "rows": rows.tolist(),
    "wide": wide.tolist(),
    "ledoit-wolf": shrinkage(LedoitWolf(), rows),
    "ledoit-wolf of wide": shrinkage(LedoitWolf(), wide),
    "oas": shrinkage(OAS(), rows),
    "oas of wide": shrinkage(OAS(), wide),
    "factor analysis": {"covariance": factors.get_covariance().tolist(), "uniquenesses": factors.noise_variance_.tolist()},
    "graphical lasso": [lasso(rows, 0.02), lasso(rows, 0.1), lasso(rows, 0.4), lasso(wide, 0.3)],
}
with open("gaussian_estimators.json", "w") as file:
    json.dump(content, file, indent=None, separators=(",", ":"))
    file.write("\n")
