"""The effects chain of a file: its parameters in flat order, with names and units."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Optional, Tuple

import numpy as np

from ._errors import DataError


@dataclass(frozen=True, repr=False)
class Chain:
    """An effects chain, as PriorKit's files describe it.

    The YAML defines names, units and their order. All three are taken from a file and belong together: the command
    refuses files in which they do not.
    """

    #: The description of the chain.
    yaml: str
    #: Names of the D parameters, in flat order.
    names: Tuple[str, ...]
    #: Units of their physical values: ``dB``, ``Hz``, ``ms``, ``1``.
    units: Tuple[str, ...]
    _positions: Dict[str, int] = field(init=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(str(name) for name in self.names))
        object.__setattr__(self, "units", tuple(str(unit) for unit in self.units))
        if len(self.names) != len(self.units):
            raise DataError(
                f"/units has {len(self.units)} entries for {len(self.names)} /names: take the chain from one file.")
        if len(set(self.names)) != len(self.names):
            raise DataError("/names has a name twice: take the chain from a file that the command wrote.")
        self._positions.update({name: index for index, name in enumerate(self.names)})

    def __repr__(self) -> str:
        return f"Chain({len(self.names)} parameters, {self.names[0]} to {self.names[-1]})" if self.names else "Chain()"

    def __len__(self) -> int:
        """The number of parameters, D."""
        return len(self.names)

    def index(self, name: str) -> int:
        """The column of a parameter. Raises `DataError` for a name that the chain does not have."""
        try:
            return self._positions[name]
        except KeyError:
            import difflib

            near = difflib.get_close_matches(name, self.names, 3)
            hint = f"the nearest names are {', '.join(near)}." if near else "its attribute names lists them."
            raise DataError(f"The chain has no parameter {name}: {hint}") from None

    def unit(self, name: str) -> str:
        """The unit of a parameter's physical values."""
        return self.units[self.index(name)]


def numbers(values: object, dataset: str, shape: Tuple[object, ...], remedy: str = "correct the array",
            gaps: bool = False) -> np.ndarray:
    """A read-only array of doubles of a shape, in which a text stands for any length.

    Raises `DataError` for another shape, and for values that are no numbers or not finite; ``gaps`` allows NaN.
    """
    try:
        array = np.array(values, dtype=np.float64, order="C")
    except (TypeError, ValueError):
        raise DataError(f"{dataset} holds something that is not a number: {remedy}.") from None
    fits = array.ndim == len(shape) and all(
        isinstance(wanted, str) or wanted == length for wanted, length in zip(shape, array.shape))
    if not fits:
        wanted = ", ".join(str(length) for length in shape)
        raise DataError(f"{dataset} has shape {list(array.shape)} instead of [{wanted}]: {remedy}.")
    bad = np.argwhere(np.isinf(array) if gaps else ~np.isfinite(array))
    if len(bad):
        place = bad[0].tolist()
        raise DataError(f"{dataset} has {array[tuple(place)]} at {place}: values must be finite, so {remedy}.")
    array.setflags(write=False)
    return array


def whole(values: np.ndarray, dataset: str, most: Optional[int]) -> np.ndarray:
    """A read-only array of whole numbers from 0, to ``most`` where that is given."""
    bad = values[(values != np.floor(values)) | (values < 0) | (values > (np.inf if most is None else most))]
    if len(bad):
        raise DataError(f"{dataset} has {bad[0]}: give whole numbers from 0{'' if most is None else f' to {most}'}.")
    array = values.astype(np.int64)
    array.setflags(write=False)
    return array


def texts(values: object, dataset: str, count: int) -> np.ndarray:
    """A read-only array of texts with one entry for each of ``count`` things."""
    array = np.array([str(value) for value in values], dtype=str)  # type: ignore[attr-defined]
    if array.shape != (count,):
        raise DataError(f"{dataset} has {len(array)} entries for {count} rows: give one for each.")
    bad = next((text for text in array.tolist() if "\0" in text), None)
    if bad is not None:
        raise DataError(f"{dataset} has the text {bad!r} with a NUL character: remove it.")
    array.setflags(write=False)
    return array


class OfChain:
    """Something whose columns are the parameters of a chain."""

    chain: Chain

    @property
    def names(self) -> Tuple[str, ...]:
        """Names of the parameters [D]."""
        return self.chain.names

    @property
    def units(self) -> Tuple[str, ...]:
        """Units of the physical values [D]."""
        return self.chain.units
