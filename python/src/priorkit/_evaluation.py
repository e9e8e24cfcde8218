"""Methods measured on tracks, recommendations and distances."""
from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ._errors import DataError
from ._hdf5 import Path
from ._recordings import recording_files
from ._tables import Table, read_table
from ._workspace import Workspace, output_folder


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The folder of ``priorkit evaluate``. Each table begins with ``model``, ``track_id`` and ``stem_id``."""

    #: Where the files are. A temporary folder lives as long as this object.
    folder: str
    #: Metrics of each method on each track.
    scores: Table = field(repr=False)
    #: The logits that were chosen, in columns ``logit:NAME``.
    presets: Table = field(repr=False)
    #: Seconds.
    timings: Table = field(repr=False)
    #: The content of ``run.json``.
    run: Mapping[str, Any] = field(repr=False)
    _keep: Optional[Workspace] = field(default=None, repr=False)


def read_evaluation(folder: Path, *, _keep: Optional[Workspace] = None) -> Evaluation:
    """Reads the folder of ``priorkit evaluate``, also of an unfinished run or of a shard."""
    name = os.fspath(folder)
    record = os.path.join(name, "run.json")
    if not os.path.exists(record):
        raise DataError(f"There is no {record}: give a folder that `evaluate` filled.")
    with open(record, encoding="utf-8") as file:
        content = json.load(file)
    tables = {part: read_table(os.path.join(name, f"{part}.csv")) for part in ("scores", "presets", "timings")}
    return Evaluation(name, **tables, run=content, _keep=_keep)


def evaluate(methods: Sequence[str], *, tracks: Optional[Path] = None, hidden: Any = None,
             rows: Optional[Sequence[int]] = None, dry: Any = None, prior: Any = None, collection: Any = None,
             output: Optional[Path] = None, overwrite: bool = False, seed: int = 0, threads: Optional[int] = None,
             quiet: bool = False, **options: Any) -> Evaluation:
    """Measures methods on tracks (``priorkit evaluate``): of a table, or presets that are hidden on dry vocals."""
    keep, folder = output_folder(output)
    with Workspace() as work:
        items = {"hidden": hidden, "prior": prior, "collection": collection}
        files = {name: work.file(item, f"{name}.h5") for name, item in items.items() if item is not None}
        work.run("evaluate", *([] if tracks is None else [os.fspath(tracks)]), methods=",".join(methods),
                 select=None if rows is None else ",".join(map(str, rows)), dry=recording_files(work, dry, "dry"),
                 output=folder, force=overwrite, seed=seed, threads=threads, quiet=quiet, **files, **options)
    return read_evaluation(folder, _keep=keep)


def recommend(presets: Any, reference: Any, dry: Any = None, count: Optional[int] = None, *, quiet: bool = False,
              **options: Any) -> List[Dict[str, Any]]:
    """Presets of a collection by their distance from a reference, the nearest first (``priorkit recommend``).

    Each has ``row``, ``label``, ``logLikelihood``, ``angleMid`` and ``angleSide``; ``count`` limits them.
    """
    with Workspace() as work:
        target = work.path("distances.json")
        work.run("recommend", work.file(presets, "presets.h5"), reference=recording_files(work, reference, "reference"),
                 dry=recording_files(work, dry, "dry"), output=target, quiet=quiet, **options)
        with open(target, encoding="utf-8") as file:
            return json.load(file)["presets"][:count]


def distance(reference: Any, candidates: Any, row: Optional[int] = None, **options: Any) -> List[Dict[str, Any]]:
    """Distances of recordings, or of presets, from a reference (``priorkit distance``), one entry per candidate.

    ``reference`` and ``candidates`` are of one sort: presets, of which ``row`` is the reference, or recordings.
    """
    items = candidates if isinstance(candidates, list) else [candidates]
    suffix = "wav" if isinstance(reference, tuple) else "h5"
    with Workspace() as work:
        names = [work.file(item, f"candidate.{suffix}") for item in items]
        done = work.run("distance", work.file(reference, f"reference.{suffix}"), *names, row=row, json=True, quiet=True,
                        **options)
        content = json.loads(done.stdout)
        return content.get("presets") or content["recordings"]
