"""Draws of a Gaussian prior: numpy.random.Generator.multivariate_normal by the Cholesky factor."""
import sys

import h5py
import numpy as np

from turns import take_turns

path, count = sys.argv[1], int(sys.argv[2])
with h5py.File(path) as file:
    mean, covariance = file["mean"][:], file["covariance"][:]
generator = np.random.default_rng(1)
take_turns(lambda: generator.multivariate_normal(mean, covariance, size=count, method="cholesky"))
