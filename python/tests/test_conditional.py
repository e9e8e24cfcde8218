"""Conditional priors and the features that they are given."""
import unittest
import warnings

import numpy as np

import priorkit as pk
from support import FolderCase, gaussian_log_density, pairs, voice


class Conditionals(FolderCase):
    @classmethod
    def setUpClass(cls):
        # The family that takes the least time.
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            cls.made = pk.fit(pairs(), "joint-ledoit-wolf-standardised", given="features", components=2, quiet=True)
        cls.warnings = [str(each.message) for each in found]

    def test_density_given_features_is_that_of_the_joint_normal(self):
        arrays, row = self.made.arrays, 11
        components = (pairs().features[row] - arrays["transform/mean"]) @ arrays["transform/projection"]
        mean, covariance, size = arrays["joint/mean"], arrays["joint/covariance"], 130
        gain = np.linalg.solve(covariance[size:, size:], covariance[size:, :size]).T
        expected_mean = mean[:size] + gain @ (components - mean[size:])
        rest = covariance[:size, :size] - gain @ covariance[size:, :size]
        expected = gaussian_log_density(expected_mean, rest, pairs().theta[row:row + 1])[0]
        np.testing.assert_allclose(self.made.mean(pairs().features[row]), expected_mean, rtol=1e-8, atol=1e-9)
        self.assertAlmostEqual(self.made.log_prob(pairs().theta[row], pairs().features[row]), expected, places=6)
        # Features of each row: of the presets, or given as a matrix.
        own = self.made.log_prob(pairs())
        self.assert_same(own, self.made.log_prob(pairs().theta, pairs().features))
        self.assertAlmostEqual(own[row], expected, places=6)

    def test_the_verdict_of_the_command_is_a_warning(self):
        # 60 pairs are too few for 130 parameters.
        self.assertRegex("".join(self.warnings), "^The features do not help: joint-ledoit-wolf-standardised gains ")

    def test_draws_and_fixed_settings(self):
        draws = self.made.sample(4000, seed=2, features=pairs().features[3])
        expected = self.made.mean(pairs().features[3])
        self.assertLess(np.abs((draws.mean(axis=0) - expected) / draws.std(axis=0)).max(), 5 / np.sqrt(4000))
        fixed = self.made.condition({"peak1.gain": -1}, pairs().features[3])
        self.assertEqual(fixed.mean[0], -1)

    def test_it_is_given_audio(self):
        mean = self.made.mean(audio=pk.render(pairs(), voice(), row=3))
        self.assertEqual(mean.shape, (130,))
        self.assertFalse(np.array_equal(mean, self.made.mean(pairs().features[3])))
        with self.assert_fails("features or audio"):
            self.made.mean()
        with self.assert_fails("features has shape [3]", "[200]"):
            self.made.sample(1, features=np.zeros(3))

    def test_files_round_trip(self):
        pk.write_conditional_prior(self.made, self.path("a.h5"))
        second = pk.read_conditional_prior(self.path("a.h5"))
        self.assertEqual(set(self.made.arrays), set(second.arrays))
        self.assertIn("transform/projection", second.arrays)
        for name, values in self.made.arrays.items():
            self.assert_same(values, second.arrays[name])
        self.assertEqual(self.made.feature_names, second.feature_names)
        self.assertEqual(second.feature_record.encoder, "mfcc")
        self.assertEqual(second.fit.hyperparameters, self.made.fit.hyperparameters)
        self.assertIn("±", second.fit.evidence)
        self.assert_same(self.made.log_prob(pairs()), second.log_prob(pairs()))
        self.assertEqual(pk.show(self.path("a.h5"))["kind"], "conditional")

    def test_features_of_pairs(self):
        self.assertEqual(pairs().features.shape, (60, 200))
        self.assertEqual(pairs().feature_record.source, "wet")
        self.assertEqual(pairs().feature_record.segment_seconds, 0.5)
        pk.write_presets(pairs(), self.path("pairs.h5"))
        self.assert_same(pk.read_presets(self.path("pairs.h5")).features, pairs().features)


if __name__ == "__main__":
    unittest.main()
