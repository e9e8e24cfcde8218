#!/usr/bin/env python3
"""Makes data/presets.csv, the default vocal presets, from the ranges in preset_styles.py. Needs numpy alone.

    scripts/make-presets.py                 writes data/presets.csv
    scripts/make-presets.py --table         prints the ranges as a Markdown table

The file has one row a preset: label, group, and the value of each parameter of data/chain.yaml in its unit, to six
significant digits. The same seed gives the same file.
"""

import argparse
import csv
import math
import pathlib

import numpy as np

from preset_styles import COMMON, DECISIONS, STYLES

SAMPLE_RATE = 44100
LINES = [997, 1153, 1327, 1559, 1801, 2099]  # samples
DECAY_POINTS = 49
LONGEST_T60 = 9.0  # s
PRESETS_A_STYLE = 30
SEED = 20250511
DEFAULT_FILE = pathlib.Path(__file__).resolve().parent.parent / "data" / "presets.csv"


# Bounds of the parameters (data/chain.yaml), to hold the values to and to judge their spread on the logit scale


def gamma_of(t60):
    """Gain a pass of the shortest line whose sound falls by 60 dB in that time."""
    return 10 ** (-3 * min(LINES) / (SAMPLE_RATE * np.asarray(t60)))


BOUNDS = {
    "peak1.frequency": (33, 5400), "peak1.q": (0.2, 20), "peak2.frequency": (200, 17500), "peak2.q": (0.2, 20),
    "lowshelf.frequency": (30, 200), "highshelf.frequency": (750, 8300),
    "lowpass.frequency": (200, 18000), "lowpass.q": (0.5, 10), "highpass.frequency": (16, 5300),
    "highpass.q": (0.5, 10), "compressor.ratio": (1, 20), "delay.time": (100, 1000),
    "delay.lowpass.frequency": (200, 16000), "delay.lowpass.q": (0.5, 2),
    "reverb.peak1.frequency": (200, 2500), "reverb.peak1.q": (0.1, 3), "reverb.peak2.frequency": (600, 7000),
    "reverb.peak2.q": (0.1, 3), "reverb.lowshelf.frequency": (30, 450), "reverb.highshelf.frequency": (1500, 16000),
}
UNIT_INTERVAL = (
    "_coefficient", "expander_ratio", "reverb.send", "delay.feedback", "delay.gain", "_pan", "direct.pan")


def bounds_of(name):
    """The open interval of a parameter, or None where any number may stand."""
    if name.startswith("reverb.gamma."):
        return 0.0, float(gamma_of(LONGEST_T60))
    return BOUNDS.get(name) or ((0.0, 1.0) if name.endswith(UNIT_INTERVAL) else None)


def logit(name, value):
    if name == "compressor.lookahead":
        assert np.all((value >= 0) & (value < 15)), name
        return value
    bounds = bounds_of(name)
    if bounds is None:
        return value
    assert np.all((bounds[0] < value) & (value < bounds[1])), name
    return np.log(value - bounds[0]) - np.log(bounds[1] - value)


# Controls

def range_of(style, control):
    low, high, scale = COMMON[control]
    return (*STYLES[style].get(control, (low, high)), scale)


def draw_controls(style, random):
    """One setting of every control: uniform over its range (or its logarithm), joined by the decisions."""
    scores = {control: 0.0 for control in COMMON}
    own = {control: 1.0 for control in COMMON}
    for correlations in DECISIONS.values():
        decision = random.standard_normal()
        for control, correlation in correlations.items():
            scores[control] += correlation * decision
            own[control] -= correlation**2
    settings = {}
    for control in COMMON:
        score = scores[control] + math.sqrt(own[control]) * random.standard_normal()
        position = 0.5 * (1 + math.erf(score / math.sqrt(2)))
        low, high, scale = range_of(style, control)
        if scale == "log":
            settings[control] = low * (high / low) ** position
        else:
            settings[control] = low + (high - low) * position
    return settings


# Parameters

def coefficient(milliseconds):
    return -math.expm1(-2200 / (milliseconds * SAMPLE_RATE))


def amplitude(decibels):
    return 10 ** (decibels / 20)


def pan(percent):
    return (percent + 100) / 200


def decay_curve(settings, random):
    """T60 at the points between 0 and half the sample rate: falls with frequency, each point 5 % off the curve."""
    frequency = np.linspace(0, SAMPLE_RATE / 2, DECAY_POINTS)
    octaves = np.log(np.maximum(frequency, 500) / 500) / np.log(10000 / 500)
    curve = settings["reverb.t60"] * settings["reverb.treble_ratio"] ** octaves
    curve[0] *= settings["reverb.bass_ratio"]
    return curve * np.exp(0.05 * np.clip(random.standard_normal(DECAY_POINTS), -2.5, 2.5))


# Signs with which the two outputs take the lines: orthogonal, so that the two sides are decorrelated.
LEFT = np.array([1, -1, 1, -1, 1, -1])
RIGHT = np.array([1, 1, -1, -1, -1, -1])
# Signs of the generator of the mixing matrix, row by row above the diagonal: every line feeds every other.
TURNS = np.array([1, -1, 1, -1, 1, 1, -1, 1, -1, 1, -1, 1, 1, -1, 1])


