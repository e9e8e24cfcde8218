"""Presets from tables and physical values, and into them."""
from __future__ import annotations

import csv
import os
from typing import Any, Mapping, Optional, Sequence, Union

import numpy as np

from ._chain import Chain
from ._errors import DataError
from ._hdf5 import Path
from ._preset_files import read_presets
from ._presets import Presets
from ._workspace import Workspace


def physical_values(presets: Presets) -> np.ndarray:
    """Physical values [N, D] of presets."""
    with Workspace() as work:
        target = work.path("presets.npz")
        work.run("export", work.file(presets, "presets.h5"), output=target, quiet=True)
        with np.load(target) as archive:
            values = archive["values"]
    values.setflags(write=False)
    return values


def import_csv(path: Path, chain: Union[Chain, Path]) -> Presets:
    """Presets from a table with a column per parameter, in physical units or, named ``logit:NAME``, as logits.

    ``chain`` is a `Chain`, or the path of its description in YAML. Columns ``label`` and ``group`` are optional.
    """
    with Workspace() as work:
        target = work.path("presets.h5")
        description = work.path("chain.yaml") if isinstance(chain, Chain) else os.fspath(chain)
        if isinstance(chain, Chain):
            with open(description, "w", encoding="utf-8") as file:
                file.write(chain.yaml)
        work.run("import", "csv", os.fspath(path), chain=description, output=target, quiet=True)
        return read_presets(target)


def import_diffvox(folder: Path, rows: str = "all") -> Presets:
    """The published DiffVox presets from their folder; ``rows`` is ``train``, ``held-out`` or ``all``."""
    with Workspace() as work:
        target = work.path("presets.h5")
        work.run("import", "diffvox", os.fspath(folder), select=rows, output=target, quiet=True)
        return read_presets(target)


def presets_from_values(values: Union[np.ndarray, Mapping[str, Any]], chain: Chain,
                        labels: Optional[Sequence[str]] = None, groups: Optional[Sequence[str]] = None) -> Presets:
    """Presets with physical values [N, D] in the units of the chain, or with a column [N] by name of a parameter.

    NaN in all parameters of an optional effect leaves the effect out.

    Raises `DataError` for names that are not those of the chain, and `CommandError` for a value that leaves the range
    of its parameter.
    """
    if isinstance(values, Mapping):
        for name in values:
            chain.index(name)
        missing = [name for name in chain.names if name not in values]
        if missing:
            shown = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
            raise DataError(f"There are no values of {shown}: give all {len(chain)} parameters.")
        values = np.stack([np.atleast_1d(values[name]) for name in chain.names], axis=1)
    array = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if array.ndim != 2 or array.shape[1] != len(chain):
        raise DataError(f"values has shape {list(array.shape)} instead of [N, {len(chain)}]: give a column for each "
                        "parameter.")
    columns = {"label": labels, "group": groups}
    given = {name: column for name, column in columns.items() if column is not None}
    for name, column in given.items():
        if len(column) != len(array):
            raise DataError(f"{name}s has {len(column)} entries for {len(array)} presets: give one for each.")
    with Workspace() as work:
        table = work.path("values.csv")
        with open(table, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([*given, *chain.names])
            for row, numbers in enumerate(array.tolist()):
                # The shortest text that reads back exactly.
                writer.writerow([column[row] for column in given.values()] + 
                                ["" if number != number else repr(number) for number in numbers])
        return import_csv(table, chain)


def export(presets: Any, path: Path, *, logits: bool = False, stan: bool = False, overwrite: bool = False) -> None:
    """Writes presets, or the draws of a posterior, as ``.csv``, ``.json``, ``.npz`` or ``.h5`` (`export`)."""
    with Workspace() as work:
        work.run("export", work.file(presets, "presets.h5"), output=os.fspath(path), logits=logits, stan=stan,
                 force=overwrite, quiet=True)
