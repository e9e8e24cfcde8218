"""How a file was made, and which file an object was read from."""
from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Optional, Tuple

#: The version of this package, which is that of the command whose files it knows.
__version__ = "0.1.0"


@dataclass(frozen=True)
class Provenance:
    """The record that every file of PriorKit carries."""

    #: The command line that made the file.
    command: str = ""
    #: The version of the program that ran it.
    version: str = ""
    #: ISO 8601, UTC; empty for what was merged from shards.
    date: str = ""
    #: The seed of the random numbers, if any were drawn.
    seed: Optional[int] = None
    #: Pairs of a path, as the command line named it, and the SHA-256 of its bytes.
    inputs: Tuple[Tuple[str, str], ...] = field(default=(), repr=False)

    @staticmethod
    def of_writer(function: str, item: "Sourced") -> "Provenance":
        """The record of a file that a function of this package writes.

        Its input is the file that the object was read from. What is in no file any more, such as the result of a
        command that was read from a temporary folder, keeps the record of that command.
        """
        date = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        command, source = f"python: priorkit.{function}", item._source
        if source is not None and source.is_unchanged():
            return Provenance(command, __version__, date, None, ((source.path, sha256(source.path)),))
        before: Optional[Provenance] = getattr(item, "provenance", None)
        if before is None or not before.command:
            return Provenance(command, __version__, date)
        return Provenance(f"{command} after: {before.command}", __version__, date, before.seed, before.inputs)


@dataclass(frozen=True)
class Source:
    """The file that an object was read from, with what tells whether it is still the same."""

    path: str
    signature: Tuple[int, int, int]

    @staticmethod
    def of(path: str) -> "Source":
        return Source(path, _signature(path))

    def is_unchanged(self) -> bool:
        try:
            return _signature(self.path) == self.signature
        except OSError:
            return False


def _signature(path: str) -> Tuple[int, int, int]:
    status = os.stat(path)
    return status.st_ino, status.st_size, status.st_mtime_ns


def sha256(path: str, length: Optional[int] = None) -> str:
    """SHA-256 of a file's bytes, or of so many at its beginning, in hexadecimal."""
    digest, left = hashlib.sha256(), os.stat(path).st_size if length is None else length
    with open(path, "rb") as file:
        while left > 0:
            block = file.read(min(left, 1 << 20))
            if not block:
                break
            digest.update(block)
            left -= len(block)
    return digest.hexdigest()


class Sourced:
    """An object that may know the file that holds it. Its arrays are read-only, so that it stays what was read."""

    _source: Optional[Source] = None
    #: What must live as long as the object: a temporary folder with its files.
    _keep: object = None

    def __getstate__(self) -> dict:
        # Arrays of a copy can be changed, and a pickle may be read where the file is not: neither is in a file.
        return {name: value for name, value in self.__dict__.items() if name not in ("_source", "_keep")}

    def _set_source(self, source: Optional[Source], keep: object = None) -> None:
        object.__setattr__(self, "_source", source)
        object.__setattr__(self, "_keep", keep)