def reverb_gains(settings, random):
    """Input gains [6, 2] and output gains [2, 6] whose response has the energy of `reverb.level_db`.

    An impulse puts the energy |b|^2 into the lines, evenly after a few passes of mean length m samples. At each pass
    an output takes |c|^2 / 6 of it, and by the next it has decayed for m samples: a geometric series.
    """
    b = 1 + 0.7 * random.standard_normal((6, 2))
    c = np.stack([LEFT, RIGHT]) * (1 + 0.7 * random.standard_normal((2, 6)))
    passes = 1 / -math.expm1(-6 * math.log(10) * np.mean(LINES) / (SAMPLE_RATE * settings["reverb.t60"]))
    energy = np.sum(b.sum(1) ** 2) * np.mean(np.sum(c**2, 1)) / 6 * passes
    scale = (10 ** (settings["reverb.level_db"] / 10) / energy) ** 0.25
    # How the level is shared by b and c cannot be heard: near even, never twice the same.
    balance = math.sqrt(np.linalg.norm(c) / np.linalg.norm(b)) * math.exp(0.2 * random.standard_normal())
    return scale * balance * b, scale / balance * c


def parameters(settings, random):
    """The values of one preset by parameter name, in the order of the chain."""
    eq = [control for control in COMMON if control.split(".")[0].startswith(("peak", "low", "high"))]
    values = {control: settings[control] for control in eq}
    for field in ("threshold", "expander_threshold", "makeup", "lookahead"):
        values[f"compressor.{field}"] = settings[f"compressor.{field}"]
    for field in ("attack", "release", "averaging"):
        values[f"compressor.{field}_coefficient"] = coefficient(settings[f"compressor.{field}_ms"])
    for field in ("ratio", "expander_ratio"):
        values[f"compressor.{field}"] = settings[f"compressor.{field}"]
    values["reverb.send"] = amplitude(settings["reverb.send_db"])
    values["delay.time"] = settings["delay.time"]
    values["delay.feedback"] = settings["delay.feedback"]
    values["delay.gain"] = amplitude(settings["delay.level_db"])
    values["delay.lowpass.frequency"] = settings["delay.lowpass.frequency"]
    values["delay.lowpass.q"] = settings["delay.lowpass.q"]
    values["delay.odd_pan"] = pan(settings["delay.odd_pan_percent"])
    values["delay.even_pan"] = pan(settings["delay.even_pan_percent"])
    b, c = reverb_gains(settings, random)
    values |= {f"reverb.b.{line + 1}.{side + 1}": b[line, side] for line in range(6) for side in range(2)}
    values |= {f"reverb.c.{side + 1}.{line + 1}": c[side, line] for side in range(2) for line in range(6)}
    gamma = gamma_of(decay_curve(settings, random))
    values |= {f"reverb.gamma.{point + 1}": gamma[point] for point in range(DECAY_POINTS)}
    generator = 0.35 * TURNS + 0.15 * random.standard_normal(15)
    pairs = [(row, column) for row in range(1, 7) for column in range(row + 1, 7)]
    values |= {f"reverb.w.{row}.{column}": generator[at] for at, (row, column) in enumerate(pairs)}
    tone = [control for control in COMMON if control.startswith("reverb.") and control.count(".") == 2]
    values |= {control: settings[control] for control in tone}
    values["direct.pan"] = pan(settings["direct.pan_percent"])
    return values


# Files

def make(seed):
    random = np.random.default_rng(seed)
    presets = []
    for style in STYLES:
        for number in range(1, PRESETS_A_STYLE + 1):
            values = parameters(draw_controls(style, random), random)
            rounded = {name: float(f"{value:.6g}") for name, value in values.items()}
            presets.append((f"{style}-{number:02d}", style, rounded))
    return presets


def check(presets):
    """Fails unless every value is inside its bounds and a Gaussian can be fitted: full rank, well conditioned."""
    names = list(presets[0][2])
    values = np.array([list(preset[2].values()) for preset in presets])
    logits = np.stack([logit(name, values[:, at]) for at, name in enumerate(names)], 1)
    spectrum = np.linalg.eigvalsh(np.cov(logits, rowvar=False))
    condition = spectrum[-1] / spectrum[0]
    assert len(names) == 130 and len(presets) >= 300 and 0 < condition < 1e6, condition
    return f"{len(presets)} presets of {len(names)} parameters; condition number of the covariance {condition:.3g}"


def table():
    """Every range: the common one, then the styles that differ."""
    lines = ["| control | most styles | where a style differs |", "|---|---|---|"]
    for control, (low, high, _) in COMMON.items():
        own = [f"{style} {STYLES[style][control][0]} .. {STYLES[style][control][1]}"
               for style in STYLES if control in STYLES[style]]
        lines.append(f"| `{control}` | {low} .. {high} | {', '.join(own)} |")
    return "\n".join(lines)


def main():
    arguments = argparse.ArgumentParser(description="Make the default vocal presets.")
    arguments.add_argument("--output", default=DEFAULT_FILE, type=pathlib.Path, help="file to write")
    arguments.add_argument("--seed", default=SEED, type=int)
    arguments.add_argument("--table", action="store_true", help="print the ranges as Markdown instead")
    options = arguments.parse_args()
    if options.table:
        print(table())
        return
    presets = make(options.seed)
    summary = check(presets)
    with open(options.output, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["label", "group", *presets[0][2]])
        for label, group, values in presets:
            writer.writerow([label, group, *(f"{value:.6g}" for value in values.values())])
    print(f"{options.output}: {summary}")


if __name__ == "__main__":
    main()
