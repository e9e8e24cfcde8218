"""Tables of scores: CSV files of score, evaluate, compare and tabulate."""
from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from typing import Any, Dict, Tuple

import numpy as np

from ._errors import DataError
from ._hdf5 import Path

#: Columns that hold text; all others hold numbers.
TEXTS = ("label", "group", "set", "model", "track_id", "stem_id", "method")


@dataclass(frozen=True, eq=False)
class Table:
    """A table of R rows: columns by name, texts or numbers."""

    #: Arrays [R] in the order of the file: texts, or doubles in which an empty cell is NaN.
    columns: Dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self.columns:
            raise DataError(f"The table has no column {name}: it has {', '.join(self.columns)}.")
        return self.columns[name]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    @property
    def numbers(self) -> Tuple[str, ...]:
        """Names of the columns of numbers, such as families or metrics."""
        return tuple(name for name in self.columns if name not in TEXTS)

    def to_dataframe(self) -> Any:
        """The table as a `pandas.DataFrame`."""
        from ._frames import pandas

        return pandas().DataFrame(self.columns)


def read_table(path: Path) -> Table:
    """Reads ``scores.csv`` of ``score`` or ``evaluate``, ``presets.csv`` and ``timings.csv`` of ``evaluate``, the
    table of ``compare`` and that of ``tabulate``. Numbers are exact.

    Raises `DataError` for a file that is no such table, naming the line.
    """
    name = os.fspath(path)
    try:
        with open(name, newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file))
    except FileNotFoundError:
        raise DataError(f"There is no file {name}: check the name.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{name} cannot be read as a table ({error}): give a CSV file of PriorKit.") from None
    if not lines or not set(lines[0]) & set(TEXTS):
        raise DataError(f"{name} is not a table of scores: its first line names none of {', '.join(TEXTS)}.")
    header, rows = lines[0], lines[1:]
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise DataError(f"Line {number} of {name} has {len(row)} cells for {len(header)} columns: "
                            "complete the line.")
    return Table({column: _column(column, [row[index] for row in rows], name) for index, column in enumerate(header)})


def _column(column: str, cells: list, name: str) -> np.ndarray:
    if column in TEXTS:
        return np.array(cells, dtype=str)
    values = np.full(len(cells), np.nan)
    for index, cell in enumerate(cells):
        try:
            values[index] = float(cell) if cell else np.nan
        except ValueError:
            raise DataError(f"Line {index + 2} of {name} has {cell!r} for {column}, which is not a number: "
                            "correct the cell.") from None
    return values
