"""PriorKit for Python: its files as arrays with names and units, and its command as functions.

The package computes nothing itself. Reading and writing files needs no command; everything else calls ``priorkit``,
which is found through the variable ``PRIORKIT`` or in ``PATH``.
"""
from ._archive import FitRecord
from ._chain import Chain
from ._command import Completed, families, find_command, run, version
from ._comparison import Comparison, Fits, HeldOut, compare, read_comparison, read_fits
from ._conditional import ConditionalPrior, read_conditional_prior, write_conditional_prior
from ._conversion import export, import_csv, import_diffvox, presets_from_values
from ._errors import (
    CommandError, CommandNotFoundError, CommandWarning, DataError, DiagnosticsWarning, PriorKitError)
from ._evaluation import Evaluation, distance, evaluate, read_evaluation, recommend
from ._features import FeatureRecord
from ._fitting import describe, fit, merge, show, statistics
from ._posterior import Group, Posterior, Variable, read_posterior
from ._preset_files import read_presets, write_presets
from ._presets import Presets, RetrievalColumns
from ._priors import Prior, read_prior, write_prior
from ._provenance import Provenance, __version__
from ._reading import read
from ._recordings import Recording, read_recording, write_recording
from ._rendering import canonicalise, features, render, simulate
from ._searches import (
    Found, collect, diagnose, objective, posterior, read_result, retrieve, transfer)
from ._shards import Shard, ShardRecord, read_shard
from ._statistics import Statistics, read_statistics, write_statistics
from ._tables import Table, read_table
from ._traces import Archive, Objective, Trace, read_archive_file, read_objective, read_trace

__all__ = [
    "Archive", "Chain", "CommandError", "CommandNotFoundError", "CommandWarning", "Comparison", "Completed",
    "ConditionalPrior", "DataError", "DiagnosticsWarning", "Evaluation", "FeatureRecord", "FitRecord", "Fits",
    "Found", "Group", "HeldOut", "Objective", "Posterior", "Presets", "Prior", "PriorKitError", "Provenance",
    "Recording", "RetrievalColumns", "Shard", "ShardRecord", "Statistics", "Table", "Trace", "Variable",
    "__version__", "canonicalise", "collect", "compare", "describe", "diagnose", "distance", "evaluate", "export",
    "families", "features", "find_command", "fit", "import_csv", "import_diffvox", "merge", "objective", "posterior",
    "presets_from_values", "read", "read_archive_file", "read_comparison", "read_conditional_prior",
    "read_evaluation", "read_fits", "read_objective", "read_posterior", "read_presets", "read_prior",
    "read_recording", "read_result", "read_shard", "read_statistics", "read_table", "read_trace", "recommend",
    "render", "retrieve", "run", "show", "simulate", "statistics", "transfer", "version",
    "write_conditional_prior", "write_presets", "write_prior", "write_recording", "write_statistics",
]
