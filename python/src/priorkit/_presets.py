"""Collections of presets: rows of logits of one chain, with what is known of each."""
from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Optional, Sequence, Tuple

import numpy as np

from ._chain import Chain, OfChain, numbers, texts, whole
from ._errors import DataError
from ._features import FeatureRecord
from ._provenance import Provenance, Sourced


@dataclass(frozen=True, eq=False)
class RetrievalColumns:
    """What is known of presets that were retrieved from recordings, one entry for each of N rows."""

    #: The loss of each preset [N].
    loss: np.ndarray
    #: The median change of the loss from step to step [N].
    fluctuation: np.ndarray
    #: The correlation of the two recordings, aligned [N].
    correlation: np.ndarray
    #: ``kept``, or why the published selection would refuse the row [N].
    status: np.ndarray
    #: Names of the retrievals that have no row.
    refused_names: Tuple[str, ...] = ()
    #: Why they have none.
    refused_reasons: Tuple[str, ...] = ()

    def __post_init__(self) -> None:
        rows = len(self.status)
        for name in ("loss", "fluctuation", "correlation"):
            object.__setattr__(self, name, numbers(getattr(self, name), f"/retrieval_{name}", (rows,)))
        object.__setattr__(self, "status", texts(self.status, "/retrieval_status", rows))
        if len(self.refused_names) != len(self.refused_reasons):
            raise DataError("/refused_names and /refused_reasons differ in length: collect the retrievals again.")


