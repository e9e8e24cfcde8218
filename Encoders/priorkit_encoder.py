"""Makes a style encoder of PriorKit out of a function on audio; the protocol is in docs/encoders.md.

    from priorkit_encoder import serve, serve_torch

    serve_torch(module, name="clap", features=512, side_features=0)   # module: audio [2, frames] -> embedding [512]
    serve(encode, pullback, name="linear", features=8)               # the same with NumPy and a gradient of one's own

Then: priorkit transfer --encoder process:"python3 my_encoder.py" ...
"""
import json
import mmap
import os
import sys

import numpy


class Segment:
    """The memory of a segment, as arrays that both processes see."""

    def __init__(self, path, frames, numbers):
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 16 * frames + 16 * numbers)

        def array(kind, offset, shape):
            return numpy.frombuffer(self.memory, kind, int(numpy.prod(shape)), offset).reshape(shape)

        self.audio, self.audio_cotangent = (array("<f4", 8 * frames * k, (2, frames)) for k in (0, 1))
        self.embedding, self.cotangent = (array("<f8", 16 * frames + 8 * numbers * k, (numbers,)) for k in (0, 1))


def serve(encode, pullback, name, features, side_features=None, **description):
    """Answers requests until the other side has gone.

    encode(audio [2, frames], sample_rate) -> the embedding, mid then side, of any length: [features + side_features].
    pullback(audio, sample_rate, cotangent) -> the gradient of sum(cotangent * embedding) by audio, [2, frames].
    description: version (of the weights), minimum_seconds, sample_rate (if there is only one).
    """
    side_features = features if side_features is None else side_features
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not get among the replies
    segments, rates = {}, {}
    for line in sys.stdin:
        request = json.loads(line)
        kind, number = request["request"], request.get("segment")
        reply = {"ok": True}
        try:
            if kind == "describe":
                reply = {"protocol": 1, "name": name, "features": features, "side_features": side_features, **description}
            elif kind == "open":
                segments[number] = Segment(request["memory"], request["frames"], features + side_features)
                rates[number] = request["sample_rate"]
            elif kind == "encode":
                segments[number].embedding[:] = encode(segments[number].audio, rates[number])
            elif kind == "pullback":
                segment = segments[number]
                segment.audio_cotangent[:] = pullback(segment.audio, rates[number], segment.cotangent)
            elif kind == "close":
                del segments[number], rates[number]
        except Exception as error:  # told in one sentence on the other side
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=replies, flush=True)


def serve_torch(module, name, features, side_features=None, device="cpu", **description):
    """The same for a differentiable PyTorch module: audio [2, frames] -> embedding [features + side_features]."""
    import torch

    module = module.to(device).eval()

    def encode(audio, sample_rate):
        with torch.no_grad():
            return module(torch.tensor(audio, device=device)).cpu().numpy()

    def pullback(audio, sample_rate, cotangent):
        given = torch.tensor(audio, device=device, requires_grad=True)
        embedding = module(given)
        embedding.backward(torch.tensor(cotangent, dtype=embedding.dtype, device=device))
        return given.grad.cpu().numpy()

    serve(encode, pullback, name, features, side_features, **description)
