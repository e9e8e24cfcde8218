"""Priors over the logits of a chain."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import _hdf5 as hdf5
from ._archive import FitRecord, read_archive, read_fit, write_archive, write_fit
from ._chain import Chain, OfChain, numbers
from ._errors import DataError
from ._output import created, write_header
from ._presets import Presets, stacked
from ._provenance import Provenance, Source, Sourced
from ._scales import name_prior_dimensions
from ._scoring import Numbers, column, draw
from ._workspace import Workspace


@dataclass(frozen=True, eq=False)
class Prior(OfChain, Sourced):
    """A density over the D logits of a chain, of any family of PriorKit.

    Densities and draws are computed by the command, which takes about a twentieth of a second to start: give it
    many rows at a time.
    """

    #: The family, such as ``gaussian``, ``student-t``, ``copula`` or ``pinned``.
    family: str
    #: The arrays of the density by their paths in the file, such as ``mean`` or ``free/density/mean``.
    arrays: Mapping[str, np.ndarray] = field(repr=False)
    chain: Chain
    #: Texts among them, such as the family of a density inside.
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: How it was fitted, or None.
    fit: Optional[FitRecord] = field(default=None, repr=False)
    provenance: Optional[Provenance] = field(default=None, repr=False)

    @staticmethod
    def gaussian(mean: Any, covariance: Any, chain: Chain) -> "Prior":
        """The normal distribution with a mean [D] and a covariance [D, D].

        Raises `DataError` for shapes that do not fit the chain, for values that are not finite and for a covariance
        that is not symmetric. The command refuses one that is not positive definite.
        """
        size = len(chain)
        moments = {"mean": numbers(mean, "/mean", (size,)),
                   "covariance": numbers(covariance, "/covariance", (size, size))}
        matrix = moments["covariance"]
        asymmetry = np.abs(matrix - matrix.T)
        row, column = np.unravel_index(np.argmax(asymmetry), matrix.shape)
        if asymmetry[row, column] > 1e-9 * np.abs(matrix).max():
            raise DataError(
                f"/covariance has {matrix[row, column]} for {chain.names[row]} and {chain.names[column]}, and "
                f"{matrix[column, row]} for the same two in the other order: make it symmetric.")
        return Prior("gaussian", moments, chain)

    @property
    def mean(self) -> np.ndarray:
        """Expected logits [D]: that of the file where it is Gaussian, else that of ``priorkit sample --mean``."""
        if self.family == "gaussian":
            return self.arrays["mean"]
        if "_mean" not in self.__dict__:
            with Workspace() as work:
                object.__setattr__(self, "_mean", draw(self, None, work, mean=True).theta[0])
        return self.__dict__["_mean"]

    @property
    def covariance(self) -> np.ndarray:
        """The covariance of the logits [D, D] of a Gaussian prior. Raises `DataError` for another family."""
        if self.family != "gaussian":
            raise DataError(f"A prior of the family {self.family} stores no covariance: take that of its draws.")
        return self.arrays["covariance"]

    # Computed by the command

    def log_prob(self, theta: Any, *, over_orbit: bool = False, threads: Optional[int] = None) -> Numbers:
        """Log density in nats over the logits: a number for theta [D], an array [N] for [N, D] or `Presets`.

        With ``over_orbit`` it is summed over the copies that sound the same and divided by their number.
        """
        return column(self, theta, "log_density", over_orbit=over_orbit, threads=threads)

    def mahalanobis(self, theta: Any, *, over_orbit: bool = False, threads: Optional[int] = None) -> Numbers:
        """Distance from the mean in standard deviations of the prior, as `log_prob`; NaN where the family has none."""
        return column(self, theta, "mahalanobis", over_orbit=over_orbit, threads=threads)

    def sample(self, n: int, seed: int = 0, *, temperature: Optional[float] = None,
               within_bounds: Union[bool, Presets, str] = False, threads: Optional[int] = None) -> np.ndarray:
        """Draws [n, D] of logits. The same seed gives the same draws, and more draws begin with the same ones.

        - ``temperature``: the factor by which the variance about the mean is multiplied.
        - ``within_bounds``: draw again what leaves the range of the presets that the prior was fitted to, or of
          those that are given.
        """
        with Workspace() as work:
            limits = None if isinstance(within_bounds, bool) else work.file(within_bounds, "range.h5")
            return draw(self, n, work, seed=seed, temperature=temperature, threads=threads, presets=limits,
                        within_bounds=within_bounds is not False).theta

    def condition(self, given: Mapping[str, Union[float, str]]) -> "Prior":
        """The prior in which some parameters are fixed and the others follow.

        ``given`` has a physical value for each name: a number in the parameter's unit, or a text with a unit, such
        as ``{"lowshelf.gain": 3, "peak1.frequency": "1.2 kHz"}``.
        """
        with Workspace() as work:
            target = work.path("conditioned.h5")
            work.run("condition", work.file(self, "prior.h5"), output=target, given=given_words(given), quiet=True)
            return read_prior(target)

    def presets(self, theta: Any, labels: Optional[Sequence[str]] = None) -> Presets:
        """Logits [D] or [N, D] as presets of the prior's chain, for values, rendering and files."""
        return stacked(theta, self.chain, labels)


def given_words(given: Mapping[str, Union[float, str]]) -> list:
    """Settings as ``--given`` has them."""
    return [f"{name}={value if isinstance(value, str) else repr(float(value))}" for name, value in given.items()]


def read_prior(path: hdf5.Path) -> Prior:
    """Reads a file of kind ``prior``, of any family."""
    source = Source.of(os.fspath(path)) if os.path.exists(path) else None
    with hdf5.opened(path) as file:
        hdf5.require_kind(file, "prior")
        family = hdf5.text_attribute(file, "family")
        if family is None:
            raise DataError("it has no attribute family: fit the prior again.")
        arrays, texts = read_archive(file)
        prior = Prior(family, arrays, hdf5.chain(file), texts, read_fit(file), hdf5.provenance(file))
        if family == "gaussian":
            size = len(prior.chain)
            for name, shape in (("mean", (size,)), ("covariance", (size, size))):
                numbers(arrays.get(name, ()), f"/{name}", shape, "fit the prior again")
    prior._set_source(source)
    return prior


def write_prior(prior: Prior, path: hdf5.Path, *, overwrite: bool = False) -> None:
    """Writes a prior of any family, completely or not at all, with a record as `write_presets` has it."""
    with created(path, overwrite) as file:
        write_header(file, "prior", prior.chain, Provenance.of_writer("write_prior", prior))
        file.attrs["family"] = prior.family
        write_archive(file, dict(prior.arrays), dict(prior.texts))
        write_fit(file, prior.fit)
        name_prior_dimensions(file, prior.arrays)
