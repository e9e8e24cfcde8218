"""Statistics of presets and their merge."""
import dataclasses
import unittest

import numpy as np

import priorkit as pk
from support import FolderCase, presets, prior


class StatisticsFiles(FolderCase):
    def test_they_are_those_of_numpy(self):
        made = pk.statistics(presets())
        theta = presets().theta
        centred = theta - theta.mean(axis=0)
        self.assertEqual((made.count, made.weight_sums.tolist()), (360, [360, 360]))
        np.testing.assert_allclose(made.mean, theta.mean(axis=0), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(made.scatter, centred.T @ centred, rtol=1e-9, atol=1e-9)
        self.assert_same(made.minimum, theta.min(axis=0))
        self.assert_same(made.maximum, theta.max(axis=0))

    def test_parts_merge_to_the_whole(self):
        parts = [pk.statistics(presets()[:130]), pk.statistics(presets()[130:])]
        merged = pk.merge(parts)
        np.testing.assert_allclose(merged.covariance, prior().covariance, rtol=1e-9, atol=1e-11)
        pk.write_statistics(parts[0], self.path("a.h5"))
        self.assert_same(pk.merge([self.path("a.h5"), parts[1]]).covariance, merged.covariance)
        with self.assert_fails("No statistics"):
            pk.merge([])

    def test_round_trip_keeps_every_bit(self):
        first = pk.statistics(dataclasses.replace(presets(), weights=np.linspace(0, 1e-200, 360)))
        self.assertNotEqual(first.weight_exponent, 0)
        pk.write_statistics(first, self.path("a.h5"))
        second = pk.read_statistics(self.path("a.h5"))
        for name in ("count", "mean", "scatter", "minimum", "maximum", "weight_sums", "weight_exponent"):
            self.assert_same(getattr(first, name), getattr(second, name))
        self.assertEqual(pk.show(self.path("a.h5"))["kind"], "statistics")
        with self.assert_fails("/scatter", "[130, 129]"):
            dataclasses.replace(first, scatter=first.scatter[:, 1:])


if __name__ == "__main__":
    unittest.main()
