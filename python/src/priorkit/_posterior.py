"""Draws of a posterior, from the netCDF file of ``priorkit posterior``."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

import h5py
import numpy as np

from . import _hdf5 as hdf5
from ._chain import Chain, OfChain
from ._errors import DataError
from ._provenance import Provenance, Source, Sourced

OWN = "priorkit"


class Variable(NamedTuple):
    """An array over named dimensions."""

    dimensions: Tuple[str, ...]
    values: np.ndarray
    #: Such as ``units``.
    attributes: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Group:
    """A group of ArviZ's schema, such as ``posterior`` or ``sample_stats``."""

    variables: Dict[str, Variable]
    #: Labels along each dimension.
    coordinates: Dict[str, np.ndarray]
    attributes: Dict[str, Any]


@dataclass(frozen=True, eq=False)
class Posterior(OfChain, Sourced):
    """C chains of S draws of D parameters."""

    #: Logits [C, S, D], in the order of the chain.
    theta: np.ndarray = field(repr=False)
    #: Physical values [C, S, D] in the units of the chain; None where another program removed that group.
    values: Optional[np.ndarray] = field(repr=False)
    #: log p(theta) of each draw [C, S].
    log_prior: np.ndarray = field(repr=False)
    #: The log-likelihood of each draw [C, S], as it is in the posterior.
    log_likelihood: np.ndarray = field(repr=False)
    #: What the sampler reports of each draw by name, [C, S] each.
    sample_stats: Dict[str, np.ndarray] = field(repr=False)
    chain: Chain = field(repr=False)
    #: Such as ``nuts``, with its settings as texts.
    sampler: str
    settings: Dict[str, str]
    #: The weight of the log prior; 0 where only the prior was drawn from.
    alpha: float
    #: Names of parameters that the prior fixes.
    fixed_names: Tuple[str, ...]
    #: Every group of ArviZ's schema in the file.
    groups: Dict[str, Group] = field(repr=False)
    provenance: Provenance = field(repr=False)

    def to_xarray(self, group: Optional[str] = None) -> Any:
        """A group as an `xarray.Dataset`, or all of them as an `xarray.DataTree`, which ArviZ 1.x takes.

        Variables, dimensions and units are those of the file.
        """
        from ._frames import group_dataset, posterior_tree

        if group is None:
            return posterior_tree(self)
        if group not in self.groups:
            raise DataError(f"The posterior has no group {group}: it has {', '.join(self.groups)}.")
        return group_dataset(self.groups[group])


def read_posterior(path: hdf5.Path) -> Posterior:
    """Reads a posterior file, of the command or as another program stored it again."""
    source = Source.of(os.fspath(path)) if os.path.exists(path) else None
    with hdf5.opened(path) as file:
        hdf5.require_kind(file, "posterior")
        own, groups = file[OWN], {name: _group(file[name]) for name in file if name != OWN}
        chain = hdf5.chain(own)
        settings = (hdf5.text_list_attribute(own, f"setting_{part}") for part in ("names", "values"))
        if "unconstrained_posterior" not in groups:
            raise DataError("it has no group unconstrained_posterior, so its draws are gone: draw again.")
        posterior = Posterior(
            theta=_flat(groups["unconstrained_posterior"], chain),
            values=_flat(groups["posterior"], chain) if "posterior" in groups else None,
            log_prior=_variable(groups, "log_prior", "preset"),
            log_likelihood=_variable(groups, "log_likelihood", "style"),
            sample_stats={name: each.values for name, each in groups["sample_stats"].variables.items()}
            if "sample_stats" in groups else {},
            chain=chain, sampler=hdf5.text_attribute(own, "sampler") or "", settings=dict(zip(*settings)),
            alpha=float(own.attrs["alpha"]), fixed_names=hdf5.text_list_attribute(own, "fixed_names"), groups=groups,
            provenance=hdf5.provenance(file))
    posterior._set_source(source)
    return posterior


def _variable(groups: Dict[str, Group], group: str, name: str) -> np.ndarray:
    if group not in groups or name not in groups[group].variables:
        raise DataError(f"it has no dataset /{group}/{name}: draw again.")
    return groups[group].variables[name].values


def _group(group: h5py.Group) -> Group:
    variables, coordinates = {}, {}
    for name, dataset in group.items():
        if not isinstance(dataset, h5py.Dataset):
            continue
        values = np.array(dataset.asstr()[()], dtype=str) if hdf5.holds_text(dataset) else dataset[()]
        found = hdf5.attributes(dataset)
        # netCDF has no type for truth values: xarray stores them so.
        if found.pop("dtype", None) == "bool":
            values = values.astype(bool)
        if dataset.is_scale:
            coordinates[name] = values
        else:
            dimensions = tuple(_dimension(dataset, axis) for axis in range(values.ndim))
            variables[name] = Variable(dimensions, values, found)
    return Group(variables, coordinates, hdf5.attributes(group))


def _dimension(dataset: h5py.Dataset, axis: int) -> str:
    scales = dataset.dims[axis]
    return scales[0].name.split("/")[-1] if len(scales) else f"dimension_{axis}"


def _flat(group: Group, chain: Chain) -> np.ndarray:
    """The variables of a group in the order of the chain [C, S, D]."""
    columns: List[np.ndarray] = []
    variables = _by_own_name(group)
    for name in chain.names:
        if name in variables:
            columns.append(variables[name].values)
            continue
        # Parameters whose names differ in trailing numbers are one variable over these as labels.
        stem, label = _split(name, variables)
        labels = group.coordinates.get(variables[stem].dimensions[-1], np.array([])).tolist()
        if label not in labels:
            raise DataError(f"it has no draws of {name}: draw again.")
        columns.append(variables[stem].values[..., labels.index(label)])
    flat = np.stack(columns, axis=-1)
    flat.setflags(write=False)
    return flat


def _by_own_name(group: Group) -> Dict[str, Variable]:
    """Variables by the names of their parameters, which those of ``--python-names`` keep as ``long_name``."""
    kept = {str(each.attributes.get("long_name", name)): each for name, each in group.variables.items()}
    return {**kept, **group.variables}


def _split(name: str, variables: Mapping[str, Variable]) -> Tuple[str, str]:
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        stem = ".".join(parts[:cut])
        if stem in variables:
            return stem, ".".join(parts[cut:])
    raise DataError(f"it has no draws of {name}: draw again.")
