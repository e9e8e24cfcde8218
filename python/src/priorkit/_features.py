"""How the features of recordings were computed."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import h5py
import numpy as np

from ._errors import DataError
from ._hdf5 import present, text_attribute


@dataclass(frozen=True, eq=False)
class FeatureRecord:
    """How features were computed, as conditional priors must know to be given a recording."""

    #: The style encoder, such as ``mfcc``.
    encoder: str
    #: ``dry`` or ``wet``.
    source: str
    #: Hz.
    sample_rate: float
    segment_seconds: float
    #: The level that recordings were brought to in LUFS, or None for levels as they were.
    loudness_lufs: Optional[float] = None
    #: Logits [A, D] of the presets whose mean features were subtracted, or None.
    anchors: Optional[np.ndarray] = None

    def __post_init__(self) -> None:
        if self.source not in ("dry", "wet"):
            raise DataError(f"Features are of {self.source} recordings, not of dry or wet ones: name one of those.")


def read_feature_record(file: h5py.File, name: str) -> Optional[FeatureRecord]:
    """The record in the attributes of an object, or None for features of unknown making."""
    item = file[name]
    encoder = text_attribute(item, "encoder")
    if encoder is None:
        return None
    loudness: Any = item.attrs.get("loudness_lufs")
    return FeatureRecord(
        encoder, text_attribute(item, "source") or "", float(item.attrs["sample_rate"]),
        float(item.attrs["segment_seconds"]), None if loudness is None else float(loudness),
        present(file, "feature_anchors"))


def write_feature_record(file: h5py.File, name: str, record: Optional[FeatureRecord]) -> None:
    if record is None:
        return
    attributes = file[name].attrs
    attributes["encoder"], attributes["source"] = record.encoder, record.source
    attributes["sample_rate"] = np.float64(record.sample_rate)
    attributes["segment_seconds"] = np.float64(record.segment_seconds)
    if record.loudness_lufs is not None:
        attributes["loudness_lufs"] = np.float64(record.loudness_lufs)
    if record.anchors is not None:
        file.create_dataset("feature_anchors", data=record.anchors)
