"""Families of priors compared by held-out log density."""
from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from . import _hdf5 as hdf5
from ._errors import DataError
from ._provenance import Provenance
from ._shards import ShardRecord, shard_record
from ._workspace import Workspace


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Log densities of N presets that priors were not fitted to."""

    #: ``cross-validation``, or what else the presets are.
    kind: str
    #: Their labels [N].
    labels: np.ndarray = field(repr=False)
    #: Log densities in nats [N] by family.
    log_prob: Dict[str, np.ndarray] = field(repr=False)
    #: The command's summary by family: ``mean``, ``standardError``, ``difference`` to the baseline, ``median``, ...
    summary: Dict[str, Mapping[str, Any]] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Comparison:
    """The result of ``priorkit compare``."""

    baseline: str
    #: Cross-validation, the other presets of ``test``, or both.
    tables: Tuple[HeldOut, ...]


@dataclass(frozen=True, eq=False)
class Fits:
    """A checkpoint, or a shard, of a comparison: F fits of a family to a fold."""

    #: The family of each fit [F], and its fold [F].
    families: Tuple[str, ...]
    folds: np.ndarray
    #: Seconds that each took [F], NaN where they were not kept.
    seconds: np.ndarray
    #: Log densities of the presets that each fit did not see.
    log_prob: Tuple[np.ndarray, ...] = field(repr=False)
    #: What identifies presets, folds and version.
    problem: str = field(repr=False)
    #: Which shard these are, or None for a checkpoint.
    shard: Optional[ShardRecord]
    provenance: Provenance = field(repr=False)


def compare(presets: Any, *, families: Optional[Sequence[str]] = None, test: Any = None, folds: Optional[int] = None,
            baseline: Optional[str] = None, checkpoint: Optional[hdf5.Path] = None, seed: int = 0,
            threads: Optional[int] = None, quiet: bool = False, **options: Any) -> Comparison:
    """Compares families by the log density of held-out presets (``priorkit compare``).

    ``presets`` and ``test`` are `Presets` or paths. Further options are those of the command: ``group="groups"``,
    ``given="features"``.
    """
    with Workspace() as work:
        done = work.run(
            "compare", work.file(presets, "presets.h5"), families=None if families is None else ",".join(families),
            test=None if test is None else work.file(test, "test.h5"), folds=folds, baseline=baseline,
            checkpoint=checkpoint, seed=seed, threads=threads, json=True, quiet=quiet, **options)
        return _comparison(json.loads(done.stdout))


def _comparison(content: Mapping[str, Any]) -> Comparison:
    tables: List[HeldOut] = []
    for table in content["tables"]:
        summary: Dict[str, Mapping[str, Any]] = {
            row["family"]: {key: value for key, value in row.items() if key not in ("family", "logDensities")}
            for row in table["families"]}
        scores = {row["family"]: np.array(row["log_densities"]) for row in table["families"] if row.get("log_densities")}
        tables.append(HeldOut(table["kind"], np.array(table["labels"], dtype=str), scores, summary))
    return Comparison(content["baseline"], tuple(tables))


def read_comparison(path: hdf5.Path) -> Comparison:
    """Reads what ``priorkit compare --json`` printed."""
    name = os.fspath(path)
    try:
        with open(name, encoding="utf-8") as file:
            return _comparison(json.load(file))
    except FileNotFoundError:
        raise DataError(f"There is no file {name}: check the name.") from None
    except (ValueError, KeyError, TypeError):
        raise DataError(f"{name} does not hold the output of `priorkit compare --json`: give a file that does.") \
            from None


def read_fits(path: hdf5.Path) -> Fits:
    """Reads the checkpoint of a comparison, a shard of one or the merged file of its shards."""
    with hdf5.opened(path) as file:
        form = hdf5.text_attribute(file, "format") or ""
        if not form.startswith("priorkit comparison checkpoint"):
            raise DataError("it does not hold fits of a comparison: give a checkpoint or a shard of `compare`.")
        counts, scores = hdf5.array(file, "score_count"), hdf5.array(file, "scores")
        parts = tuple(np.split(scores, np.cumsum(counts)[:-1])) if len(counts) else ()
        return Fits(
            tuple(hdf5.text_list(file, "estimator")), hdf5.array(file, "split"), hdf5.array(file, "seconds"), parts,
            hdf5.text_attribute(file, "problem") or "", shard_record(file), hdf5.provenance(file))
