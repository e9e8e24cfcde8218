"""Style transfers, retrievals and draws of posteriors."""
from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from ._errors import DataError
from ._hdf5 import Path
from ._posterior import Posterior, read_posterior
from ._preset_files import read_presets
from ._presets import Presets
from ._recordings import Recording, read_recording, recording_files
from ._traces import Objective, Trace, read_objective, read_trace
from ._workspace import Workspace, output_folder


@dataclass(frozen=True, eq=False)
class Found:
    """The folder of a transfer or of a retrieval."""

    #: Where the files are. A temporary folder lives as long as this object.
    folder: str
    #: The preset, one row.
    preset: Presets = field(repr=False)
    trace: Trace = field(repr=False)
    #: The content of ``preset.json``: ``loss``, ``step`` and, of a retrieval, distances and alignment.
    details: Mapping[str, Any] = field(repr=False)
    _keep: Optional[Workspace] = field(default=None, repr=False)

    @property
    def loss(self) -> float:
        """The loss of the preset."""
        return float(self.details["loss"])

    @property
    def parameters(self) -> Dict[str, Tuple[float, str]]:
        """Value and unit by name, as an engineer reads them."""
        return {each["name"]: (each["value"], each["unit"]) for each in self.details["parameters"]}

    def recording(self, name: str = "wet") -> Recording:
        """A recording of the folder: ``wet``, ``wet-2``, ... and, of a retrieval, ``dry`` and ``reference``."""
        return read_recording(os.path.join(self.folder, f"{name}.wav"))


def read_result(folder: Path, *, _keep: Optional[Workspace] = None) -> Found:
    """Reads the folder of a transfer or of a retrieval.

    Raises `DataError` for a folder without a result; one of a pair that failed says why.
    """
    name = os.fspath(folder)
    failure, details = (os.path.join(name, file) for file in ("failure.json", "preset.json"))
    if os.path.exists(failure):
        with open(failure, encoding="utf-8") as file:
            raise DataError(f"{name} has no preset: {json.load(file)['reason']}")
    if not os.path.exists(details):
        raise DataError(f"There is no {details}: give a folder that `transfer` or `retrieve` filled.")
    with open(details, encoding="utf-8") as file:
        content = json.load(file)
    return Found(name, read_presets(os.path.join(name, "preset.h5")), read_trace(os.path.join(name, "trace.h5")),
                 content, _keep)


def transfer(prior: Any, reference: Any, dry: Any, output: Optional[Path] = None, *, start: Any = None,
             steps: Optional[int] = None, optimiser: Optional[str] = None, alpha: Optional[float] = None,
             encoder: Optional[str] = None, resume: bool = False, overwrite: bool = False, seed: int = 0,
             threads: Optional[int] = None, quiet: bool = False, **options: Any) -> Found:
    """Finds the preset that gives a dry vocal the style of a reference (``priorkit transfer``).

    - ``prior``: a `Prior`, a `ConditionalPrior` or a path.
    - ``reference``, ``dry``: a recording or several; paths, or pairs of samples and sample rate.
    - ``output``: the folder to fill, which keeps the state of an interrupted run for ``resume``; without it the
      folder is temporary.
    - ``start``: a prior, or presets, to start at.

    Further options are those of the command, such as ``segment_seconds=5`` or ``restarts=3``.
    """
    keep, folder = output_folder(output)
    with Workspace() as work:
        work.run(
            "transfer", prior=work.file(prior, "prior.h5"), reference=recording_files(work, reference, "reference"),
            dry=recording_files(work, dry, "dry"), start=None if start is None else work.file(start, "start.h5"),
            steps=steps, optimiser=optimiser, alpha=alpha, encoder=encoder, resume=resume, force=overwrite, seed=seed,
            threads=threads, output=folder, quiet=quiet, **options)
    return read_result(folder, _keep=keep)


