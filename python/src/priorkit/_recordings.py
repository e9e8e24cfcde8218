"""Recordings as arrays: WAV files of 32-bit floats, which is what the command writes as .wav."""
from __future__ import annotations

import os
import struct
from typing import Any, List, NamedTuple, Optional

import numpy as np

from ._errors import DataError
from ._hdf5 import Path
from ._output import replacing
from ._workspace import Workspace

FLOAT, EXTENSIBLE = 3, 0xFFFE


class Recording(NamedTuple):
    """Audio in memory; it unpacks as ``samples, sample_rate``."""

    #: [channels, frames], float32.
    samples: np.ndarray
    #: Hz.
    sample_rate: int


def read_recording(path: Path) -> Recording:
    """Reads a WAV file of 32-bit floats.

    Raises `DataError` for any other file: read those with a package for sound files.
    """
    name = os.fspath(path)
    if not os.path.isfile(name):
        raise DataError(f"There is no file {name}: check the name.")
    with open(name, "rb") as file:
        data = file.read()
    form, samples = None, None
    position = 12
    while data[:4] == b"RIFF" and data[8:12] == b"WAVE" and position + 8 <= len(data):
        tag, size = struct.unpack_from("<4sI", data, position)
        if tag == b"fmt ":
            form = struct.unpack_from("<HHIIHH", data, position + 8)
        elif tag == b"data":
            samples = data[position + 8:position + 8 + size]
        position += 8 + size + size % 2
    if form is None or samples is None or form[0] not in (FLOAT, EXTENSIBLE) or form[5] != 32:
        raise DataError(f"{name} is not a WAV file of 32-bit floats: read it with a package for sound files.")
    channels, rate = form[1], form[2]
    frames = np.frombuffer(samples, dtype="<f4", count=len(samples) // (4 * channels) * channels)
    return Recording(np.ascontiguousarray(frames.reshape(-1, channels).T), rate)


def write_recording(recording: Any, path: Path, *, overwrite: bool = False) -> None:
    """Writes samples [frames] or [channels, frames] with their sample rate in Hz as WAV of 32-bit floats."""
    samples, rate = recording
    array = np.atleast_2d(np.asarray(samples, dtype="<f4"))
    if array.ndim != 2 or array.shape[0] > array.shape[1] or not np.isfinite(array).all():
        raise DataError(f"A recording has samples of shape {list(np.shape(samples))}: give finite numbers of shape "
                        "[frames] or [channels, frames].")
    if int(rate) != rate or not 8000 <= rate <= 768_000:
        raise DataError(f"A recording has a sample rate of {rate} Hz: give a whole number from 8000 to 768000.")
    channels, frames = array.shape
    body = np.ascontiguousarray(array.T).tobytes()
    frame = 4 * channels
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, FLOAT, channels, int(rate), int(rate) * frame, frame, 32)
    fact = struct.pack("<4sII", b"fact", 4, frames)
    chunks = head + fact + struct.pack("<4sI", b"data", len(body))
    if len(chunks) + len(body) + 4 > 0xFFFFFFFF:
        raise DataError(f"A recording of {frames} frames is too long for WAV: give a shorter one.")
    with replacing(path, overwrite) as temporary, open(temporary, "wb") as file:
        file.write(struct.pack("<4sI4s", b"RIFF", 4 + len(chunks) + len(body), b"WAVE") + chunks)
        file.write(body)


def recording_files(work: Workspace, recordings: Any, name: str) -> Optional[List[str]]:
    """The files of one recording or of several: paths, or pairs of samples and sample rate."""
    if recordings is None:
        return None
    is_one = isinstance(recordings, (str, os.PathLike)) or (
        isinstance(recordings, tuple) and len(recordings) == 2 and np.ndim(recordings[1]) == 0
        and not isinstance(recordings[1], (str, os.PathLike)))
    return [work.file(each, f"{name}.wav") for each in ([recordings] if is_one else recordings)]
