#!/usr/bin/env python3
"""Opens a posterior file with the ArviZ of this Python and compares az.summary with `priorkit diagnose --json`.

Usage: arviz-compare.py POSTERIOR.nc DIAGNOSTICS.json [ENGINE...]; exit code 1 and a line a difference if any is larger
than 1e-6 of the value. Works with ArviZ 0.23 and 1.x, and appends a group to see that netCDF programs can.
"""
import json
import pathlib
import shutil
import sys
import tempfile
import warnings

warnings.simplefilter("ignore", FutureWarning)
import arviz as az  # noqa: E402

posterior, diagnostics = sys.argv[1], json.loads(pathlib.Path(sys.argv[2]).read_text())
is_old = az.__version__.startswith("0.")
table = {entry["name"]: entry for entry in diagnostics["parameters"]}
problems = []
KEYS = {"mean": "mean", "sd": "standard_deviation", "mcse_mean": "mean_error", "mcse_sd": "deviation_error",
        "ess_bulk": "bulk_ess", "ess_tail": "tail_ess", "r_hat": "r_hat"}


def summary(data):
    """All columns in full, by our parameter names."""
    if is_old:
        frame = az.summary(data, round_to="none")
    else:
        # By default 1.x takes the tail ESS at the quantiles 0.11 and 0.89; ours, like those of 0.23, are 0.05 and 0.95.
        with az.rc_context({"stats.ci_prob": 0.95}):
            frame = az.summary(data, kind="all", round_to="none")
    frame.index = [name.replace("[", ".").replace("]", "") for name in frame.index]
    return frame


for engine in sys.argv[3:] or ["h5netcdf", "netcdf4"]:
    # A group is named by its path in 1.x.
    data = az.from_netcdf(posterior, engine=engine)
    expected = {"posterior", "unconstrained_posterior", "sample_stats", "log_prior", "log_likelihood", "prior",
                "observed_data"}
    groups = {name.strip("/") for name in (data.groups() if callable(data.groups) else data.groups)}
    problems += [f"{engine}: no group {name}" for name in sorted(expected - groups)]
    assert str(data["sample_stats"]["diverging"].dtype) == "bool", data["sample_stats"]["diverging"].dtype
    assert data["posterior"]["peak1.frequency"].attrs["units"] == "Hz"
    frame = summary(data)
    missing = sorted(set(table) ^ set(frame.index))
    problems += [f"{engine}: {name} is in one table only" for name in missing]
    worst = 0.0
    for name in table.keys() & set(frame.index):
        for theirs, ours in KEYS.items():
            if theirs not in frame.columns:
                problems.append(f"{engine}: az.summary has no {theirs}")
                continue
            a, b = float(frame.loc[name, theirs]), table[name].get(ours)
            error = abs(a - b) / max(1.0, abs(a)) if b is not None else float("inf")
            worst = max(worst, error)
            if not error <= 1e-6:
                problems.append(f"{engine}: {theirs} of {name} is {a!r} in ArviZ and {b!r} here")
    print(f"ArviZ {az.__version__}, {engine}: {len(table)} parameters, largest difference {worst:.1e}")

# Appending needs the order of creation and the netCDF library's own numbers of dimensions.
with tempfile.TemporaryDirectory() as folder:
    copy = pathlib.Path(folder) / "copy.nc"
    shutil.copy(posterior, copy)
    import xarray
    for engine in ["netcdf4", "h5netcdf"]:
        added = xarray.Dataset({"x": ("y", [1.0, 2.0])})
        added.to_netcdf(copy, mode="a", group=f"added_{engine}", engine=engine)
    assert az.from_netcdf(copy)["posterior"].sizes["chain"] == az.from_netcdf(posterior)["posterior"].sizes["chain"]

print("\n".join(problems[:20]), file=sys.stderr, end="\n" if problems else "")
sys.exit(1 if problems else 0)
