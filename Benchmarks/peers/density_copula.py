"""Log densities under kernel marginals and a Student-t copula, point by point, without gradients: SciPy."""
import sys

import h5py
import numpy as np
from scipy.special import logsumexp, ndtr
from scipy.stats import multivariate_t, t

from turns import take_turns

path, count = sys.argv[1], int(sys.argv[2])
with h5py.File(path) as file:
    mean, covariance = file["mean"][:], file["covariance"][:]
random = np.random.default_rng(1)
presets = random.multivariate_normal(mean, covariance, size=365)
points = random.multivariate_normal(mean, covariance, size=count)
width = 1.06 * presets.std(axis=0) * len(presets) ** -0.2
deviations = np.sqrt(np.diag(covariance))
dependence = multivariate_t(np.zeros(len(mean)), covariance / np.outer(deviations, deviations), df=15)
marginal = t(df=15)


def work():
    for point in points:
        distances = (point - presets) / width
        log_marginals = logsumexp(-0.5 * distances**2, axis=0) - np.log(len(presets) * width * np.sqrt(2 * np.pi))
        latent = marginal.ppf(np.clip(ndtr(distances).mean(axis=0), 1e-300, 1 - 1e-16))
        dependence.logpdf(latent) + log_marginals.sum() - marginal.logpdf(latent).sum()


take_turns(work)
