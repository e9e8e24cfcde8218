"""Dimension scales and units of preset and prior files, by which xarray names what it reads (docs/file-formats.md)."""
from __future__ import annotations

from typing import Mapping, Optional, Sequence

import h5py
import numpy as np

from ._hdf5 import text_list
from ._output import write_text_attribute, write_texts

#: Datasets with one value per preset.
COLUMNS = ("groups", "weights", "retrieval_loss", "retrieval_fluctuation", "retrieval_correlation", "retrieval_status",
           "order")
#: A list of units is an attribute, which holds 64 KiB; a text takes 16 bytes.
MOST_UNITS = 4000


def name_dimensions(file: h5py.File) -> None:
    """Names the dimensions of what was written to a preset file."""
    _name_parameters(file)
    preset = "labels" if "labels" in file else "preset"
    if preset not in file:
        file.create_dataset(preset, data=np.arange(len(file["theta"]), dtype=np.int64))
    if "feature_anchors" in file:
        file.create_dataset("anchor", data=np.arange(len(file["feature_anchors"]), dtype=np.int64))
    if "information" in file:
        write_texts(file, "column_names", text_list(file, "names"))
    for scale in (preset, "anchor", "column_names", "feature_names", "refused_names", "optional_effects"):
        if scale in file:
            file[scale].make_scale(scale)
    for column in COLUMNS:
        _attach(file, column, [preset])
    _attach(file, "theta", [preset, "names"], "logit")
    _attach(file, "present", [preset, "optional_effects"])
    _attach(file, "standard_errors", [preset, "names"], "logit")
    _attach(file, "information", [preset, "names", "column_names"])
    _attach(file, "widths", ["names"], "logit")
    _attach(file, "features", [preset, "feature_names"])
    _attach(file, "feature_anchors", ["anchor", "names"], "logit")
    _attach(file, "refused_reasons", ["refused_names"])
    file["theta"].attrs["long_name"] = "unconstrained parameters (logits)"


def name_prior_dimensions(file: h5py.File, arrays: Mapping[str, np.ndarray]) -> None:
    """Names the dimensions of the arrays over parameters in a prior file; others keep none."""
    _name_parameters(file)
    size = len(file["names"])
    over = {name: np.shape(values) for name, values in sorted(arrays.items()) if _is_over_parameters(name)}
    square = [name for name, shape in over.items() if shape == (size, size)]
    if square:
        write_texts(file, "column_names", text_list(file, "names"))
        file["column_names"].make_scale("column_names")
    for name, shape in over.items():
        if shape == (size,):
            _attach(file, name, ["names"], "logit")
    for name in square:
        _attach(file, name, ["names", "column_names"])
    for name in ("fit/observed_lower", "fit/observed_upper"):
        _attach(file, name, ["names"])
    if "fit/hyperparameter_names" in file:
        file["fit/hyperparameter_names"].make_scale("hyperparameter_names")
        _attach(file, "fit/hyperparameters", ["fit/hyperparameter_names"])


def _is_over_parameters(name: str) -> bool:
    *groups, last = name.split("/")
    inside = all(group in ("base", "component", "density") or group.isdigit() for group in groups)
    return inside and last in ("mean", "location", "covariance", "scatter")


def _name_parameters(file: h5py.File) -> None:
    file["names"].make_scale("names")
    _attach(file, "units", ["names"])
    units = text_list(file, "units")
    if len(units) <= MOST_UNITS:
        write_text_attribute(file["names"], "parameter_units", units)


def _attach(file: h5py.File, name: str, scales: Sequence[str], units: Optional[str] = None) -> None:
    if name not in file:
        return
    for axis, scale in enumerate(scales):
        file[name].dims[axis].attach_scale(file[scale])
    if units is not None:
        file[name].attrs["units"] = units