def retrieve(dry: Any, wet: Any, output: Optional[Path] = None, *, prior: Any = None, chain: Optional[Path] = None,
             start: Any = None, steps: Optional[int] = None, optimiser: Optional[str] = None,
             alpha: Optional[float] = None, standard_errors: bool = False, resume: bool = False,
             overwrite: bool = False, seed: int = 0, threads: Optional[int] = None, quiet: bool = False,
             **options: Any) -> Found:
    """Finds the preset of a dry vocal and its processed version (``priorkit retrieve``); arguments as in `transfer`.

    For a list of pairs call ``run("retrieve", list="pairs.csv", output="retrievals")``, then `collect`.
    """
    keep, folder = output_folder(output)
    with Workspace() as work:
        work.run(
            "retrieve", dry=work.file(dry, "dry.wav"), wet=work.file(wet, "wet.wav"), chain=chain,
            prior=None if prior is None else work.file(prior, "prior.h5"),
            start=start if start in (None, "published", "prior") else work.file(start, "start.h5"), steps=steps,
            optimiser=optimiser, alpha=alpha, standard_errors=standard_errors, resume=resume, force=overwrite,
            seed=seed, threads=threads, output=folder, json=True, quiet=quiet, **options)
    return read_result(folder, _keep=keep)


def collect(folders: Any, selection: str = "published") -> Presets:
    """The presets of retrievals: their folders, or folders of such folders. ``selection`` is ``published``
    or ``all``."""
    names: Sequence[Any] = [folders] if isinstance(folders, (str, os.PathLike)) else folders
    with Workspace() as work:
        target = work.path("presets.h5")
        work.run("collect", *map(os.fspath, names), selection=selection, output=target, quiet=True)
        return read_presets(target)


def objective(prior: Any, presets: Any, reference: Any, dry: Any, row: int = 0, *, alpha: Optional[float] = None,
              encoder: Optional[str] = None, quiet: bool = True, **options: Any) -> Objective:
    """The objective of `transfer` and its gradients at a preset (``priorkit objective``)."""
    with Workspace() as work:
        target = work.path("objective.h5")
        work.run("objective", prior=work.file(prior, "prior.h5"), presets=work.file(presets, "presets.h5"), row=row,
                 reference=recording_files(work, reference, "reference"), dry=recording_files(work, dry, "dry"),
                 alpha=alpha, encoder=encoder, output=target, quiet=quiet, **options)
        return read_objective(target)


def posterior(prior: Any, reference: Any = None, dry: Any = None, output: Optional[Path] = None, *,
              sampler: Optional[str] = None, chains: Optional[int] = None, draws: Optional[int] = None,
              warmup: Optional[int] = None, resume: bool = False, overwrite: bool = False, seed: int = 0,
              threads: Optional[int] = None, quiet: bool = False, **options: Any) -> Posterior:
    """Draws presets from the posterior of a transfer (``priorkit posterior``), or from the prior alone where there are
    no recordings. ``output`` is the netCDF file to write; without it the file is temporary."""
    keep, target = output_folder(output)
    name = target if keep is None else keep.path("posterior.nc")
    with Workspace() as work:
        work.run("posterior", prior=work.file(prior, "prior.h5"), dry=recording_files(work, dry, "dry"),
                 reference=recording_files(work, reference, "reference"),
                 from_prior=reference is None and dry is None, sampler=sampler, chains=chains, draws=draws,
                 warmup=warmup, resume=resume, force=overwrite, seed=seed, threads=threads, output=name, quiet=quiet,
                 **options)
    found = read_posterior(name)
    found._set_source(found._source, keep)
    return found


def diagnose(draws: Any, **options: Any) -> Dict[str, Any]:
    """Whether draws can be trusted, as ``priorkit diagnose --json`` has it; ``draws`` is a `Posterior` or a path.

    Limits that are missed become a `DiagnosticsWarning`; their sentences are in ``findings``.
    """
    with Workspace() as work:
        done = work.run("diagnose", work.file(draws, "posterior.nc"), json=True, quiet=True, **options)
        return json.loads(done.stdout)
