"""Presets and posteriors in xarray and pandas, where those are installed."""
from __future__ import annotations

from typing import Any

import numpy as np

from ._errors import missing_package


def xarray() -> Any:
    try:
        import xarray as module
    except ImportError:
        raise missing_package("xarray", "to_xarray") from None
    return module


def pandas() -> Any:
    try:
        import pandas as module
    except ImportError:
        raise missing_package("pandas", "to_dataframe") from None
    return module


def presets_dataset(presets: Any, with_values: bool) -> Any:
    size = len(presets)
    labels = presets.labels if presets.labels is not None else np.arange(size)
    coordinates = {"preset": labels, "parameter": list(presets.names), "unit": ("parameter", list(presets.units))}
    if presets.groups is not None:
        coordinates["group"] = ("preset", presets.groups)
    variables = {"theta": (("preset", "parameter"), presets.theta, {"units": "logit"})}
    if with_values:
        variables["value"] = (("preset", "parameter"), presets.values)
    if presets.weights is not None:
        variables["weight"] = ("preset", presets.weights)
    if presets.standard_errors is not None:
        variables["standard_error"] = (("preset", "parameter"), presets.standard_errors, {"units": "logit"})
    if presets.features is not None:
        coordinates["feature"] = list(presets.feature_names)
        variables["features"] = (("preset", "feature"), presets.features)
    if presets.present is not None:
        coordinates["effect"] = list(presets.optional_effects)
        variables["present"] = (("preset", "effect"), presets.present)
    if presets.order is not None:
        variables["order"] = ("preset", presets.order)
    return xarray().Dataset(variables, coordinates)


def presets_frame(presets: Any, logits: bool) -> Any:
    module = pandas()
    index = None if presets.labels is None else module.Index(presets.labels, name="label")
    return module.DataFrame(presets.theta if logits else presets.values, index=index, columns=list(presets.names))


def group_dataset(group: Any) -> Any:
    """A group of a posterior as a dataset: variables over labelled dimensions."""
    variables = {name: (each.dimensions, each.values, dict(each.attributes)) for name, each in group.variables.items()}
    coordinates = {name: (name, values) for name, values in group.coordinates.items()}
    return xarray().Dataset(variables, coordinates, dict(group.attributes))


def posterior_tree(posterior: Any) -> Any:
    module = xarray()
    if not hasattr(module, "DataTree"):
        raise missing_package("xarray>=2024.10", "A tree of all groups (name one group otherwise)")
    return module.DataTree.from_dict({name: group_dataset(group) for name, group in posterior.groups.items()})
