"""Writing HDF5 files of PriorKit: whole files or none, with header and provenance."""
from __future__ import annotations

import contextlib
import os
import uuid
from typing import Iterable, Iterator, Optional, Sequence

import h5py
import numpy as np

from ._chain import Chain
from ._errors import DataError
from ._hdf5 import FORMAT_VERSION, Path
from ._provenance import Provenance

TEXT = h5py.string_dtype("utf-8")


@contextlib.contextmanager
def replacing(path: Path, overwrite: bool) -> Iterator[str]:
    """The name of a temporary file beside ``path``, which takes its place when the block ends without an error.

    Raises `DataError` for a file that exists, unless ``overwrite``, and for a folder that does not.
    """
    target = os.fspath(path)
    folder = os.path.dirname(target) or "."
    if not os.path.isdir(folder):
        raise DataError(f"There is no folder {folder} for {target}: make it first.")
    if os.path.isdir(target):
        raise DataError(f"{target} is a folder: give the name of a file.")
    temporary = os.path.join(folder, f".priorkit-{uuid.uuid4().hex}{os.path.splitext(target)[1]}")
    refuse(target, overwrite)
    try:
        yield temporary
        refuse(target, overwrite)
        os.replace(temporary, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(temporary)


def refuse(target: str, overwrite: bool) -> None:
    """Raises `DataError` for a file that exists and may not be replaced."""
    if os.path.lexists(target) and not overwrite:
        raise DataError(f"{target} exists already: give another name, or overwrite=True to replace it.")


@contextlib.contextmanager
def created(path: Path, overwrite: bool) -> Iterator[h5py.File]:
    """An HDF5 file to write, which appears complete or not at all."""
    with replacing(path, overwrite) as temporary:
        try:
            with h5py.File(temporary, "x", track_order=True) as file:
                yield file
        # A full disk often shows only when the file is closed.
        except OSError as error:
            raise DataError(f"{os.fspath(path)} cannot be written ({error}): choose another place.") from None


def write_header(file: h5py.File, kind: str, chain: Chain, provenance: Provenance) -> None:
    """Kind, version, provenance and parameter space, as every kind has them."""
    file.attrs["priorkit_kind"] = kind
    file.attrs["priorkit_version"] = np.int64(FORMAT_VERSION)
    for name in ("command", "version", "date"):
        value = getattr(provenance, name)
        if value:
            file.attrs[name] = value
    if provenance.seed is not None:
        file.attrs["seed"] = str(provenance.seed)
    if provenance.inputs:
        write_text_attribute(file, "input_files", [path for path, _ in provenance.inputs])
        write_text_attribute(file, "input_sha256", [digest for _, digest in provenance.inputs])
    file.create_dataset("parameter_space", data=chain.yaml, dtype=TEXT)
    write_texts(file, "names", chain.names)
    write_texts(file, "units", chain.units)


def write_text_attribute(item: h5py.Group, name: str, values: Sequence[str]) -> None:
    item.attrs.create(name, np.array(list(values), dtype=object), dtype=TEXT)


def write_texts(file: h5py.Group, name: str, values: Optional[Iterable[str]]) -> None:
    """A list of texts of variable length, if there is one."""
    if values is not None:
        file.create_dataset(name, data=np.array([str(value) for value in values], dtype=object), dtype=TEXT)


def write_numbers(file: h5py.Group, name: str, values: Optional[np.ndarray], compressed: bool = False) -> None:
    """Numbers in the type that they have, if there are any; ``compressed`` is chunked, shuffle and gzip."""
    if values is None:
        return
    # A chunk needs at least one element.
    is_chunked = compressed and values.ndim > 0 and values.size > 0
    filters = {"compression": "gzip", "shuffle": True} if is_chunked else {}
    file.create_dataset(name, data=values, **filters)
