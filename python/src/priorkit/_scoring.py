"""Log densities and draws, as the command computes them; shared by priors of both kinds."""
from __future__ import annotations

from typing import Any, Optional, Union

import numpy as np

from ._errors import DataError
from ._preset_files import read_presets
from ._presets import Presets, stacked
from ._tables import Table, read_table
from ._workspace import Workspace

Numbers = Union[float, np.ndarray]


def score(prior: Any, presets: Presets, **options: Any) -> Table:
    """The table of ``priorkit score``: ``label``, ``log_density`` and ``mahalanobis`` of each preset."""
    with Workspace() as work:
        target = work.path("scores.csv")
        work.run("score", work.file(prior, "prior.h5"), work.file(presets, "presets.h5"), output=target, quiet=True,
                 **options)
        return read_table(target)


def column(prior: Any, theta: Any, name: str, **options: Any) -> Numbers:
    """A column of the scores of logits [D] or [N, D], or of presets: a number or an array [N]."""
    is_single = not isinstance(theta, Presets) and np.ndim(theta) == 1
    presets = theta if isinstance(theta, Presets) else stacked(theta, prior.chain)
    values = score(prior, presets, **options)[name]
    return float(values[0]) if is_single else values


def draw(prior: Any, n: Optional[int], work: Workspace, **options: Any) -> Presets:
    """Presets of ``priorkit sample``."""
    if n is not None and n < 1:
        raise DataError(f"{n} draws were asked for: ask for at least one.")
    target = work.path("samples.h5")
    work.run("sample", work.file(prior, "prior.h5"), output=target, count=n, quiet=True, **options)
    return read_presets(target)
