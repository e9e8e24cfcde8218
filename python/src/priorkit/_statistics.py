"""Statistics of presets, sufficient for a Gaussian prior."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Optional, Tuple

import numpy as np

from . import _hdf5 as hdf5
from ._chain import Chain, numbers
from ._errors import DataError
from ._output import created, write_header, write_numbers
from ._provenance import Provenance, Source, Sourced


@dataclass(frozen=True, eq=False)
class Statistics(Sourced):
    """What ``fit --statistics-only`` writes and ``merge`` combines, over D logits."""

    #: The number of presets.
    count: int
    #: Mean of the logits [D].
    mean: np.ndarray = field(repr=False)
    #: Sum of (theta - mean)(theta - mean)^T over the presets [D, D].
    scatter: np.ndarray = field(repr=False)
    #: Smallest and largest logit [D].
    minimum: np.ndarray = field(repr=False)
    maximum: np.ndarray = field(repr=False)
    #: Sums of the weights and of their squares [2].
    weight_sums: np.ndarray = field(repr=False)
    chain: Chain
    #: Weights are in units of two to this power.
    weight_exponent: int = 0
    provenance: Optional[Provenance] = field(default=None, repr=False)

    def __post_init__(self) -> None:
        size = len(self.chain)
        shapes: dict = {"mean": (size,), "scatter": (size, size), "minimum": (size,), "maximum": (size,),
                        "weight_sums": (2,)}
        for name, shape in shapes.items():
            object.__setattr__(self, name, numbers(getattr(self, name), f"/{name}", shape, "make the statistics again"))
        if self.count < 1:
            raise DataError(f"The statistics are of {self.count} presets: make them of at least one.")

    @property
    def names(self) -> Tuple[str, ...]:
        """Names of the parameters [D]."""
        return self.chain.names


def read_statistics(path: hdf5.Path) -> Statistics:
    """Reads a file of kind ``statistics``."""
    source = Source.of(os.fspath(path)) if os.path.exists(path) else None
    with hdf5.opened(path) as file:
        hdf5.require_kind(file, "statistics")
        arrays = {name: hdf5.array(file, name) for name in ("mean", "scatter", "minimum", "maximum", "weight_sums")}
        statistics = Statistics(
            count=int(file.attrs["count"]), chain=hdf5.chain(file), provenance=hdf5.provenance(file),
            weight_exponent=int(file.attrs.get("weight_exponent", 0)), **arrays)
    statistics._set_source(source)
    return statistics


def write_statistics(statistics: Statistics, path: hdf5.Path, *, overwrite: bool = False) -> None:
    """Writes statistics, completely or not at all, with a record as `write_presets` has it."""
    with created(path, overwrite) as file:
        write_header(file, "statistics", statistics.chain,
                     Provenance.of_writer("write_statistics", statistics))
        file.attrs["count"] = np.int64(statistics.count)
        if statistics.weight_exponent:
            file.attrs["weight_exponent"] = np.int64(statistics.weight_exponent)
        for name in ("weight_sums", "mean", "minimum", "maximum", "scatter"):
            write_numbers(file, name, getattr(statistics, name), compressed=name == "scatter")
