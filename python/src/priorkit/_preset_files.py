"""Preset files and shards of them."""
from __future__ import annotations

import os
from typing import Optional

import h5py
import numpy as np

from . import _hdf5 as hdf5
from ._chain import Chain
from ._features import read_feature_record, write_feature_record
from ._output import created, write_header, write_numbers, write_text_attribute, write_texts
from ._presets import Presets, RetrievalColumns
from ._provenance import Provenance, Source
from ._scales import name_dimensions


def read_presets(path: hdf5.Path) -> Presets:
    """Reads a file of kind ``presets``. Raises `DataError` for another kind and for content that does not fit."""
    source = Source.of(os.fspath(path)) if os.path.exists(path) else None
    with hdf5.opened(path) as file:
        hdf5.require_kind(file, "presets")
        presets = presets_in(file, hdf5.chain(file))
    presets._set_source(source)
    return presets


def presets_in(file: h5py.File, chain: Chain) -> Presets:
    """The presets among the datasets of a file."""
    def texts(name: str) -> Optional[np.ndarray]:
        return np.array(hdf5.text_list(file, name), dtype=str) if name in file else None

    has_features = "features" in file
    return Presets(
        theta=hdf5.array(file, "theta"), chain=chain, labels=texts("labels"), groups=texts("groups"),
        weights=hdf5.present(file, "weights"), features=hdf5.present(file, "features"),
        feature_names=texts("feature_names") if has_features else None,
        feature_record=read_feature_record(file, "features") if has_features else None,
        standard_errors=hdf5.present(file, "standard_errors"), information=hdf5.present(file, "information"),
        widths=hdf5.present(file, "widths"), retrieval=_retrieval(file),
        canonicalisation=hdf5.text_attribute(file, "canonicalisation"),
        adjustments=hdf5.text_list_attribute(file, "adjustments"), present=hdf5.present(file, "present"),
        optional_effects=texts("optional_effects"), order=hdf5.present(file, "order"), provenance=hdf5.provenance(file))


def _retrieval(file: h5py.File) -> Optional[RetrievalColumns]:
    if "retrieval_loss" not in file:
        return None
    numbers = {name: hdf5.array(file, f"retrieval_{name}") for name in ("loss", "fluctuation", "correlation")}
    refused = {name: tuple(hdf5.text_list(file, name)) if name in file else () for name in
               ("refused_names", "refused_reasons")}
    return RetrievalColumns(
        **numbers, status=np.array(hdf5.text_list(file, "retrieval_status"), dtype=str), **refused)


def write_presets(presets: Presets, path: hdf5.Path, *, overwrite: bool = False) -> None:
    """Writes presets with everything that they hold, completely or not at all.

    The file records this function, the version and the date, and the file that the presets were read from. Raises
    `DataError` for a file that exists, unless ``overwrite``.
    """
    provenance = Provenance.of_writer("write_presets", presets)
    with created(path, overwrite) as file:
        write_header(file, "presets", presets.chain, provenance)
        _write_arrays(file, presets)
        name_dimensions(file)


def _write_arrays(file: h5py.File, presets: Presets) -> None:
    write_numbers(file, "theta", presets.theta, compressed=True)
    if presets.present is not None:
        write_texts(file, "optional_effects", presets.optional_effects)
        file.create_dataset("present", data=presets.present.astype(np.int64), compression="gzip", shuffle=True)
    if presets.order is not None:
        file.create_dataset("order", data=presets.order.astype(np.int64))
    if presets.canonicalisation is not None:
        file.attrs["canonicalisation"] = presets.canonicalisation
    if presets.adjustments:
        write_text_attribute(file, "adjustments", presets.adjustments)
    write_texts(file, "labels", presets.labels)
    write_texts(file, "groups", presets.groups)
    write_numbers(file, "weights", presets.weights)
    write_numbers(file, "standard_errors", presets.standard_errors, compressed=True)
    write_numbers(file, "information", presets.information, compressed=True)
    write_numbers(file, "widths", presets.widths)
    if presets.retrieval is not None:
        columns = presets.retrieval
        for name in ("loss", "fluctuation", "correlation"):
            write_numbers(file, f"retrieval_{name}", getattr(columns, name))
        write_texts(file, "retrieval_status", columns.status)
        if columns.refused_names:
            write_texts(file, "refused_names", columns.refused_names)
            write_texts(file, "refused_reasons", columns.refused_reasons)
    if presets.features is not None:
        write_numbers(file, "features", presets.features, compressed=True)
        write_texts(file, "feature_names", presets.feature_names)
        write_feature_record(file, "features", presets.feature_record)
