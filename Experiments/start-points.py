#!/usr/bin/env python3
"""Where an optimisation starts: the mean of a prior against that of a conditional prior given the reference.

    python3 Experiments/start-points.py prior.h5 posterior.h5 presets.h5 vocal.wav results

Each of ten presets is rendered on the vocal; from either start point the same objective is optimised for 200 steps
(MFCC, alpha 0.1). Prints a table in Markdown: loss and PMSE, the mean squared error of the logits, at steps 0, 50 and
200. A folder with the renderings and transfers is left behind; transfers that are there already are not repeated.
Needs priorkit in PATH and h5py.
"""
import pathlib
import subprocess
import sys

import h5py
import numpy as np

ROWS = range(0, 70, 7)
STEPS = (0, 50, 200)
STARTS = {"prior mean": [], "conditional mean": ["--start"]}


def priorkit(*arguments):
    subprocess.run(["priorkit", *map(str, arguments), "--quiet", "--force"], check=True)


def main(prior, posterior, presets, vocal, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    with h5py.File(presets) as file:
        theta, labels = file["theta"][:], file["labels"].asstr()[:]
    rows = []
    for row in ROWS:
        wet = folder / f"wet-{row}.wav"
        priorkit("render", presets, "--row", row, vocal, "-o", wet)
        for name, option in STARTS.items():
            output = folder / f"{row}-{name.replace(' ', '-')}"
            if not (output / "trace.h5").exists():
                start = [*option, posterior] if option else []
                priorkit("transfer", "--prior", prior, *start, "--reference", wet, "--dry", vocal, "--segment-seconds", 2,
                         "--steps", max(STEPS), "--threads", 1, "-o", output)
            with h5py.File(output / "trace.h5") as trace:
                path, loss = trace["theta"][:], trace["loss"][:]
                last = trace.attrs["last_loss"]
            errors = [float(np.mean((path[step] - theta[row]) ** 2)) for step in STEPS]
            losses = [float(loss[step]) if step < len(loss) else float(last) for step in STEPS]
            rows.append((labels[row], name, losses, errors))
            print(labels[row], name, losses, errors, file=sys.stderr, flush=True)
    print("| start | " + " | ".join(f"loss, step {step} | PMSE, step {step}" for step in STEPS) + " |")
    print("|---|" + "---|---|" * len(STEPS))
    for name in STARTS:
        own = [row for row in rows if row[1] == name]
        cells = [f"{np.mean([r[2][i] for r in own]):.3f} | {np.mean([r[3][i] for r in own]):.2f}" for i in range(len(STEPS))]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main(*sys.argv[1:])
