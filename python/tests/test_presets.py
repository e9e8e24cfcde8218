"""Preset files: reading, writing, selecting, physical values."""
import copy
import dataclasses
import hashlib
import os
import pathlib
import pickle
import unittest

import h5py
import numpy as np

import priorkit as pk
from priorkit._output import created
from support import CHAIN, PRESETS, ROOT, FolderCase, presets, prior, prior_path

ARRAYS = [field.name for field in dataclasses.fields(pk.Presets)
          if field.name not in ("chain", "feature_record", "retrieval", "canonicalisation", "adjustments", "provenance")]


def everything(rows: int = 3) -> pk.Presets:
    """Presets with every optional array."""
    source = np.random.default_rng(1)
    size = len(presets().chain)
    half = source.normal(size=(rows, size, size)) / 100
    return pk.Presets(
        presets().theta[:rows], presets().chain, labels=["eins", "zwei ß", "三"], groups=["a", "a", ""],
        weights=[0, 1.5, 1e-300], features=source.normal(size=(rows, 2)), feature_names=["x", "y"],
        feature_record=pk.FeatureRecord("mfcc", "wet", 44100.0, 2.0, -18.0, presets().theta[5:7]),
        standard_errors=source.uniform(0.1, 2, size=(rows, size)), information=half @ half.transpose(0, 2, 1),
        widths=np.full(size, 0.3),
        retrieval=pk.RetrievalColumns([1, 2, 3], [0.1, 0.2, 0.3], [0.9, 0.8, 0.7], ["kept", "kept", "loss 5 above 4"],
                                      ("pair-4",), ("its recording is silent",)),
        canonicalisation="bands ordered", adjustments=("two values moved", "rounding undone"))


class Reading(FolderCase):
    def test_arrays_are_those_of_the_file(self):
        with h5py.File(PRESETS) as file:
            self.assert_same(presets().theta, file["theta"][:])
            self.assertEqual(list(presets().names), list(file["names"].asstr()[:]))
            self.assertEqual(list(presets().units), list(file["units"].asstr()[:]))
            self.assertEqual(presets().chain.yaml, file["parameter_space"].asstr()[()])
        self.assertEqual(presets().labels[0], "intimate-folk-01")
        self.assertEqual(presets().groups[-1], "ambient-wash")
        self.assertEqual(presets().provenance.inputs[0][0], "data/presets.csv")

    def test_text_of_fixed_length_is_read(self):
        pk.run("sample", prior_path(), count=3, output=self.path("s.h5"), quiet=True)
        self.assertEqual(pk.read_presets(self.path("s.h5")).labels.tolist(), ["sample-1", "sample-2", "sample-3"])

    def test_values_are_the_table_that_was_imported(self):
        table = np.genfromtxt(ROOT / "data" / "presets.csv", delimiter=",", names=True, dtype=None, encoding="utf-8",
                              deletechars="", replace_space=" ")
        for name in ("peak1.frequency", "compressor.ratio", "delay.time"):
            column = presets().values[:, presets().chain.index(name)]
            np.testing.assert_allclose(column, table[name], rtol=1e-12)
        self.assertEqual(presets().chain.unit("delay.time"), "ms")

    def test_arrays_cannot_be_changed(self):
        with self.assertRaises(ValueError):
            presets().theta[0, 0] = 1

    def test_rows_are_selected_together(self):
        chosen = everything()[[2, 0]]
        self.assertEqual(chosen.labels.tolist(), ["三", "eins"])
        self.assert_same(chosen.theta, presets().theta[[2, 0]])
        self.assert_same(chosen.information, everything().information[[2, 0]])
        self.assertEqual(chosen.retrieval.loss.tolist(), [3, 1])
        self.assertEqual(len(presets()[presets().groups == "dub"]), 30)
        self.assertEqual(np.asarray(presets()[4]).shape, (1, 130))


