"""Mean and covariance of a preset file: h5py and numpy.cov."""
import sys

import h5py
import numpy as np

from turns import take_turns

path = sys.argv[1]


def work():
    with h5py.File(path) as file:
        theta = file["theta"][:]
    theta.mean(axis=0)
    np.cov(theta, rowvar=False)


take_turns(work)