@dataclass(frozen=True, eq=False, repr=False)
class Presets(OfChain, Sourced):
    """N presets of a chain with D parameters. Arrays are read-only copies.

    ``np.asarray(presets)`` is ``theta``, and ``presets[rows]`` are the presets of a slice, a mask or a list of rows.
    Raises `DataError` for shapes that do not fit each other and for values that are not finite. Where presets lack
    optional effects of their chain (``present``), the logits of those are NaN.
    """

    #: Unconstrained parameters, logits [N, D].
    theta: np.ndarray
    chain: Chain
    #: One name for each row [N], or None.
    labels: Optional[np.ndarray] = None
    #: The group of each row, such as a song [N]: cross-validation keeps groups together.
    groups: Optional[np.ndarray] = None
    #: The weight of each row in a fit [N]: not negative, not all zero.
    weights: Optional[np.ndarray] = None
    #: Features of each row [N, F], for conditional priors, with their names [F].
    features: Optional[np.ndarray] = None
    feature_names: Optional[np.ndarray] = None
    feature_record: Optional[FeatureRecord] = None
    #: Standard errors of the logits [N, D].
    standard_errors: Optional[np.ndarray] = None
    #: What the source alone says of each row [N, D, D]: its inverse would be the covariance of the errors.
    information: Optional[np.ndarray] = None
    #: A typical standard deviation of each logit [D].
    widths: Optional[np.ndarray] = None
    retrieval: Optional[RetrievalColumns] = None
    #: Which representatives of their orbits the presets are.
    canonicalisation: Optional[str] = None
    #: What was done to the values when they were read from text, a line each.
    adjustments: Tuple[str, ...] = ()
    #: Which of the optional effects each preset has [N, E], with their names [E]; None where nothing is missing.
    present: Optional[np.ndarray] = None
    optional_effects: Optional[np.ndarray] = None
    #: The order of the series of each preset [N]: 0 as the chain lists it, then its further ones; None for 0 in all.
    order: Optional[np.ndarray] = None
    #: How the file was made that the presets were read from. Not written: a written file has a record of its own.
    provenance: Optional[Provenance] = None

    def __post_init__(self) -> None:
        columns = len(self.chain)
        self._put("theta", numbers(self.theta, "/theta", ("N", columns), "give one row of logits per preset",
                                   gaps=self.present is not None))
        rows = len(self.theta)
        if rows == 0:
            raise DataError("/theta has no rows: give at least one preset.")
        for name in ("labels", "groups"):
            if getattr(self, name) is not None:
                self._put(name, texts(getattr(self, name), f"/{name}", rows))
        shapes = {"weights": (rows,), "features": (rows, "F"), "standard_errors": (rows, columns),
                  "information": (rows, columns, columns), "widths": (columns,)}
        for name, shape in shapes.items():
            if getattr(self, name) is not None:
                self._put(name, numbers(getattr(self, name), f"/{name}", shape))
        self._check_shapes()
        self._check_features()
        self._check_values()

    def _check_shapes(self) -> None:
        """Which logits belong to which effect is for the command to check, which knows the chain."""
        rows = len(self.theta)
        if (self.present is None) != (self.optional_effects is None):
            raise DataError("/present and /optional_effects belong together: give both or neither.")
        if self.present is not None:
            found = numbers(self.present, "/present", (rows, "E"))
            self._put("optional_effects", texts(self.optional_effects, "/optional_effects", found.shape[1]))
            self._put("present", whole(found, "/present", 1).astype(bool))
            self.present.setflags(write=False)
            gaps = np.isnan(self.theta).any(axis=1)
            bad = np.flatnonzero(gaps & self.present.all(axis=1))
            if len(bad):
                raise DataError(f"/theta has NaN in row {bad[0]}, which lacks no effect: say so in /present, or correct "
                                "the row.")
        if self.order is not None:
            self._put("order", whole(numbers(self.order, "/order", (rows,)), "/order", None))

    def _put(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _check_features(self) -> None:
        if (self.features is None) != (self.feature_names is None):
            raise DataError("/features and /feature_names belong together: give both or neither.")
        if self.features is not None:
            self._put("feature_names", texts(self.feature_names, "/feature_names", self.features.shape[1]))

    def _check_values(self) -> None:
        if self.weights is not None and (self.weights.min() < 0 or not self.weights.any()):
            raise DataError(f"/weights has a least value of {self.weights.min()} and a sum of {self.weights.sum()}: "
                            "weights must not be negative, nor all zero.")
        for name in ("standard_errors", "widths"):
            values = getattr(self, name)
            if values is not None and values.min() <= 0:
                raise DataError(f"/{name} has a least value of {values.min()}: they must be positive.")
        if self.information is not None and self.standard_errors is None:
            raise DataError("/information needs /standard_errors beside it: give both.")
        if self.retrieval is not None and len(self.retrieval.status) != len(self.theta):
            raise DataError(f"/retrieval_loss has {len(self.retrieval.status)} entries for {len(self.theta)} presets: "
                            "give one for each.")

    # As arrays

    @property
    def values(self) -> np.ndarray:
        """Physical values [N, D] in the units of the chain, computed by ``priorkit export`` once."""
        from ._conversion import physical_values

        if "_values" not in self.__dict__:
            self._put("_values", physical_values(self))
        return self.__dict__["_values"]

    def __repr__(self) -> str:
        held = [field.name for field in fields(self)[2:-1] if getattr(self, field.name) is not None]
        return f"Presets({len(self)} rows of {len(self.chain)} parameters{', with ' if held else ''}{', '.join(held)})"

    def __len__(self) -> int:
        return len(self.theta)

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> np.ndarray:
        return np.array(self.theta, dtype=dtype) if copy else np.asarray(self.theta, dtype=dtype)

    def __getitem__(self, rows: Any) -> "Presets":
        chosen = np.atleast_1d(np.arange(len(self))[rows])
        changes = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ("theta", "labels", "groups", "weights", "features", "standard_errors", "information", "present",
                     "order"):
            if changes[name] is not None:
                changes[name] = changes[name][chosen]
        if self.retrieval is not None:
            columns = self.retrieval
            changes["retrieval"] = RetrievalColumns(
                columns.loss[chosen], columns.fluctuation[chosen], columns.correlation[chosen],
                columns.status[chosen], columns.refused_names, columns.refused_reasons)
        return Presets(**changes)

    # In other packages

    def to_xarray(self, values: bool = False) -> Any:
        """An `xarray.Dataset` with ``theta`` (preset, parameter) and, with ``values``, the physical ``value``."""
        from ._frames import presets_dataset

        return presets_dataset(self, values)

    def to_dataframe(self, logits: bool = False) -> Any:
        """A `pandas.DataFrame` with a column per parameter: physical values, or logits. Rows have the labels."""
        from ._frames import presets_frame

        return presets_frame(self, logits)


def stacked(theta: np.ndarray, chain: Chain, labels: Optional[Sequence[str]] = None) -> Presets:
    """Presets of one row [D] or several [N, D]."""
    return Presets(np.atleast_2d(np.asarray(theta, dtype=np.float64)), chain, labels)
