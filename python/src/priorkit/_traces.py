"""What searches leave: traces, the states of unfinished ones, and the objective at a preset."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Tuple

import numpy as np

from . import _hdf5 as hdf5
from ._archive import read_archive
from ._errors import DataError
from ._provenance import Provenance


@dataclass(frozen=True, eq=False)
class Trace:
    """The path of a search in S steps, from ``trace.h5`` of `transfer` and `retrieve`."""

    #: What was moved, from the starting point to the result [S + 1, D]: the logits, and after them, in the published
    #: retrieval, the damping of each delay.
    theta: np.ndarray = field(repr=False)
    #: The objective, and its terms, at each step [S]. Of a retrieval the log-likelihood is minus the distance.
    loss: np.ndarray = field(repr=False)
    log_likelihood: np.ndarray = field(repr=False)
    log_prior: np.ndarray = field(repr=False)
    #: Names of the columns [D].
    names: Tuple[str, ...] = field(repr=False)
    #: Why the search ended.
    ending: str
    #: The step with the least loss, and the last one, from 0 to S.
    best_step: int
    last_step: int
    best_loss: float
    last_loss: float
    provenance: Provenance = field(repr=False)


def read_trace(path: hdf5.Path) -> Trace:
    """Reads ``trace.h5``."""
    with hdf5.opened(path) as file:
        if "loss" not in file or "best_step" not in file.attrs:
            raise DataError("it does not hold the trace of a transfer or a retrieval: give a file trace.h5.")
        marks = {name: float(file.attrs[name]) for name in ("best_step", "last_step", "best_loss", "last_loss")}
        arrays = {name: hdf5.array(file, name) for name in ("theta", "loss", "log_likelihood", "log_prior")}
        return Trace(
            **arrays, names=tuple(hdf5.text_list(file, "names")), ending=hdf5.text_attribute(file, "ending") or "",
            best_step=int(marks["best_step"]), last_step=int(marks["last_step"]), best_loss=marks["best_loss"],
            last_loss=marks["last_loss"], provenance=hdf5.provenance(file))


@dataclass(frozen=True, eq=False)
class Objective:
    """The objective of a transfer at a preset with D logits, and its gradients with respect to them."""

    log_likelihood: float
    log_prior: float
    #: minus log_likelihood, minus alpha times log_prior.
    loss: float
    #: [D]
    gradient_log_likelihood: np.ndarray = field(repr=False)
    gradient_log_prior: np.ndarray = field(repr=False)
    #: Style embeddings of the rendered inputs [segments, features].
    embedding_mid: np.ndarray = field(repr=False)
    embedding_side: np.ndarray = field(repr=False)
    #: [D]
    names: Tuple[str, ...] = field(repr=False)
    provenance: Provenance = field(repr=False)


def read_objective(path: hdf5.Path) -> Objective:
    """Reads the file of ``priorkit objective``."""
    with hdf5.opened(path) as file:
        if "gradient/log_prior" not in file:
            raise DataError("it does not hold an objective: give a file of `priorkit objective`.")
        scalars = {name: float(hdf5.array(file, name)) for name in ("log_likelihood", "log_prior", "loss")}
        arrays = {name.replace("/", "_"): hdf5.array(file, name) for name in (
            "gradient/log_likelihood", "gradient/log_prior", "embedding/mid", "embedding/side")}
        return Objective(**scalars, **arrays, names=tuple(hdf5.text_list(file, "names")),
                         provenance=hdf5.provenance(file))


@dataclass(frozen=True, eq=False)
class Archive:
    """The arrays, texts and attributes of any other HDF5 file, such as ``state.h5`` or that of ``equivariance``."""

    #: By path, such as ``symmetries/applies``.
    arrays: Dict[str, np.ndarray]
    #: Lists of texts by path.
    texts: Dict[str, Tuple[str, ...]]
    #: Attributes of the root.
    attributes: Dict[str, Any]


def read_archive_file(path: hdf5.Path) -> Archive:
    """Reads everything in an HDF5 file: ``state.h5`` of an interrupted run has ``theta``, ``loss`` and the state of
    the optimiser."""
    with hdf5.opened(path) as file:
        arrays, texts = read_archive(file, set())
        lists = {name: tuple(hdf5.text_list(file, name)) for name in texts}
        return Archive(arrays, lists, hdf5.attributes(file))
