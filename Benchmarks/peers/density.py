"""Log densities of a Gaussian prior with their gradients, point by point: SciPy's logpdf and a Cholesky solve."""
import sys

import h5py
import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.stats import multivariate_normal

from turns import take_turns

path, count = sys.argv[1], int(sys.argv[2])
with h5py.File(path) as file:
    mean, covariance = file["mean"][:], file["covariance"][:]
density = multivariate_normal(mean, covariance)
factor = cho_factor(covariance, lower=True)
points = np.random.default_rng(1).multivariate_normal(mean, covariance, size=count)


def work():
    for point in points:
        density.logpdf(point)
        cho_solve(factor, mean - point)


take_turns(work)
