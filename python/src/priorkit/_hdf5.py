"""Reading HDF5 files of PriorKit: text, numbers, kind and header."""
from __future__ import annotations

import contextlib
import os
from typing import Any, Dict, Iterator, Optional, Tuple, Union

import h5py
import numpy as np

from ._chain import Chain
from ._errors import DataError
from ._provenance import Provenance, sha256

Path = Union[str, "os.PathLike[str]"]
#: The newest version of the format that is read and the one that is written.
FORMAT_VERSION = 1

KINDS = {
    "presets": "presets", "prior": "a prior", "conditional": "a conditional prior", "statistics": "statistics",
    "posterior": "a posterior", "shard": "one shard of some work",
}


@contextlib.contextmanager
def opened(path: Path) -> Iterator[h5py.File]:
    """An HDF5 file for reading. Errors about its content begin with its path."""
    name = os.fspath(path)
    if not os.path.exists(name):
        raise DataError(f"There is no file {name}: check the name.")
    if os.path.isdir(name):
        raise DataError(f"{name} is a folder: give the name of an HDF5 file.")
    if not h5py.is_hdf5(name):
        raise DataError(f"{name} is not an HDF5 file: give a file that priorkit wrote, or import it first.")
    if _is_damaged(name):
        raise DataError(f"{name} is damaged (its bytes are not those that were written): make it again.")
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(h5py.File(name, "r"))
        except OSError as error:
            raise DataError(f"{name} cannot be read ({error}): make the file again.") from None
        try:
            yield file
        except DataError as error:
            raise DataError(f"{name}: {error}") from None
        except (KeyError, OSError, RuntimeError, TypeError, ValueError) as error:
            detail = str(error).strip("\"'")
            raise DataError(f"{name} cannot be read ({detail}): make the file again.") from None


def _is_damaged(name: str) -> bool:
    """Whether a file has a seal, the SHA-256 of all bytes before it, that is not theirs."""
    mark, length = b"priorkit seal 1 ", 80
    with open(name, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - length, 0))
        seal = file.read()
    return seal.startswith(mark) and seal[len(mark):].decode("ascii", "replace") != sha256(name, size - length)


def require_kind(file: h5py.File, kind: str) -> None:
    """Raises `DataError` unless the file is of a kind, in a version that is known."""
    found = text_attribute(file, "priorkit_kind")
    if found is None:
        raise DataError(f"it has no attribute priorkit_kind, so it does not hold {KINDS[kind]}: give another file.")
    if found != kind:
        raise DataError(f"it holds {KINDS.get(found, found)}, not {KINDS[kind]}: give a file that does.")
    version = int(file.attrs.get("priorkit_version", 0))
    if not 1 <= version <= FORMAT_VERSION:
        raise DataError(
            f"it has format version {version}, and this package reads versions up to {FORMAT_VERSION}: "
            "use a newer one.")


def chain(file: h5py.Group) -> Chain:
    """The chain in the header; ``file`` is the root, or the group /priorkit of a posterior."""
    return Chain(text(file, "parameter_space"), tuple(text_list(file, "names")), tuple(text_list(file, "units")))


def provenance(file: h5py.File) -> Provenance:
    seed = text_attribute(file, "seed")
    names, hashes = (text_list_attribute(file, name) for name in ("input_files", "input_sha256"))
    return Provenance(
        command=text_attribute(file, "command") or "", version=text_attribute(file, "version") or "",
        date=text_attribute(file, "date") or "", seed=None if seed is None else int(seed),
        inputs=tuple(zip(names, hashes)))


# Datasets


def present(file: h5py.Group, name: str) -> Optional[np.ndarray]:
    """The numbers of a dataset, or None where there is none."""
    return array(file, name) if name in file else None


def array(file: h5py.Group, name: str) -> np.ndarray:
    """The numbers of a dataset, in the type that they are stored in."""
    dataset = _dataset(file, name)
    if holds_text(dataset):
        raise DataError(f"/{name} holds text where numbers belong: make the file again.")
    return dataset[()]


def text(file: h5py.Group, name: str) -> str:
    return str(_dataset(file, name).asstr()[()])


def text_list(file: h5py.Group, name: str) -> list:
    """A list of texts, of fixed or variable length."""
    dataset = _dataset(file, name)
    if not holds_text(dataset):
        raise DataError(f"/{name} holds numbers where text belongs: make the file again.")
    return [str(value) for value in dataset.asstr()[()]] if dataset.shape else [text(file, name)]


def holds_text(dataset: h5py.Dataset) -> bool:
    return h5py.check_string_dtype(dataset.dtype) is not None


def _dataset(file: h5py.Group, name: str) -> h5py.Dataset:
    found = file.get(name)
    if not isinstance(found, h5py.Dataset):
        raise DataError(f"it has no dataset /{name}: check that it is the right kind of file.")
    return found


# Attributes


def text_attribute(item: Any, name: str) -> Optional[str]:
    """A text attribute, or None where there is none."""
    if name not in item.attrs:
        return None
    value = item.attrs[name]
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def text_list_attribute(item: Any, name: str) -> Tuple[str, ...]:
    values = item.attrs.get(name, ())
    return tuple(v.decode("utf-8") if isinstance(v, bytes) else str(v) for v in np.atleast_1d(values).tolist())


def attributes(item: Any) -> Dict[str, Any]:
    """All attributes but those by which HDF5 and netCDF link dimensions: texts, numbers, tuples of them."""
    hidden = ("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME")
    found: Dict[str, Any] = {}
    for name in item.attrs:
        if name in hidden or name.startswith("_N"):
            continue
        value = item.attrs[name]
        if isinstance(value, np.ndarray):
            value = tuple(value.tolist())
        elif isinstance(value, np.generic):
            value = value.item()
        found[name] = value.decode("utf-8") if isinstance(value, bytes) else value
    return found
