"""Comparisons, shards, evaluations and tables of scores."""
import unittest

import numpy as np

import priorkit as pk
from support import PRESETS, FolderCase, fitted, gaussian_log_density, presets, prior, prior_path, reference, voice


class Comparisons(FolderCase):
    def test_held_out_densities_are_those_of_the_fits(self):
        found = pk.compare(presets()[:300], test=presets()[300:], folds=0, families=["published", "diagonal"],
                           quiet=True)
        table, = found.tables
        trained = presets().theta[:300]
        for family, covariance in (("published", np.cov(trained.T)), ("diagonal", np.diag(trained.var(axis=0)))):
            expected = gaussian_log_density(trained.mean(axis=0), covariance, presets().theta[300:])
            np.testing.assert_allclose(table.log_prob[family], expected, rtol=1e-6)
            fitted = pk.fit(presets()[:300], family, quiet=True)
            np.testing.assert_allclose(table.log_prob[family], fitted.log_prob(presets().theta[300:]), rtol=1e-9)
        self.assertEqual(found.baseline, "published")
        self.assertAlmostEqual(table.summary["diagonal"]["mean"], table.log_prob["diagonal"].mean(), places=9)
        self.assertEqual(table.labels[0], presets().labels[300])

    def test_checkpoints_and_shards(self):
        arguments = dict(families=["published", "diagonal"], folds=2, quiet=True)
        found = pk.compare(PRESETS, checkpoint=self.path("run.h5"), **arguments)
        fits = pk.read(self.path("run.h5"))
        self.assertEqual((sorted(fits.families), sorted(fits.folds.tolist())), (["diagonal"] * 2 + ["published"] * 2,
                                                                       [0, 0, 1, 1]))
        self.assertIsNone(fits.shard)
        total = sum(scores.sum() for name, scores in zip(fits.families, fits.log_prob) if name == "diagonal")
        self.assertAlmostEqual(total, found.tables[0].log_prob["diagonal"].sum(), places=6)
        pk.run("compare", PRESETS, families="published,diagonal", folds=2, shard="2/2", output=self.path("s.h5"),
               quiet=True)
        shard = pk.read_fits(self.path("s.h5"))
        self.assertEqual((shard.shard.index, shard.shard.count, shard.shard.rows), (2, 2, 4))
        self.assertEqual(len(shard.families), 2)

    def test_the_output_of_the_command(self):
        done = pk.run("compare", PRESETS, families="diagonal,published", folds=2, json=True, output=self.path("c.csv"),
                      quiet=True)
        (self.folder / "c.json").write_text(done.stdout)
        found, table = pk.read_comparison(self.path("c.json")), pk.read_table(self.path("c.csv"))
        self.assertEqual(table.numbers, ("diagonal", "published"))
        self.assertEqual(set(table["set"]), {"cross-validation"})
        self.assert_same(table["diagonal"], found.tables[0].log_prob["diagonal"])
        (self.folder / "other.json").write_text("{}")
        with self.assert_fails("other.json", "compare --json"):
            pk.read_comparison(self.path("other.json"))
        with self.assert_fails("presets.h5", "fits of a comparison"):
            pk.read_fits(PRESETS)

    def test_shards_of_pairs(self):
        whole = pk.simulate(prior(), voice(), 5, segments=1, segment_seconds=0.5, quiet=True)
        pk.write_recording(voice(), self.path("dry.wav"))
        pk.run("simulate", prior_path(), dry=self.path("dry.wav"), count=5, segments=1, segment_seconds=0.5,
               shard="2/2", output=self.path("s.h5"), quiet=True)
        shard = pk.read(self.path("s.h5"))
        self.assertEqual((shard.record.kind, shard.record.rows, shard.rows.tolist()), ("pairs", 5, [1, 3]))
        self.assert_same(shard.presets.theta, whole.theta[[1, 3]])
        self.assert_same(shard.presets.features, whole.features[[1, 3]])
        with self.assert_fails("s.h5", "one shard"):
            pk.read_presets(self.path("s.h5"))
        pk.run("simulate", prior_path(), dry=self.path("dry.wav"), count=1, segments=1, segment_seconds=0.5,
               shard="2/2", output=self.path("empty.h5"), quiet=True)
        empty = pk.read_shard(self.path("empty.h5"))
        self.assertIsNone(empty.presets)
        self.assertEqual(len(empty.chain), 130)


class Tables(FolderCase):
    def test_scores_are_exact(self):
        pk.run("score", prior_path(), PRESETS, output=self.path("scores.csv"), quiet=True)
        table = pk.read(self.path("scores.csv"))
        self.assertEqual((len(table), table.numbers), (360, ("log_density", "mahalanobis")))
        self.assert_same(table["log_density"], prior().log_prob(presets()))
        self.assertTrue(np.isnan(fitted("mixture-factors-2").mahalanobis(presets()[:3])).all())

    def test_tables_that_do_not_fit(self):
        for text, words in [("label,log_density\na\n", ("Line 2", "1 cells for 2")),
                            ("label,log_density\na,b\n", ("Line 2", "'b'", "log_density")),
                            ("x,y\n1,2\n", ("not a table of scores",)), ("", ("not a table of scores",))]:
            (self.folder / "t.csv").write_text(text)
            with self.assert_fails("t.csv", *words):
                pk.read_table(self.path("t.csv"))
        with self.assert_fails("nosuch.csv"):
            pk.read_table(self.path("nosuch.csv"))
        with self.assert_fails("no column nosuch", "label"):
            pk.Table({"label": np.array(["a"])})["nosuch"]

    def test_an_evaluation(self):
        found = pk.evaluate(["oracle", "mean"], hidden=presets(), rows=[0, 60], dry=voice(), prior=prior(),
                            segment_seconds=1, quiet=True)
        scores = found.scores
        self.assertEqual(len(scores), 4)
        mean = scores["model"] == "mean"
        self.assertTrue((scores["param_mse"][~mean] == 0).all())
        expected = ((presets().theta[[0, 60]] - prior().mean)**2).mean(axis=1)
        np.testing.assert_allclose(sorted(scores["param_mse"][mean]), sorted(expected), rtol=1e-9)
        self.assert_same(found.presets["logit:delay.time"][mean], np.repeat(prior().mean[24], 2))
        self.assertEqual(found.timings.numbers, ("seconds",))
        self.assertTrue(found.run["complete"])
        self.assertEqual(pk.read(found.folder).run, found.run)

    def test_distances_and_recommendations(self):
        found = pk.distance(presets(), presets()[10:12], row=3)
        expected = ((presets().theta[10:12] - presets().theta[3])**2).mean(axis=1)
        np.testing.assert_allclose([each["parameter_mean_squared_error"] for each in found], expected, rtol=1e-12)
        self.assertEqual(pk.distance(reference(), reference())[0]["spectral_left_right"], 0)
        nearest = pk.recommend(presets()[58:62], reference(), voice(), 2, segment_seconds=1, quiet=True)
        self.assertEqual((len(nearest), nearest[0]["label"]), (2, presets().labels[60]))

    def test_descriptions(self):
        found = pk.describe(presets())
        total = presets().theta.var(axis=0, ddof=1).sum()
        self.assertAlmostEqual(sum(found["components"]["variances"]), total, places=6)


if __name__ == "__main__":
    unittest.main()
