"""Data that tests share, made once by the command from the presets of the repository."""
from __future__ import annotations

import atexit
import functools
import pathlib
import shutil
import signal
import tempfile
import unittest
import warnings

import numpy as np

import priorkit as pk

# Who runs these tests may have blocked signals, which processes inherit: Ctrl-C would then never arrive.
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRESETS = ROOT / "data" / "presets.h5"
CHAIN = ROOT / "data" / "chain.yaml"
DRY = ROOT / "data" / "dry-vocal.flac"

_folder = pathlib.Path(tempfile.mkdtemp(prefix="priorkit-tests-"))
atexit.register(shutil.rmtree, _folder, True)


@functools.lru_cache(None)
def presets() -> pk.Presets:
    return pk.read_presets(PRESETS)


@functools.lru_cache(None)
def prior_path() -> str:
    path = _folder / "prior.h5"
    pk.run("fit", PRESETS, output=path, quiet=True)
    return str(path)


@functools.lru_cache(None)
def prior() -> pk.Prior:
    return pk.read_prior(prior_path())


@functools.lru_cache(None)
def fitted(family: str) -> pk.Prior:
    return pk.fit(PRESETS, family, quiet=True)


@functools.lru_cache(None)
def wet() -> pk.Recording:
    """The dry vocal through a preset, all of it."""
    return pk.render(PRESETS, DRY, row=274)


@functools.lru_cache(None)
def voice() -> pk.Recording:
    """Three seconds of it, in mono."""
    samples, rate = wet()
    return pk.Recording(samples[0, rate:4 * rate], rate)


@functools.lru_cache(None)
def reference() -> pk.Recording:
    return pk.render(presets(), voice(), row=60)


@functools.lru_cache(None)
def posterior_path() -> str:
    path = _folder / "posterior.nc"
    with warnings.catch_warnings():
        # So few draws cannot be trusted, and the command says so.
        warnings.simplefilter("ignore", pk.DiagnosticsWarning)
        pk.run("posterior", prior=prior_path(), from_prior=True, chains=2, draws=30, warmup=20, seed=3, output=path,
               quiet=True)
    return str(path)


@functools.lru_cache(None)
def pairs() -> pk.Presets:
    return pk.simulate(prior(), voice(), 60, seed=5, segments=1, segment_seconds=0.5, quiet=True)


def gaussian_log_density(mean: np.ndarray, covariance: np.ndarray, theta: np.ndarray) -> np.ndarray:
    factor = np.linalg.cholesky(covariance)
    white = np.linalg.solve(factor, (theta - mean).T)
    constant = len(mean) * np.log(2 * np.pi) + 2 * np.log(np.diag(factor)).sum()
    return -0.5 * (constant + (white**2).sum(axis=0))


class FolderCase(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="priorkit-test-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def assert_same(self, first: object, second: object) -> None:
        """Equal to the last bit, None and types included."""
        if first is None or second is None:
            self.assertIs(first, second)
            return
        self.assertEqual(np.asarray(first).dtype, np.asarray(second).dtype)
        np.testing.assert_array_equal(first, second)

    def assert_fails(self, *words: str) -> "_Failure":
        """One sentence with each of some words."""
        return _Failure(self, words)


class _Failure:
    def __init__(self, case: unittest.TestCase, words: tuple):
        self.case, self.words = case, words

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        self.case.assertIsInstance(error, pk.PriorKitError)
        sentence = str(error)
        self.case.assertTrue(sentence.endswith("."), sentence)
        self.case.assertNotIn("\n", sentence)
        for word in self.words:
            self.case.assertIn(word, sentence)
        return True
