#!/usr/bin/env python3
"""Makes regression_features.json: the inputs of the regression network of arXiv 2505.11315 by NumPy in double precision.

Written from the description of the features alone: frames by slicing, the mel filters as torchaudio's melscale_fbanks
defines them (HTK, no norm). Needs NumPy; the version that made the file is in it. Run it in this folder without arguments.
"""
import json

import numpy as np

RATE, LENGTH, HOP, BANDS, COUNT = 44100, 1024, 256, 80, 5000
STEPS = [0, 1, 2, 9, 17, 18, 19]


def signals():
    """Two chirps with noise by a congruential generator, rounded to single precision."""
    n = np.arange(COUNT, dtype=float)
    state, noise = 1, np.empty((2, COUNT))
    for channel in range(2):
        for index in range(COUNT):
            state = (1103515245 * state + 12345) % 2**31
            noise[channel, index] = state / 2**30 - 1
    left = 0.5 * np.sin(0.031 * n + 3e-6 * n * n) + 0.05 * noise[0]
    right = 0.3 * np.sin(0.12 * n) * np.exp(-n / 3000) + 0.01 * noise[1]
    return np.float32(left).astype(float), np.float32(right).astype(float)


def filters():
    frequencies = np.linspace(0, RATE // 2, LENGTH // 2 + 1)
    mel = np.linspace(0, 2595 * np.log10(1 + RATE / 2 / 700), BANDS + 2)
    corners = 700 * (10 ** (mel / 2595) - 1)
    difference = np.diff(corners)
    slopes = corners[None, :] - frequencies[:, None]
    down, up = -slopes[:, :-2] / difference[:-1], slopes[:, 2:] / difference[1:]
    return np.maximum(0, np.minimum(down, up))


def channel_features(x):
    count = 1 + len(x) // HOP
    frames = np.stack([np.pad(x, LENGTH // 2)[t * HOP:t * HOP + LENGTH] for t in range(count)])
    level = np.log(np.sqrt((frames**2).mean(1)) + 1e-8)
    peak = np.log(np.abs(frames).max(1) + 1e-8) - level
    spread = (np.log(np.abs(frames) + 1e-8) - level[:, None]).mean(1)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LENGTH) / LENGTH)
    reflected = np.pad(x, LENGTH // 2, mode="reflect")
    spectra = np.fft.rfft(np.stack([reflected[t * HOP:t * HOP + LENGTH] * window for t in range(count)]))
    mel = np.log(np.abs(spectra) ** 2 @ filters() + 1e-8)
    return np.concatenate([np.stack([level, peak, spread], 1), mel], 1)


left, right = signals()
channels = [left, right, (left + right) / np.sqrt(2), (left - right) / np.sqrt(2)]
features = np.concatenate([channel_features(x) for x in channels], 1)
with open("regression_features.json", "w") as file:
    json.dump({
        "numpy": np.__version__, "steps": STEPS, "stepCount": len(features),
        "features": features[STEPS].round(6).tolist()}, file)
    file.write("\n")
