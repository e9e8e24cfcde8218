"""Priors of every family: densities, draws, conditioning, files."""
import dataclasses
import unittest

import h5py
import numpy as np

import priorkit as pk
from support import PRESETS, FolderCase, fitted, gaussian_log_density, presets, prior, prior_path

FAMILIES = ["ledoit-wolf", "student-t-blocks", "mixture-factors-2", "copula-kernel-gaussian-blocks"]


class Gaussians(FolderCase):
    def test_fit_is_mean_and_covariance_of_the_presets(self):
        np.testing.assert_allclose(prior().mean, presets().theta.mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(prior().covariance, np.cov(presets().theta.T), rtol=1e-9, atol=1e-12)
        self.assertEqual((prior().fit.estimator, prior().fit.presets), ("published", 360))
        self.assertEqual(prior().units, presets().units)
        lower = presets().values.min(axis=0)
        np.testing.assert_allclose(prior().fit.observed_lower, lower, rtol=1e-12)

    def test_log_density_is_that_of_numpy(self):
        expected = gaussian_log_density(prior().mean, prior().covariance, presets().theta)
        # The condition number of 6e4 costs four or five digits of 16.
        np.testing.assert_allclose(prior().log_prob(presets().theta), expected, rtol=1e-9)
        self.assertEqual(prior().log_prob(presets().theta[7]), prior().log_prob(presets())[7])
        self.assertIsInstance(prior().log_prob(presets().theta[7]), float)
        squared = np.linalg.solve(prior().covariance, (presets().theta[7] - prior().mean)) @ (
            presets().theta[7] - prior().mean)
        self.assertAlmostEqual(prior().mahalanobis(presets().theta[7]), np.sqrt(squared), places=8)

    def test_draws_have_the_moments(self):
        draws = prior().sample(20_000, seed=4)
        deviations = np.sqrt(np.diag(prior().covariance))
        # 130 means, each within 5 standard errors.
        self.assertLess(np.abs((draws.mean(axis=0) - prior().mean) / deviations).max(), 5 / np.sqrt(20_000))
        self.assertLess(np.abs(draws.std(axis=0) / deviations - 1).max(), 5 / np.sqrt(2 * 20_000))
        self.assert_same(prior().sample(5, seed=4), draws[:5])
        self.assertFalse(np.array_equal(prior().sample(5, seed=5), draws[:5]))
        cold = prior().sample(5, seed=4, temperature=0.25)
        np.testing.assert_allclose(cold - prior().mean, 0.5 * (draws[:5] - prior().mean), atol=1e-9)

    def test_draws_within_bounds(self):
        values = prior().presets(prior().sample(40, seed=1, within_bounds=presets())).values
        self.assertTrue((values >= presets().values.min(axis=0)).all())
        self.assertTrue((values <= presets().values.max(axis=0)).all())

    def test_conditioning_is_that_of_a_normal(self):
        index = prior().chain.index("lowshelf.gain")
        fixed = prior().condition({"lowshelf.gain": 2})
        gain = prior().covariance[:, index] / prior().covariance[index, index]
        np.testing.assert_allclose(fixed.mean, prior().mean + gain * (2 - prior().mean[index]), rtol=1e-8, atol=1e-9)
        self.assertEqual(fixed.family, "pinned")
        self.assertEqual(fixed.sample(3)[:, index].tolist(), [2, 2, 2])
        named = prior().condition({"peak1.frequency": "0.3 kHz"})
        self.assertAlmostEqual(named.presets(named.mean).values[0, 1], 300, places=6)
        with self.assertWarnsRegex(pk.CommandWarning, "^lowshelf.gain = 9 lies outside"):
            prior().condition({"lowshelf.gain": 9.0})
        with self.assert_fails("family pinned", "no covariance"):
            fixed.covariance

    def test_a_gaussian_of_ones_own(self):
        variances = np.linspace(0.5, 2, 130)
        made = pk.Prior.gaussian(np.arange(130) / 100, np.diag(variances), presets().chain)
        point = np.full(130, 0.25)
        expected = gaussian_log_density(made.mean, made.covariance, point[None])[0]
        self.assertAlmostEqual(made.log_prob(point), expected, places=9)
        pk.write_prior(made, self.path("a.h5"))
        self.assertEqual(pk.show(self.path("a.h5"))["kind"], "prior")
        self.assert_same(pk.read_prior(self.path("a.h5")).covariance, made.covariance)

    def test_moments_that_make_no_density(self):
        chain, eye = presets().chain, np.eye(130)
        with self.assert_fails("/mean", "[129]", "[130]"):
            pk.Prior.gaussian(np.zeros(129), eye, chain)
        with self.assert_fails("/covariance", "nan"):
            pk.Prior.gaussian(np.zeros(130), eye * np.nan, chain)
        skewed = eye.copy()
        skewed[0, 1] = 0.5
        with self.assert_fails("/covariance", "peak1.gain", "peak1.frequency", "symmetric"):
            pk.Prior.gaussian(np.zeros(130), skewed, chain)
        with self.assert_fails("not positive definite"):
            pk.Prior.gaussian(np.zeros(130), eye - 0.1, chain).log_prob(np.zeros(130))
        with self.assert_fails("/theta", "[1, 129]"):
            prior().log_prob(np.zeros(129))
        with self.assert_fails("/theta", "nan", "[0, 3]"):
            prior().log_prob(np.where(np.arange(130) == 3, np.nan, 0))
        with self.assert_fails("0 draws"):
            prior().sample(0)


class Families(FolderCase):
    def test_files_of_every_family_round_trip(self):
        made = {family: fitted(family) for family in FAMILIES}
        made["orbit-sum"] = pk.fit(presets(), "diagonal", orbit_sum=True, invariant_to=["signs"], quiet=True)
        made["pinned"] = prior().condition({"lowshelf.gain": 2, "peak1.gain": -1})
        some = presets()[::60]
        for family, first in made.items():
            with self.subTest(family):
                pk.write_prior(first, self.path("a.h5"), overwrite=True)
                second = pk.read_prior(self.path("a.h5"))
                self.assertEqual((first.family, dict(first.texts)), (second.family, dict(second.texts)))
                self.assertEqual(set(first.arrays), set(second.arrays))
                self.assertTrue(first.arrays)
                for name, values in first.arrays.items():
                    self.assert_same(values, second.arrays[name])
                for field in dataclasses.fields(pk.FitRecord):
                    self.assert_same(getattr(first.fit, field.name), getattr(second.fit, field.name))
                if family != "pinned":
                    # By way of a file that h5py wrote: bit for bit.
                    self.assert_same(first.log_prob(some), second.log_prob(some))
                self.assert_same(first.sample(2, seed=1), second.sample(2, seed=1))

    def test_what_each_family_is_stored_by(self):
        self.assertEqual(fitted("ledoit-wolf").family, "gaussian")
        heavy = fitted("student-t-blocks")
        self.assertEqual(heavy.family, "student-t")
        self.assertTrue(np.isfinite(heavy.log_prob(presets().theta[0])))
        self.assertEqual(heavy.mean.shape, (130,))
        self.assertIn("published", dict(pk.families()))
        self.assertIn("linear-gaussian", dict(pk.families(given=True)))
        with self.assert_fails("no family nosuch"):
            pk.fit(presets(), "nosuch", quiet=True)

    def test_weights_of_presets_count(self):
        weights = np.where(np.arange(360) < 200, 1.0, 0.0)
        weighted = pk.fit(dataclasses.replace(presets(), weights=weights), "diagonal", quiet=True)
        np.testing.assert_allclose(weighted.mean, presets().theta[:200].mean(axis=0), rtol=1e-10, atol=1e-12)

    def test_what_is_changed_is_what_counts(self):
        moved = dataclasses.replace(prior(), arrays={**prior().arrays, "mean": prior().mean + 1})
        self.assertAlmostEqual(moved.log_prob(prior().mean + 1), prior().log_prob(prior().mean), places=8)

    def test_a_file_that_was_replaced_is_not_used(self):
        pk.write_prior(prior(), self.path("a.h5"))
        first = pk.read_prior(self.path("a.h5"))
        pk.write_prior(pk.Prior.gaussian(np.zeros(130), np.eye(130), prior().chain), self.path("a.h5"), overwrite=True)
        self.assertEqual(first.log_prob(presets().theta[0]), prior().log_prob(presets().theta[0]))

    def test_files_that_do_not_fit(self):
        with self.assert_fails("presets.h5", "holds presets, not a prior"):
            pk.read_prior(PRESETS)
        pk.write_prior(prior(), self.path("a.h5"))
        with h5py.File(self.path("a.h5"), "r+") as file:
            del file["covariance"]
            file["covariance"] = np.eye(129)
        with self.assert_fails("a.h5", "/covariance", "[129, 129]"):
            pk.read_prior(self.path("a.h5"))

    def test_the_record_of_a_result_is_kept(self):
        fitted = pk.fit(PRESETS, "diagonal", quiet=True)
        pk.write_prior(fitted, self.path("a.h5"))
        record = pk.read_prior(self.path("a.h5")).provenance
        self.assertRegex(record.command, "^python: priorkit.write_prior after: priorkit fit ")
        self.assertEqual(record.inputs[0][0], str(PRESETS))
        self.assertEqual(pk.read_prior(prior_path()).provenance.inputs, record.inputs)


if __name__ == "__main__":
    unittest.main()