class Writing(FolderCase):
    def test_round_trip_keeps_every_bit(self):
        first = everything()
        pk.write_presets(first, self.path("a.h5"))
        second = pk.read_presets(self.path("a.h5"))
        for name in ARRAYS:
            with self.subTest(name):
                self.assert_same(getattr(first, name), getattr(second, name))
        for name in ("loss", "fluctuation", "correlation", "status", "refused_names", "refused_reasons"):
            self.assert_same(getattr(first.retrieval, name), getattr(second.retrieval, name))
        for name in ("encoder", "source", "sample_rate", "segment_seconds", "loudness_lufs", "anchors"):
            self.assert_same(getattr(first.feature_record, name), getattr(second.feature_record, name))
        self.assertEqual(
            (first.chain, first.canonicalisation, first.adjustments),
            (second.chain, second.canonicalisation, second.adjustments))

    def test_types_are_those_of_the_command(self):
        pk.write_presets(everything(), self.path("a.h5"))
        with h5py.File(self.path("a.h5")) as file:
            self.assertEqual(file["theta"].dtype, np.float64)
            self.assertEqual((file["theta"].compression, file["theta"].shuffle), ("gzip", True))
            for name in ("labels", "names", "parameter_space"):
                kind = h5py.check_string_dtype(file[name].dtype)
                self.assertEqual((kind.encoding, kind.length), ("utf-8", None))
            self.assertEqual(file.attrs.get_id("priorkit_version").dtype, np.int64)
            self.assertEqual(file.attrs["command"], "python: priorkit.write_presets")
            self.assertRegex(file.attrs["date"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_the_record_names_the_file_that_was_read(self):
        pk.write_presets(presets(), self.path("a.h5"))
        (path, digest), = pk.read_presets(self.path("a.h5")).provenance.inputs
        self.assertEqual(path, str(PRESETS))
        self.assertEqual(digest, hashlib.sha256(PRESETS.read_bytes()).hexdigest())

    def test_the_command_reads_what_was_written(self):
        pk.write_presets(everything(), self.path("a.h5"))
        self.assertEqual(pk.show(self.path("a.h5"))["count"], 3)
        pk.run("score", prior_path(), self.path("a.h5"), output=self.path("a.csv"), quiet=True)
        table = pk.read_table(self.path("a.csv"))
        self.assertEqual(table["label"].tolist(), ["eins", "zwei ß", "三"])
        self.assert_same(table["log_density"], prior().log_prob(presets().theta[:3]))
        pk.export(self.path("a.h5"), self.path("a.npz"))
        with np.load(self.path("a.npz")) as archive:
            self.assert_same(archive["information"], everything().information)

    def test_a_file_that_appears_meanwhile_is_kept(self):
        with self.assert_fails("a.h5 exists already"), created(self.path("a.h5"), overwrite=False) as file:
            file["theta"] = 1.0
            (self.folder / "a.h5").write_text("another program")
        self.assertEqual((self.folder / "a.h5").read_text(), "another program")
        self.assertEqual(os.listdir(self.folder), ["a.h5"])

    def test_existing_files_are_kept(self):
        pk.write_presets(everything(), self.path("a.h5"))
        before = (self.folder / "a.h5").read_bytes()
        with self.assert_fails("a.h5 exists already", "overwrite=True"):
            pk.write_presets(presets(), self.path("a.h5"))
        self.assertEqual((self.folder / "a.h5").read_bytes(), before)
        pk.write_presets(presets(), self.path("a.h5"), overwrite=True)
        self.assertEqual(len(pk.read_presets(self.path("a.h5"))), 360)
        self.assertEqual(os.listdir(self.folder), ["a.h5"])


class Dimensions(FolderCase):
    """Scales by which other programs name what a file holds."""

    def keys(self, name, dataset):
        with h5py.File(self.path(name)) as file:
            return [list(axis.keys()) for axis in file[dataset].dims]

    def test_files_of_the_command_and_of_python_have_the_same(self):
        pk.write_presets(everything(), self.path("python.h5"))
        table = self.path("t.csv")
        pk.export(presets()[:3], table, logits=True)
        pk.run("import", "csv", table, chain=CHAIN, output=self.path("labelled.h5"), quiet=True)
        pk.run("sample", prior_path(), count=3, output=self.path("samples.h5"), quiet=True)
        for name in ("python.h5", "labelled.h5", "samples.h5"):
            self.assertEqual(self.keys(name, "theta"), [["labels"], ["names"]])
            with h5py.File(self.path(name)) as file:
                self.assertEqual(file["theta"].attrs["units"], "logit")
                self.assertIn("unconstrained", file["theta"].attrs["long_name"])
                self.assertEqual(list(file["names"].attrs["parameter_units"]), list(presets().units))
        self.assertEqual(self.keys("python.h5", "features"), [["labels"], ["feature_names"]])
        self.assertEqual(self.keys("python.h5", "information"), [["labels"], ["names"], ["column_names"]])
        self.assertEqual(self.keys("python.h5", "feature_anchors"), [["anchor"], ["names"]])
        for name in ("groups", "weights", "retrieval_loss", "retrieval_status"):
            self.assertEqual(self.keys("python.h5", name), [["labels"]])

    def test_rows_without_labels_are_numbered(self):
        made = pk.Presets(presets().theta[:3], presets().chain)
        pk.write_presets(made, self.path("a.h5"))
        self.assertEqual(self.keys("a.h5", "theta"), [["preset"], ["names"]])
        self.assertIsNone(pk.read_presets(self.path("a.h5")).labels)

    def test_priors(self):
        pk.write_prior(prior(), self.path("p.h5"))
        for name in (self.path("p.h5"), prior_path()):
            with h5py.File(name) as file:
                self.assertEqual([list(axis.keys()) for axis in file["covariance"].dims], [["names"], ["column_names"]])
                self.assertEqual(list(file["mean"].dims[0].keys()), ["names"])
            self.assertEqual((sorted(pk.read_prior(name).arrays), dict(pk.read_prior(name).texts)),
                             (["covariance", "mean"], {}))

    def test_xarray_names_what_it_opens(self):
        try:
            import h5netcdf  # noqa: F401
            import xarray
        except ImportError:
            self.skipTest("xarray or h5netcdf is not installed")
        pk.write_presets(dataclasses.replace(everything(), labels=["zwei", "same", "same"]), self.path("a.h5"))
        pk.run("sample", prior_path(), count=3, output=self.path("s.h5"), quiet=True)
        with xarray.open_dataset(self.path("a.h5"), engine="h5netcdf") as data:
            self.assertEqual(data.theta.dims, ("labels", "names"))
            self.assertEqual(data.theta.coords["labels"].values.tolist(), ["zwei", "same", "same"])
            self.assertEqual(data.theta.sel(labels="zwei", names="delay.time").item(), presets().theta[0, 24])
            self.assertEqual(data.theta.sel(labels="same").shape, (2, 130))
            self.assertEqual((data.features.dims, data.information.dims),
                             (("labels", "feature_names"), ("labels", "names", "column_names")))
        with xarray.open_dataset(self.path("s.h5"), engine="h5netcdf") as data:
            self.assertEqual(data.labels.values.tolist(), ["sample-1", "sample-2", "sample-3"])
        with xarray.open_dataset(prior_path(), engine="h5netcdf") as data:
            self.assertEqual(data.covariance.dims, ("names", "column_names"))


SHAPES = """priorkit_chain: 1
sample_rate: 44100
cross_sends: false
direct_pan: false
series:
- {effect: peak, name: bell, frequency_hz: [33, 5400], q: [0.2, 20]}
- {effect: bit_crusher, name: crusher, bits: [2, 16], optional: true}
sends: []
orders:
- [crusher, bell]
"""


class VaryingShape(FolderCase):
    """Presets that lack effects of their chain, or have them in another order."""

    def made(self) -> pk.Presets:
        pathlib.Path(self.path("chain.yaml")).write_text(SHAPES)
        pathlib.Path(self.path("t.csv")).write_text(
            "label,bell.gain,bell.frequency,bell.q,crusher.bits,order\na,1,100,1,8,\nb,2,200,2,,1\nc,3,300,3,9,2\n")
        return pk.import_csv(self.path("t.csv"), self.path("chain.yaml"))

    def test_what_is_absent_is_not_a_number(self):
        found = self.made()
        self.assertEqual(found.present.tolist(), [[True], [False], [True]])
        self.assertEqual((found.optional_effects.tolist(), found.order.tolist()), (["crusher"], [0, 0, 1]))
        self.assertEqual(np.argwhere(np.isnan(found.theta)).tolist(), [[1, 3]])
        self.assertEqual(np.argwhere(np.isnan(found.values)).tolist(), [[1, 3]])
        self.assertIn("present", repr(found))
        some = found[[1, 2]]
        self.assertEqual((some.present.tolist(), some.order.tolist()), ([[False], [True]], [0, 1]))
        self.assertIsNone(presets().present)

    def test_files_of_the_command_and_of_python_are_the_same(self):
        found = self.made()
        pk.write_presets(found, self.path("a.h5"))
        again = pk.read_presets(self.path("a.h5"))
        for name in ("theta", "present", "optional_effects", "order", "labels"):
            self.assert_same(getattr(found, name), getattr(again, name))
        self.assertEqual([entry["count"] for entry in pk.show(self.path("a.h5"))["patterns"]], [1, 1, 1])
        pk.run("import", "csv", self.path("t.csv"), chain=self.path("chain.yaml"), output=self.path("b.h5"), quiet=True)
        for name in ("a.h5", "b.h5"):
            with h5py.File(self.path(name)) as file:
                keys = {each: [list(axis.keys()) for axis in file[each].dims] for each in ("present", "order", "theta")}
            self.assertEqual(keys, {"present": [["labels"], ["optional_effects"]], "order": [["labels"]],
                                    "theta": [["labels"], ["names"]]})
        pk.run("select", self.path("a.h5"), complete=True, output=self.path("c.h5"), quiet=True)
        self.assertIsNone(pk.read_presets(self.path("c.h5")).present)

    def test_values_come_back(self):
        found = self.made()
        chain = found.chain
        again = pk.presets_from_values(found.values, chain, labels=found.labels)
        np.testing.assert_allclose(again.theta, found.theta, rtol=1e-12)

    def test_what_cannot_be_is_told(self):
        found = self.made()
        with self.assert_fails("/theta has NaN in row 1", "lacks no effect"):
            dataclasses.replace(found, present=np.ones((3, 1)))
        with self.assert_fails("/present and /optional_effects"):
            dataclasses.replace(found, optional_effects=None)
        with self.assert_fails("/present has 2.0", "0 to 1"):
            dataclasses.replace(found, present=[[1], [0], [2]])
        with self.assert_fails("/order has -1.0"):
            dataclasses.replace(found, order=[0, -1, 0])
        with self.assert_fails("/present has shape"):
            dataclasses.replace(found, present=[[1], [0]])
        with self.assert_fails("values must be finite"):
            dataclasses.replace(found, present=None, optional_effects=None)

    def test_xarray_names_what_presets_lack(self):
        try:
            import h5netcdf  # noqa: F401
            import xarray
        except ImportError:
            self.skipTest("xarray or h5netcdf is not installed")
        found = self.made()
        self.assertEqual(found.to_xarray().present.dims, ("preset", "effect"))
        pk.write_presets(found, self.path("a.h5"))
        with xarray.open_dataset(self.path("a.h5"), engine="h5netcdf") as data:
            self.assertEqual((data.present.dims, data.order.dims), (("labels", "optional_effects"), ("labels",)))
            self.assertEqual(data.present.sel(labels="b", optional_effects="crusher").item(), 0)


class Copying(FolderCase):
    def test_a_copy_that_is_changed_is_what_counts(self):
        made = copy.deepcopy(presets())
        made.theta[0] = presets().theta[1]
        self.assertEqual(prior().log_prob(made)[0], prior().log_prob(presets().theta[1]))
        pickled = pickle.loads(pickle.dumps(presets()))
        self.assert_same(pickled.theta, presets().theta)
        self.assert_same(pickled.labels, presets().labels)
        self.assertEqual(pickled.chain.index("direct.pan"), 129)

    def test_a_folder_that_cannot_be_written(self):
        with self.assert_fails("no folder", "nosuch"):
            pk.write_presets(presets(), self.path("nosuch/a.h5"))
        with self.assert_fails("is a folder"):
            pk.write_presets(presets(), self.folder, overwrite=True)


class Converting(FolderCase):
    def test_values_make_the_presets_that_they_are_of(self):
        few = presets()[:4]
        columns = {name: few.values[:, index] for index, name in reversed(list(enumerate(few.names)))}
        for values in (few.values, columns):
            made = pk.presets_from_values(values, few.chain, labels=few.labels, groups=few.groups)
            np.testing.assert_allclose(made.theta, few.theta, atol=1e-9)
            self.assertEqual(made.labels.tolist(), few.labels.tolist())
        table = self.path("t.csv")
        pk.export(few, table, logits=True)
        self.assert_same(pk.import_csv(table, CHAIN).theta, few.theta)

    def test_names_must_be_those_of_the_chain(self):
        with self.assert_fails("peak1.gian", "peak1.gain"):
            pk.presets_from_values({"peak1.gian": [0.0]}, presets().chain)
        with self.assert_fails("reverb.highshelf.frequency, direct.pan:", "all 130"):
            pk.presets_from_values({name: [0.5] for name in presets().names[:-2]}, presets().chain)

    def test_frames(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("pandas is not installed")
        frame = presets()[:2].to_dataframe()
        self.assertEqual(frame.loc["intimate-folk-02", "delay.time"], presets()[:2].values[1, 24])


class Refusing(FolderCase):
    def refuse(self, *words, **changes):
        with self.assert_fails(*words):
            dataclasses.replace(everything(), **changes)

    def test_arrays_that_do_not_fit(self):
        theta = presets().theta[:3].copy()
        theta[1, 2] = np.nan
        self.refuse("/theta", "nan", "[1, 2]", theta=theta)
        self.refuse("/theta", "[3, 129]", "[N, 130]", theta=presets().theta[:3, 1:])
        self.refuse("/theta", "no rows", theta=np.zeros((0, 130)))
        self.refuse("/theta", "not a number", theta="abc")
        self.refuse("/labels", "2 entries for 3", labels=["a", "b"])
        self.refuse("/labels", "NUL", labels=["a", "b", "c\0d"])
        self.refuse("/weights", "-1.0", weights=[1, -1, 0])
        self.refuse("/weights", "all zero", weights=[0, 0, 0])
        self.refuse("/features", "[2, 2]", features=np.zeros((2, 2)))
        self.refuse("/feature_names", "3 entries", feature_names=["a", "b", "c"])
        self.refuse("/features", "/feature_names", feature_names=None)
        self.refuse("/standard_errors", "0.0", standard_errors=np.zeros((3, 130)))
        self.refuse("/information", "/standard_errors", standard_errors=None)

    def test_files_that_do_not_fit(self):
        with self.assert_fails("nosuch.h5", "check the name"):
            pk.read_presets(self.path("nosuch.h5"))
        (self.folder / "text.h5").write_text("no presets")
        with self.assert_fails("text.h5", "not an HDF5 file"):
            pk.read_presets(self.path("text.h5"))
        with self.assert_fails("prior.h5", "holds a prior, not presets"):
            pk.read_presets(prior_path())
        for change, words in [
            (lambda file: file.attrs.__setitem__("priorkit_version", 2), ("version 2", "newer")),
            (lambda file: file.__delitem__("theta"), ("no dataset /theta",)),
            (lambda file: file["theta"].__setitem__((0, 3), np.inf), ("/theta", "inf", "[0, 3]")),
            (lambda file: file.__delitem__("units"), ("/units",)),
            (lambda file: file.attrs.__delitem__("priorkit_kind"), ("priorkit_kind",)),
        ]:
            pk.write_presets(everything(), self.path("a.h5"), overwrite=True)
            with h5py.File(self.path("a.h5"), "r+") as file:
                change(file)
            with self.assert_fails("a.h5", *words):
                pk.read_presets(self.path("a.h5"))

    def test_a_damaged_file(self):
        with open(prior_path(), "rb") as file:
            content = bytearray(file.read())
        content[len(content) // 2] ^= 1
        (self.folder / "a.h5").write_bytes(content)
        with self.assert_fails("a.h5 is damaged"):
            pk.read_prior(self.path("a.h5"))

    def test_names_of_another_chain_are_refused_by_the_command(self):
        chain = dataclasses.replace(presets().chain, names=("renamed",) + presets().names[1:])
        with self.assert_fails("renamed", "peak1.gain"):
            prior().log_prob(pk.Presets(presets().theta, chain))


if __name__ == "__main__":
    unittest.main()
