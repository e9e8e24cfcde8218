"""Presets and recordings: rendering, features, simulated pairs."""
from __future__ import annotations

import os
from typing import Any, Optional, Sequence

from ._hdf5 import Path
from ._preset_files import read_presets
from ._presets import Presets
from ._recordings import Recording, read_recording, recording_files
from ._workspace import Workspace


def render(presets: Any, dry: Any, row: int = 0, *, threads: Optional[int] = None, quiet: bool = True) -> Recording:
    """A dry vocal through a preset: stereo, at the sample rate of the chain.

    ``presets`` are `Presets` or a path; ``dry`` is a path, or a pair of samples [frames] or [channels, frames] and
    their sample rate.
    """
    with Workspace() as work:
        target = work.path("wet.wav")
        source = work.file(dry, "dry.wav")
        work.run("render", work.file(presets, "presets.h5"), source, row=row, output=target, threads=threads,
                 quiet=quiet)
        return read_recording(target)


def features(presets: Any, audio_list: Path, *, wet: bool = False, encoder: Optional[str] = None,
             audio_root: Optional[Path] = None, skip_missing: bool = False, quiet: bool = False,
             **options: Any) -> Presets:
    """Presets with the features of their recordings, which a table names (``priorkit features``)."""
    with Workspace() as work:
        target = work.path("features.h5")
        work.run("features", work.file(presets, "presets.h5"), audio_list=os.fspath(audio_list), wet=wet,
                 encoder=encoder, audio_root=audio_root, skip_missing=skip_missing, output=target, quiet=quiet,
                 **options)
        return read_presets(target)


def simulate(sources: Any, dry: Any, count: Optional[int] = None, *, seed: int = 0, encoder: Optional[str] = None,
             relative_to: Any = None, threads: Optional[int] = None, quiet: bool = False, **options: Any) -> Presets:
    """Presets with the features of a dry vocal rendered through each (``priorkit simulate``).

    ``sources`` is a prior or presets to take, or a list of them; ``dry`` is a recording, or a list of them.
    """
    items: Sequence[Any] = sources if isinstance(sources, (list, tuple)) else [sources]
    with Workspace() as work:
        target = work.path("pairs.h5")
        names = [work.file(item, "source.h5") for item in items]
        anchors = None if relative_to is None else work.file(relative_to, "anchors.h5")
        work.run("simulate", *names, dry=recording_files(work, dry, "dry"), count=count, seed=seed, encoder=encoder,
                 relative_to=anchors, threads=threads, output=target, quiet=quiet, **options)
        return read_presets(target)


def canonicalise(presets: Any, *, bands: Optional[str] = None, mirror: bool = False, reference: Any = None) -> Presets:
    """Each preset replaced by one representative of those that sound the same (``priorkit canonicalise``)."""
    with Workspace() as work:
        target = work.path("canonical.h5")
        other = None if reference is None else work.file(reference, "reference.h5")
        work.run("canonicalise", work.file(presets, "presets.h5"), bands=bands, mirror=mirror, reference=other,
                 output=target, quiet=True)
        return read_presets(target)
