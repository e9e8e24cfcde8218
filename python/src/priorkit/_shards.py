"""Shards: the rows of some work that one machine did."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional, Tuple

import h5py
import numpy as np

from . import _hdf5 as hdf5
from ._chain import Chain
from ._errors import DataError
from ._preset_files import presets_in
from ._presets import Presets
from ._provenance import Provenance


@dataclass(frozen=True)
class ShardRecord:
    """Which share of which work a file holds."""

    #: What the rows are: ``pairs``, ``features`` or ``comparison``.
    kind: str
    #: Shard ``index``, from 1, of ``count``: rows r with r mod count = index - 1.
    index: int
    count: int
    #: Rows of the whole.
    rows: int
    #: The command line of the whole work.
    command: str
    #: Pairs of names and values of all that the rows depend on.
    terms: Tuple[Tuple[str, str], ...] = field(repr=False)
    #: The fingerprint of the work.
    work: str = field(repr=False)


@dataclass(frozen=True, eq=False)
class Shard:
    """A share of the presets that ``simulate`` or ``features`` makes."""

    record: ShardRecord
    chain: Chain
    #: The row in the whole of each preset [N].
    rows: np.ndarray
    #: The N presets, or None where the shard has no row.
    presets: Optional[Presets]
    provenance: Provenance


def shard_record(file: h5py.File) -> Optional[ShardRecord]:
    """The record in the attributes of a file, or None where it is no shard."""
    kind = hdf5.text_attribute(file, "shard_kind")
    if kind is None:
        return None
    terms = zip(hdf5.text_list_attribute(file, "shard_terms"), hdf5.text_list_attribute(file, "shard_values"))
    index, count, rows = (int(file.attrs[f"shard_{name}"]) for name in ("index", "count", "rows"))
    return ShardRecord(
        kind, index, count, rows, hdf5.text_attribute(file, "shard_command") or "", tuple(terms),
        hdf5.text_attribute(file, "shard_work") or "")


def read_shard(path: hdf5.Path) -> Shard:
    """Reads a file of kind ``shard``; ``priorkit merge`` makes the whole of all shards."""
    with hdf5.opened(path) as file:
        hdf5.require_kind(file, "shard")
        record, chain = shard_record(file), hdf5.chain(file)
        if record is None:
            raise DataError("it does not say which shard it is: run that shard again.")
        rows = hdf5.array(file, "rows")
        presets = presets_in(file, chain) if len(rows) else None
        if presets is not None and len(presets) != len(rows):
            raise DataError(f"/rows has {len(rows)} entries for {len(presets)} presets: run that shard again.")
        return Shard(record, chain, rows, presets, hdf5.provenance(file))
