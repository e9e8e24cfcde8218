#!/usr/bin/env python3
"""Writes random weights of the size of AFx-Rep, 310 MB, to try and to time what needs the real ones:

    scripts/random-cnn14.py weights.safetensors [SEED]
"""
import json
import struct
import sys

import numpy

CHANNELS = [1, 64, 128, 256, 512, 1024, 2048]


def tensors(random):
    """Names and arrays, drawn so that numbers keep their size from layer to layer."""
    for block in range(1, len(CHANNELS)):
        for convolution in (1, 2):
            inputs, outputs = CHANNELS[block - 1] if convolution == 1 else CHANNELS[block], CHANNELS[block]
            bound = (6 / (9 * inputs)) ** 0.5
            yield f"conv_block{block}.conv{convolution}.weight", random.uniform(-bound, bound, (outputs, inputs, 3, 3))
            norm = f"conv_block{block}.bn{convolution}."
            for part, low, high in (("weight", 0.8, 1.2), ("bias", -0.1, 0.1), ("running_mean", -0.1, 0.1), ("running_var", 0.5, 1.5)):
                yield norm + part, random.uniform(low, high, outputs)
    for head in ("fc_mid", "fc_side"):
        yield head + ".weight", random.uniform(-0.04, 0.04, (512, CHANNELS[-1]))
        yield head + ".bias", random.uniform(-0.1, 0.1, 512)


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    random = numpy.random.default_rng(int(sys.argv[2]) if len(sys.argv) == 3 else 1)
    arrays = {name: array.astype("<f4") for name, array in tensors(random)}
    header, offset = {}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    with open(sys.argv[1], "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in arrays.values():
            file.write(array.tobytes())


main()
