#!/usr/bin/env python3
"""Makes the HDF5 files of StoredDataTests: datasets that are not all there, in every way that HDF5 has. Needs h5py.

    make-incomplete.py FOLDER

Every file holds a dataset `x` of the numbers 1, 2, ... or what is left of them. `whole-*` are complete.
"""
import pathlib
import sys

import h5py
import numpy as np

folder = pathlib.Path(sys.argv[1])
values = np.arange(1.0, 65.0).reshape(16, 4)


def file(name):
    return h5py.File(folder / name, "w", libver=("earliest", "v110"))


with file("whole-chunks.h5") as f:
    f.create_dataset("x", data=values, chunks=(4, 4), compression="gzip")
with file("chunks-never-written.h5") as f:
    f.create_dataset("x", shape=(16, 4), dtype="f8", chunks=(4, 4))
with file("chunks-partly-written.h5") as f:
    f.create_dataset("x", shape=(16, 4), dtype="f8", chunks=(4, 4))[:8] = values[:8]
with file("never-written.h5") as f:
    f.create_dataset("x", shape=(16, 4), dtype="f8")
with file("rows-beyond-memory.h5") as f:
    f.create_dataset("x", shape=(10**12, 130), dtype="f8", chunks=(1024, 130))
with file("extents-that-overflow.h5") as f:
    f.create_dataset("x", shape=(2**40, 2**40), dtype="i1", chunks=(1, 1))
with file("filter.h5") as f:
    f.create_dataset("x", data=values, chunks=(16, 4), compression="lzf")
with file("latin-1.h5") as f:
    f["x"] = np.array(["caf\xe9".encode("latin-1"), "cafe".encode()], dtype="S4")
with file("fraction.h5") as f:
    f["x"] = np.array([1.0, 2.5])
with file("unsigned.h5") as f:
    f["x"] = np.array([1, 2**63 + 5], dtype="u8")

# Raw data in other files.
(folder / "raw-whole.bin").write_bytes(values.tobytes())
(folder / "raw-short.bin").write_bytes(values.tobytes()[:100])
for name, raw in [("whole-raw.h5", "raw-whole.bin"), ("raw-short.h5", "raw-short.bin"), ("raw-absent.h5", "raw-none.bin"),
                  ("raw-elsewhere.h5", "/etc/passwd"), ("raw-above.h5", "../raw-whole.bin")]:
    with file(name) as f:
        f.create_dataset("x", shape=(16, 4), dtype="f8", external=[(raw, 0, h5py.h5f.UNLIMITED)])

# Virtual datasets.
with file("source.h5") as f:
    f["half"] = values[:8]
    f["rest"] = values[8:]


def virtual(name, *parts):
    layout = h5py.VirtualLayout(shape=(16, 4), dtype="f8")
    for rows, path, dataset in parts:
        layout[rows] = h5py.VirtualSource(path, dataset, shape=(8, 4))
    with file(name) as f:
        f.create_virtual_dataset("x", layout)


first, second = slice(0, 8), slice(8, 16)
virtual("whole-virtual.h5", (first, "source.h5", "half"), (second, "source.h5", "rest"))
virtual("virtual-without-source.h5", (first, "source.h5", "half"), (second, "nowhere.h5", "rest"))
virtual("virtual-without-dataset.h5", (first, "source.h5", "half"), (second, "source.h5", "none"))
virtual("virtual-with-a-gap.h5", (first, "source.h5", "half"))
virtual("virtual-elsewhere.h5", (first, "source.h5", "half"), (second, "/etc/source.h5", "rest"))
layout = h5py.VirtualLayout(shape=(16, 4), dtype="f8")
layout[:] = h5py.VirtualSource("source.h5", "half", shape=(16, 4))
with file("virtual-beyond-source.h5") as f:
    f.create_virtual_dataset("x", layout)

# Links.
with file("whole-link.h5") as f:
    f["x"] = h5py.ExternalLink("whole-chunks.h5", "/x")
with file("link-to-nothing.h5") as f:
    f["x"] = h5py.ExternalLink("nowhere.h5", "/x")
with file("link-elsewhere.h5") as f:
    f["x"] = h5py.ExternalLink("/etc/passwd", "/x")
