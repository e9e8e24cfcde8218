"""The diagnostics of a posterior by ArviZ: R-hat, bulk and tail ESS, Monte Carlo errors of mean, deviation and median."""
import sys

import arviz as az
import numpy as np
import xarray as xr
from scipy.signal import lfilter

from turns import take_turns

parameters, chains, draws = map(int, sys.argv[1:4])
noise = np.random.default_rng(1).normal(size=(chains, draws, parameters))
values = lfilter([1], [1, -0.5], noise, axis=1)
data = xr.Dataset({f"p{index}": (("chain", "draw"), values[:, :, index]) for index in range(parameters)})


def work():
    az.rhat(data)
    for method in ("bulk", "tail"):
        az.ess(data, method=method)
    for method in ("mean", "sd", "median"):
        az.mcse(data, method=method)


take_turns(work)
