"""Log densities under a Gaussian prior: scipy.stats.multivariate_normal."""
import sys

import h5py
import numpy as np
from scipy.stats import multivariate_normal

from turns import take_turns

path, count = sys.argv[1], int(sys.argv[2])
with h5py.File(path) as file:
    density = multivariate_normal(file["mean"][:], file["covariance"][:])
presets = np.random.default_rng(1).standard_normal((count, density.dim))
take_turns(lambda: density.logpdf(presets))
