"""Fitting priors, and describing what they are fitted to."""
from __future__ import annotations

import json
from typing import Any, Dict, Optional, Sequence, Union

from ._conditional import ConditionalPrior, read_conditional_prior
from ._errors import DataError
from ._hdf5 import opened, text_attribute
from ._priors import Prior, read_prior
from ._statistics import Statistics, read_statistics
from ._workspace import Workspace


def fit(presets: Any, family: str = "published", *, invariant_to: Sequence[str] = (), orbit_sum: bool = False,
        given: Optional[str] = None, prior: Any = None, simulated_from: Any = None, real: Any = None, seed: int = 0,
        threads: Optional[int] = None, quiet: bool = False, **options: Any) -> Union[Prior, ConditionalPrior]:
    """Fits a prior to presets (``priorkit fit``).

    - ``presets``: `Presets` or a path.
    - ``family``: one of `families`, or ``auto``.
    - ``invariant_to``: some of ``signs``, ``bands``, ``lookahead``, ``mirror``.
    - ``given``: ``"features"`` for a prior that is conditional on the features of the presets. The family is then
      one of ``families(given=True)``, by default that of the command.
    - ``prior``, ``simulated_from``, ``real``: as in the command; objects or paths.

    The result is a `Prior`, or a `ConditionalPrior` for ``given`` (of ``auto`` a `Prior` where features do not help).
    """
    # The default of the command is another one for conditional priors.
    chosen = None if family == "published" else family
    with Workspace() as work:
        target = work.path("fitted.h5")
        files = {name: work.file(item, f"{name}.h5") for name, item in
                 (("prior", prior), ("simulated_from", simulated_from), ("real", real)) if item is not None}
        work.run("fit", work.file(presets, "presets.h5"), output=target, family=chosen,
                 invariant_to=",".join(invariant_to) or None, orbit_sum=orbit_sum, given=given, seed=seed,
                 threads=threads, quiet=quiet, **files, **options)
        with opened(target) as file:
            is_conditional = text_attribute(file, "priorkit_kind") == "conditional"
        return read_conditional_prior(target) if is_conditional else read_prior(target)


def statistics(presets: Any, *, threads: Optional[int] = None) -> Statistics:
    """Count, mean and scatter of presets (``priorkit fit --statistics-only``), for `merge`."""
    with Workspace() as work:
        target = work.path("statistics.h5")
        work.run("fit", work.file(presets, "presets.h5"), statistics_only=True, output=target, threads=threads,
                 quiet=True)
        return read_statistics(target)


def merge(parts: Sequence[Any]) -> Prior:
    """The Gaussian prior of the presets behind several statistics, which are `Statistics` or paths."""
    if not parts:
        raise DataError("No statistics were given to merge: give at least one.")
    with Workspace() as work:
        target = work.path("prior.h5")
        work.run("merge", *(work.file(part, "statistics.h5") for part in parts), output=target, quiet=True)
        return read_prior(target)


def describe(presets: Any, against: Any = None, *, seed: int = 0) -> Dict[str, Any]:
    """Ranges, normality, correlation, components and outliers of presets, as ``priorkit describe --json`` has them;
    with ``against`` their shift to other presets of the chain."""
    with Workspace() as work:
        other = None if against is None else work.file(against, "against.h5")
        done = work.run("describe", work.file(presets, "presets.h5"), against=other, seed=seed, json=True, quiet=True)
        return json.loads(done.stdout)


def show(item: Any) -> Dict[str, Any]:
    """What a file holds, as ``priorkit show --json`` has it; ``item`` is a path or an object."""
    with Workspace() as work:
        return json.loads(work.run("show", work.file(item, "file.h5"), json=True, quiet=True).stdout)
