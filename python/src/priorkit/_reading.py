"""Reading any file of PriorKit."""
from __future__ import annotations

import json
import os
from typing import Any, Callable, Dict

import h5py

from . import _hdf5 as hdf5
from ._comparison import read_fits
from ._conditional import read_conditional_prior
from ._errors import DataError
from ._evaluation import read_evaluation
from ._posterior import read_posterior
from ._preset_files import read_presets
from ._priors import read_prior
from ._recordings import read_recording
from ._searches import read_result
from ._shards import read_shard
from ._statistics import read_statistics
from ._tables import read_table
from ._traces import read_archive_file, read_objective, read_trace

KINDS: Dict[str, Callable[[hdf5.Path], Any]] = {
    "presets": read_presets, "prior": read_prior, "conditional": read_conditional_prior,
    "statistics": read_statistics, "posterior": read_posterior, "shard": read_shard,
}


def read(path: hdf5.Path) -> Any:
    """Reads any file, or folder, that PriorKit writes, by what it holds.

    HDF5 gives `Presets`, `Prior`, `ConditionalPrior`, `Statistics`, `Posterior`, `Shard`, `Fits`, `Trace`, `Objective`
    or, for anything else, an `Archive`; a folder `Found` or `Evaluation`; CSV a `Table`, JSON its content and WAV a
    `Recording`.
    """
    name = os.fspath(path)
    if os.path.isdir(name):
        return read_evaluation(name) if os.path.exists(os.path.join(name, "run.json")) else read_result(name)
    if not os.path.exists(name):
        raise DataError(f"There is no file {name}: check the name.")
    if h5py.is_hdf5(name):
        return _reader(name)(name)
    if name.endswith(".csv"):
        return read_table(name)
    if name.endswith(".json"):
        with open(name, encoding="utf-8") as file:
            return json.load(file)
    return read_recording(name)


def _reader(name: str) -> Callable[[hdf5.Path], Any]:
    with hdf5.opened(name) as file:
        kind = hdf5.text_attribute(file, "priorkit_kind")
        if kind is not None:
            if kind not in KINDS:
                raise DataError(f"it holds {kind}, which this package does not know: use a newer one.")
            return KINDS[kind]
        if (hdf5.text_attribute(file, "format") or "").startswith("priorkit comparison checkpoint"):
            return read_fits
        if "gradient/log_prior" in file:
            return read_objective
        return read_trace if "best_step" in file.attrs else read_archive_file
