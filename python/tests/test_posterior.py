"""Posterior files as arrays and in xarray."""
import unittest
import warnings

import h5py
import numpy as np

import priorkit as pk
from support import PRESETS, FolderCase, posterior_path, prior


def short_posterior(**options):
    """Five draws, which cannot be trusted, and say so."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pk.DiagnosticsWarning)
        return pk.posterior(prior(), chains=1, draws=5, warmup=5, quiet=True, **options)


class Posteriors(FolderCase):
    def test_draws_are_in_the_order_of_the_chain(self):
        draws = pk.read_posterior(posterior_path())
        self.assertEqual((draws.theta.shape, draws.sampler, draws.alpha), ((2, 30, 130), "nuts", 0))
        self.assertEqual(draws.settings["warm_up"], "20")
        with h5py.File(posterior_path()) as file:
            labels = file["unconstrained_posterior/reverb.w.index"].asstr()[:].tolist()
            column = file["unconstrained_posterior/reverb.w"][:, :, labels.index("2.5")]
            gain = file["posterior/peak1.gain"][:]
        self.assert_same(draws.theta[:, :, draws.chain.index("reverb.w.2.5")], column)
        self.assert_same(draws.values[:, :, 0], gain)

    def test_log_prior_is_that_of_the_prior(self):
        draws = pk.read_posterior(posterior_path())
        again = prior().log_prob(draws.theta.reshape(-1, 130)).reshape(2, 30)
        np.testing.assert_allclose(draws.log_prior, again, rtol=1e-10)
        np.testing.assert_allclose(draws.sample_stats["lp"], again, rtol=1e-10)
        self.assertEqual(draws.sample_stats["diverging"].dtype, bool)
        self.assertTrue((draws.log_likelihood == 0).all())

    def test_values_are_those_of_the_command(self):
        draws = pk.read_posterior(posterior_path())
        exported = pk.Presets(draws.theta.reshape(-1, 130), draws.chain).values
        self.assert_same(draws.values.reshape(-1, 130), exported)
        pk.export(draws, self.path("draws.h5"))
        self.assert_same(pk.read_presets(self.path("draws.h5")).theta, draws.theta.reshape(-1, 130))

    def test_names_that_are_attributes_are_mapped_back(self):
        first = short_posterior(output=self.path("a.nc"), seed=2)
        second = short_posterior(output=self.path("b.nc"), seed=2, python_names=True)
        self.assert_same(first.theta, second.theta)
        self.assert_same(first.values, second.values)
        variables = second.groups["posterior"].variables
        self.assertTrue(all(name.isidentifier() for name in variables))
        self.assertEqual(variables["peak1_gain"].attributes["long_name"], "peak1.gain")
        self.assertEqual(variables["reverb_gamma"].dimensions, ("chain", "draw", "reverb_gamma_index"))
        try:
            import xarray  # noqa: F401
        except ImportError:
            self.skipTest("xarray is not installed")
        data = second.to_xarray("posterior")
        self.assert_same(data.peak1_gain.values, first.to_xarray("posterior")["peak1.gain"].values)

    def test_failed_diagnostics_are_a_warning(self):
        with self.assertWarnsRegex(pk.DiagnosticsWarning, "diagnose finished"):
            found = pk.diagnose(posterior_path())
        with self.assertWarnsRegex(pk.DiagnosticsWarning, "posterior finished.*in each chain|posterior finished.*ESS"):
            pk.posterior(prior(), chains=2, draws=10, warmup=10, quiet=True)
        self.assertFalse(found["is_trustworthy"])
        self.assertEqual(len(found["parameters"]), 130)

    def test_a_temporary_file_lives_as_long_as_its_draws(self):
        draws = short_posterior()
        pk.export(draws, self.path("draws.csv"))
        draws = short_posterior(output=self.path("a.nc"))
        self.assert_same(draws.theta, pk.read(self.path("a.nc")).theta)
        with self.assert_fails("a.nc exists already"):
            short_posterior(output=self.path("a.nc"))

    def test_files_that_do_not_fit(self):
        with self.assert_fails("presets.h5", "holds presets, not a posterior"):
            pk.read_posterior(PRESETS)
        short_posterior(output=self.path("a.nc"))
        with h5py.File(self.path("a.nc"), "r+") as file:
            del file["unconstrained_posterior/reverb.gamma"]
        with self.assert_fails("a.nc", "no draws of reverb.gamma.1"):
            pk.read_posterior(self.path("a.nc"))


class Xarray(unittest.TestCase):
    def setUp(self):
        try:
            import xarray  # noqa: F401
        except ImportError:
            self.skipTest("xarray is not installed")

    def test_variables_have_labels_and_units(self):
        draws = pk.read_posterior(posterior_path())
        group = draws.to_xarray("posterior")
        self.assertEqual(group["reverb.gamma"].dims, ("chain", "draw", "reverb.gamma.index"))
        self.assertEqual(group["peak1.frequency"].attrs["units"], "Hz")
        np.testing.assert_array_equal(group["reverb.gamma"].sel({"reverb.gamma.index": "49"}),
                                      draws.values[:, :, draws.chain.index("reverb.gamma.49")])
        with self.assertRaisesRegex(pk.DataError, "no group nosuch"):
            draws.to_xarray("nosuch")

    def test_all_groups_are_a_tree(self):
        import xarray

        if not hasattr(xarray, "DataTree"):
            self.skipTest("this xarray has no DataTree")
        draws = pk.read_posterior(posterior_path())
        tree = draws.to_xarray()
        self.assertLessEqual({"posterior", "sample_stats", "log_prior", "prior"}, set(tree.children))
        np.testing.assert_array_equal(tree["sample_stats/lp"].values, draws.sample_stats["lp"])

    def test_presets_have_names_and_units(self):
        some = pk.read_presets(PRESETS)[:5]
        data = some.to_xarray(values=True)
        self.assertEqual(data["theta"].dims, ("preset", "parameter"))
        self.assertEqual(str(data["unit"].sel(parameter="delay.time").values), "ms")
        chosen = data["value"].sel(preset="intimate-folk-03", parameter="delay.time")
        self.assertEqual(float(chosen), some.values[2, some.chain.index("delay.time")])


if __name__ == "__main__":
    unittest.main()
