"""The arrays of a density in a file, and the record of its fit."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Set, Tuple

import h5py
import numpy as np

from . import _hdf5 as hdf5
from ._errors import DataError
from ._output import TEXT, write_numbers, write_texts

#: Objects at the root that are no arrays of a density.
RESERVED = {"parameter_space", "names", "column_names", "units", "fit", "feature_names", "feature_anchors"}


@dataclass(frozen=True, eq=False)
class FitRecord:
    """How a prior was fitted."""

    #: The estimator, which is what ``--family`` names.
    estimator: str
    #: The number of presets, and (sum of weights)^2 / sum of squared weights.
    presets: int
    effective_presets: float
    #: Hyperparameters that the estimator chose.
    hyperparameters: Tuple[Tuple[str, float], ...] = ()
    #: Why this estimator was chosen, as text, or empty.
    evidence: str = ""
    #: Which representatives of their orbits the presets were.
    canonicalisation: Optional[str] = None
    #: Smallest and largest physical value of each parameter in the presets [D], or None.
    observed_lower: Optional[np.ndarray] = None
    observed_upper: Optional[np.ndarray] = None


def read_fit(file: h5py.File) -> Optional[FitRecord]:
    if "fit" not in file:
        return None
    fit = file["fit"]
    names = hdf5.text_list(file, "fit/hyperparameter_names") if "hyperparameters" in fit else []
    values = hdf5.array(file, "fit/hyperparameters").tolist() if names else []
    return FitRecord(
        hdf5.text_attribute(fit, "estimator") or "", int(fit.attrs["presets"]), float(fit.attrs["effective_presets"]),
        tuple(zip(names, values)), hdf5.text(file, "fit/evidence") if "evidence" in fit else "",
        hdf5.text_attribute(fit, "canonicalisation"), hdf5.present(file, "fit/observed_lower"),
        hdf5.present(file, "fit/observed_upper"))


def write_fit(file: h5py.File, record: Optional[FitRecord]) -> None:
    if record is None:
        return
    fit = file.create_group("fit", track_order=True)
    fit.attrs["estimator"] = record.estimator
    fit.attrs["presets"] = np.int64(record.presets)
    fit.attrs["effective_presets"] = np.float64(record.effective_presets)
    if record.canonicalisation is not None:
        fit.attrs["canonicalisation"] = record.canonicalisation
    fit.create_dataset("evidence", data=record.evidence, dtype=TEXT)
    write_numbers(fit, "observed_lower", record.observed_lower)
    write_numbers(fit, "observed_upper", record.observed_upper)
    if record.hyperparameters:
        write_texts(fit, "hyperparameter_names", [name for name, _ in record.hyperparameters])
        write_numbers(fit, "hyperparameters", np.array([value for _, value in record.hyperparameters], dtype=float))


def read_archive(file: h5py.Group, reserved: Set[str] = RESERVED) -> Tuple[Dict[str, np.ndarray], Dict[str, str]]:
    """Every array and every text below a group by its path, but for what is reserved at the top."""
    arrays: Dict[str, np.ndarray] = {}
    words: Dict[str, str] = {}

    def visit(name: str, item: object) -> None:
        if name.split("/")[0] in reserved or not isinstance(item, h5py.Dataset):
            return
        if hdf5.holds_text(item):
            words[name] = hdf5.text(file, name) if item.shape == () else "\n".join(hdf5.text_list(file, name))
        else:
            values = item[()]
            if isinstance(values, np.ndarray):
                values.setflags(write=False)
            arrays[name] = values

    file.visititems(visit)
    return arrays, words


def write_archive(file: h5py.File, arrays: Dict[str, np.ndarray], words: Dict[str, str]) -> None:
    for name, values in sorted(arrays.items()):
        if name.split("/")[0] in RESERVED:
            raise DataError(f"A density has an array named {name}, which files use themselves: call it otherwise.")
        write_numbers(file, name, np.asarray(values), compressed=np.ndim(values) > 1)
    for name, text in sorted(words.items()):
        file.create_dataset(name, data=text, dtype=TEXT)
