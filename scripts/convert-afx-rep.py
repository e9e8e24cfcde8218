#!/usr/bin/env python3
"""Turns the published checkpoint of AFx-Rep into weights that `priorkit` reads:

    pip install torch safetensors
    scripts/convert-afx-rep.py afx-rep.ckpt afx-rep.safetensors

The checkpoint is at huggingface.co/csteinmetz1/afx-rep. Only the encoder is kept, a quarter of the file.
"""
import sys

import torch
from safetensors.torch import save_file

if len(sys.argv) != 3:
    sys.exit(__doc__)
state = torch.load(sys.argv[1], map_location="cpu", weights_only=True)["state_dict"]
encoder = {name.removeprefix("encoder."): tensor.contiguous() for name, tensor in state.items() if name.startswith("encoder.")}
save_file(encoder, sys.argv[2])
