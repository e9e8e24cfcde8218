"""Priors that are conditional on features of a recording."""
from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import Any, Dict, Mapping, Optional, Tuple, Union

import numpy as np

from . import _hdf5 as hdf5
from ._archive import FitRecord, read_archive, read_fit, write_archive, write_fit
from ._chain import Chain, OfChain
from ._errors import DataError
from ._features import FeatureRecord, read_feature_record, write_feature_record
from ._output import created, write_header, write_texts
from ._presets import Presets, stacked
from ._priors import Prior, given_words, read_prior
from ._provenance import Provenance, Source, Sourced
from ._scoring import Numbers, column, draw
from ._workspace import Workspace


@dataclass(frozen=True, eq=False)
class ConditionalPrior(OfChain, Sourced):
    """A joint density of D logits and of components of F features.

    Every method is given the features [F], or ``audio``: a recording, or several, whose features the command
    computes; ``dry`` is a dry vocal of the same voice, for features relative to it. Recordings are paths, or pairs
    of samples and sample rate.
    """

    #: The family of the joint density.
    family: str
    #: Its arrays under ``joint/``, those of the components under ``transform/``, and ``familiarity/``.
    arrays: Mapping[str, np.ndarray] = field(repr=False)
    chain: Chain
    #: Names of the features [F].
    feature_names: Tuple[str, ...] = field(repr=False)
    feature_record: Optional[FeatureRecord] = field(default=None, repr=False)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: The factor by which the density given features is spread about its mean.
    spread: Optional[float] = None
    fit: Optional[FitRecord] = field(default=None, repr=False)
    provenance: Optional[Provenance] = field(default=None, repr=False)

    def log_prob(self, theta: Any, features: Any = None, *, audio: Any = None, dry: Any = None,
                 threads: Optional[int] = None) -> Numbers:
        """Log density in nats of logits [D] or [N, D] given features: [F] for all rows, or [N, F] for one each.

        `Presets` with features of their own need no others.
        """
        with Workspace() as work:
            if features is not None and np.ndim(features) == 2:
                presets = theta if isinstance(theta, Presets) else stacked(theta, self.chain)
                theta = replace(presets, features=features, feature_names=np.array(self.feature_names),
                                feature_record=self.feature_record)
                features = None
            has_own = isinstance(theta, Presets) and theta.features is not None and audio is None and features is None
            options = {} if has_own else self._given(work, features, audio, dry)
            return column(self, theta, "log_density", threads=threads, **options)

    def sample(self, n: int, seed: int = 0, features: Any = None, *, audio: Any = None, dry: Any = None,
               temperature: Optional[float] = None, threads: Optional[int] = None) -> np.ndarray:
        """Draws [n, D] of logits given features."""
        with Workspace() as work:
            return draw(self, n, work, seed=seed, temperature=temperature, threads=threads,
                        **self._given(work, features, audio, dry)).theta

    def mean(self, features: Any = None, *, audio: Any = None, dry: Any = None) -> np.ndarray:
        """Expected logits [D] given features."""
        with Workspace() as work:
            return draw(self, None, work, mean=True, **self._given(work, features, audio, dry)).theta[0]

    def condition(self, given: Mapping[str, Union[float, str]], features: Any = None, *, audio: Any = None,
                  dry: Any = None) -> Prior:
        """The prior given features in which some parameters are fixed as well, as `Prior.condition`."""
        with Workspace() as work:
            target = work.path("conditioned.h5")
            work.run("condition", work.file(self, "conditional.h5"), output=target, given=given_words(given),
                     quiet=True, **self._given(work, features, audio, dry))
            return read_prior(target)

    def _given(self, work: Workspace, features: Any, audio: Any, dry: Any) -> Dict[str, Any]:
        """The options that say what the prior is given."""
        if (features is None) == (audio is None):
            raise DataError("A conditional prior is given features or audio: name one of the two.")
        if features is None:
            from ._recordings import recording_files

            return {"given_audio": recording_files(work, audio, "given"),
                    "given_dry": recording_files(work, dry, "dry")}
        row = np.asarray(features, dtype=np.float64)
        if row.shape != (len(self.feature_names),):
            raise DataError(f"features has shape {list(row.shape)} instead of [{len(self.feature_names)}]: give one "
                            "number for each of feature_names.")
        # Only the features of this file are looked at.
        carrier = Presets(np.zeros((1, len(self.chain))), self.chain, features=row[None],
                          feature_names=np.array(self.feature_names), feature_record=self.feature_record)
        return {"features": work.file(carrier, "features.h5"), "features_row": 0}


def read_conditional_prior(path: hdf5.Path) -> ConditionalPrior:
    """Reads a file of kind ``conditional``, of any family."""
    source = Source.of(os.fspath(path)) if os.path.exists(path) else None
    with hdf5.opened(path) as file:
        hdf5.require_kind(file, "conditional")
        arrays, texts = read_archive(file)
        spread = file.attrs.get("spread")
        prior = ConditionalPrior(
            hdf5.text_attribute(file, "family") or "", arrays, hdf5.chain(file),
            tuple(hdf5.text_list(file, "feature_names")), read_feature_record(file, "transform"), texts,
            None if spread is None else float(spread), read_fit(file), hdf5.provenance(file))
    prior._set_source(source)
    return prior


def write_conditional_prior(prior: ConditionalPrior, path: hdf5.Path, *, overwrite: bool = False) -> None:
    """Writes a conditional prior of any family, completely or not at all."""
    with created(path, overwrite) as file:
        write_header(file, "conditional", prior.chain,
                     Provenance.of_writer("write_conditional_prior", prior))
        file.attrs["family"] = prior.family
        if prior.spread is not None:
            file.attrs["spread"] = np.float64(prior.spread)
        write_texts(file, "feature_names", prior.feature_names)
        write_archive(file, dict(prior.arrays), dict(prior.texts))
        write_feature_record(file, "transform", prior.feature_record)
        write_fit(file, prior.fit)
