"""Temporary folders in which arrays become files for the command, and its files become arrays."""
from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from typing import Any, Callable, Dict, Optional, Tuple

from ._command import Completed, argument, option_words, run_words
from ._errors import DataError
from ._provenance import Sourced


class Workspace:
    """A temporary folder, removed with this object."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="priorkit-")
        self._remove = weakref.finalize(self, shutil.rmtree, self.folder, True)
        self._count = 0

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *unused: Any) -> None:
        self._remove()

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def file(self, item: Any, name: str) -> str:
        """The file that holds an object: a path is its own, what was read from a file that has not changed since
        is that file, and anything else is written here."""
        if isinstance(item, (str, os.PathLike)):
            return os.fspath(item)
        if isinstance(item, Sourced) and item._source is not None and item._source.is_unchanged():
            return item._source.path
        writer = _writer(item)
        if writer is None:
            raise DataError(f"A {type(item).__name__} cannot be given to the command as {name}: give a path, or what "
                            "a function of this package returned.")
        self._count += 1
        stem, extension = os.path.splitext(name)
        target = self.path(name if self._count == 1 else f"{stem}-{self._count}{extension}")
        writer(item, target)
        return target

    def run(self, *arguments: Any, quiet: bool = False, **options: Any) -> Completed:
        """Runs the command; what it says calls files of this folder by their names alone."""
        words = [argument(word) for word in arguments] + option_words(options)
        # Warnings are about the call of a function that calls this.
        return run_words(words, quiet=quiet, hidden=self.folder + os.sep, stacklevel=4)


def _writer(item: Any) -> Optional[Callable[[Any, str], None]]:
    # Here, because those modules need this one.
    from ._conditional import ConditionalPrior, write_conditional_prior
    from ._preset_files import write_presets
    from ._presets import Presets
    from ._priors import Prior, write_prior
    from ._recordings import write_recording
    from ._statistics import Statistics, write_statistics

    writers: Dict[type, Callable[[Any, str], None]] = {
        Presets: write_presets, Prior: write_prior, ConditionalPrior: write_conditional_prior,
        Statistics: write_statistics}
    if isinstance(item, tuple) and len(item) == 2:
        return write_recording
    return writers.get(type(item))


def output_folder(output: Optional[Any]) -> Tuple[Optional[Workspace], str]:
    """The folder for results that are many files: the one that is named, or a temporary one that lives as long as
    the workspace."""
    if output is not None:
        return None, os.fspath(output)
    workspace = Workspace()
    return workspace, workspace.path("result")
