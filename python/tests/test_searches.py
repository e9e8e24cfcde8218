"""Transfers, retrievals, the objective and recordings."""
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

import h5py
import numpy as np

import priorkit as pk
from support import FolderCase, presets, prior, prior_path, reference, voice


class Recordings(FolderCase):
    def test_rendering_is_what_the_command_writes(self):
        pk.write_recording(voice(), self.path("dry.wav"))
        samples, rate = pk.read_recording(self.path("dry.wav"))
        self.assertEqual((samples.shape, rate), ((1, 3 * 44100), 44100))
        self.assert_same(samples[0], voice().samples)
        pk.run("render", pathlib.Path(__file__).parents[2] / "data/presets.h5", self.path("dry.wav"), row=60,
               output=self.path("wet.wav"), quiet=True)
        wet = pk.read_recording(self.path("wet.wav"))
        self.assertEqual((wet.samples.shape, wet.samples.dtype), ((2, 3 * 44100), np.float32))
        self.assert_same(wet.samples, reference().samples)
        self.assertGreater(np.abs(wet.samples[0] - wet.samples[1]).max(), 1e-3)

    def test_channels_round_trip(self):
        samples = np.arange(10, dtype=np.float32).reshape(2, 5) / 16
        pk.write_recording((samples, 48000), self.path("a.wav"))
        self.assert_same(pk.read_recording(self.path("a.wav")).samples, samples)
        self.assertEqual((self.folder / "a.wav").read_bytes()[-8:], samples[:, 4].tobytes())

    def test_recordings_that_do_not_fit(self):
        for recording, word in [((np.zeros((4, 2)), 44100), "[4, 2]"), ((np.full(9, np.nan), 44100), "[9]"),
                                ((np.zeros(9), 10), "10 Hz")]:
            with self.assert_fails(word):
                pk.write_recording(recording, self.path("a.wav"))
        self.assertEqual(os.listdir(self.folder), [])
        (self.folder / "a.wav").write_bytes(b"RIFF0000WAVEfmt ")
        with self.assert_fails("a.wav"):
            pk.read_recording(self.path("a.wav"))


class Transfers(FolderCase):
    def test_a_transfer_and_its_trace(self):
        found = pk.transfer(prior(), reference(), voice(), steps=4, segment_seconds=1, quiet=True)
        trace = found.trace
        self.assertEqual((trace.theta.shape, trace.loss.shape, trace.names), ((5, 130), (4,), prior().names))
        self.assert_same(trace.theta[0], prior().mean)
        self.assert_same(found.preset.theta[0], trace.theta[trace.best_step])
        self.assertIsInstance(trace.best_step, int)
        self.assertEqual(found.loss, trace.best_loss)
        self.assertLess(found.loss, trace.loss[0])
        np.testing.assert_allclose(trace.loss, -trace.log_likelihood - 0.1 * trace.log_prior, rtol=1e-12)
        self.assertAlmostEqual(found.details["log_prior"], prior().log_prob(found.preset.theta[0]), places=8)
        self.assertEqual(found.parameters["peak1.frequency"][1], "Hz")
        self.assertEqual(found.recording("wet").samples.shape, (2, 3 * 44100))
        self.assertTrue(os.path.isdir(found.folder))
        folder = found.folder
        del found
        self.assertFalse(os.path.exists(folder))

    def test_a_folder_of_ones_own(self):
        first = pk.transfer(prior_path(), [reference()], [voice()], self.path("out"), steps=2, start=presets()[3:4],
                            alpha=0, segment_seconds=1, quiet=True)
        self.assert_same(first.trace.theta[0], presets().theta[3])
        self.assertEqual(pk.read(self.path("out")).loss, first.loss)
        with self.assert_fails("out/preset.h5 exists already"):
            pk.transfer(prior(), reference(), voice(), self.path("out"), steps=2, quiet=True)
        with self.assert_fails("preset.json"):
            pk.read_result(self.folder)
        (self.folder / "failure.json").write_text('{"reason": "The recording is silent."}')
        with self.assert_fails("The recording is silent."):
            pk.read_result(self.folder)

    def test_the_objective_has_the_gradient_of_the_prior(self):
        found = pk.objective(prior(), presets(), reference(), voice(), row=60, alpha=0.5, segment_seconds=1)
        theta = presets().theta[60]
        expected = -np.linalg.solve(prior().covariance, theta - prior().mean)
        np.testing.assert_allclose(found.gradient_log_prior, expected, rtol=1e-6, atol=1e-6)
        self.assertAlmostEqual(found.log_prior, prior().log_prob(theta), places=8)
        self.assertAlmostEqual(found.loss, -found.log_likelihood - 0.5 * found.log_prior, places=10)
        self.assertEqual(found.gradient_log_likelihood.shape, (130,))
        self.assertEqual(found.embedding_mid.shape, (3, 100))

    def test_a_retrieval(self):
        found = pk.retrieve(voice(), reference(), self.path("song"), steps=3, chunks=1, group="a", quiet=True)
        self.assertEqual(found.trace.theta.shape, (4, 130))
        self.assert_same(found.trace.log_likelihood, -found.trace.loss)
        self.assertIn("spectral_left_right", found.details["after"])
        self.assertEqual(found.recording("dry").sample_rate, 44100)
        kept = pk.collect(self.path("song"), selection="all")
        self.assertEqual((kept.labels.tolist(), kept.groups.tolist()), (["song"], ["a"]))
        self.assertAlmostEqual(kept.retrieval.loss[0], found.loss)
        self.assert_same(kept.theta, found.preset.theta)

    def test_the_published_search_names_its_dampings(self):
        found = pk.retrieve(voice(), reference(), steps=2, chunks=1, optimiser="adam", quiet=True)
        self.assertEqual((found.trace.theta.shape, found.trace.names[-1]), ((3, 131), "delay 1 damping"))
        self.assertEqual(found.trace.names[:130], found.preset.names)


class Interrupting(FolderCase):
    def test_ctrl_c_keeps_the_state_and_resuming_goes_on(self):
        pk.write_recording(voice(), self.path("dry.wav"))
        pk.write_recording(reference(), self.path("wet.wav"))
        call = ("import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); import priorkit as pk; "
                "pk.transfer(*sys.argv[1:5], optimiser='adam', steps=100000, tolerance=0, segment_seconds=1)")
        child = subprocess.Popen(
            [sys.executable, "-c", call, prior_path(), self.path("wet.wav"), self.path("dry.wav"), self.path("out")],
            stderr=subprocess.PIPE, text=True, start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
        # It has begun when its messages come through.
        self.assertIn("LUFS", child.stderr.readline())
        time.sleep(1.5)
        # As a terminal does: to all processes of the session.
        os.killpg(child.pid, signal.SIGINT)
        try:
            messages = child.communicate(timeout=60)[1]
        except subprocess.TimeoutExpired:
            # Nothing may go on after a test that failed: the command is in a session of its own.
            child.kill()
            subprocess.run(["pkill", "-9", "-f", self.path("out")], check=False)
            raise
        self.assertIn("KeyboardInterrupt", messages)
        self.assertNotEqual(child.returncode, 0)
        state = pk.read_archive_file(self.path("out/state.h5"))
        steps = len(state.arrays["loss"])
        self.assertGreater(steps, 0)
        with h5py.File(self.path("out/state.h5")) as file:
            self.assert_same(state.arrays["theta"], file["theta"][:])
        # It is refused as soon as another problem is named, and goes on otherwise.
        with self.assert_fails("out/state.h5"):
            pk.transfer(prior_path(), self.path("wet.wav"), self.path("dry.wav"), self.path("out"), optimiser="adam",
                        steps=steps + 2, tolerance=0, segment_seconds=2, resume=True, quiet=True)
        found = pk.transfer(prior_path(), self.path("wet.wav"), self.path("dry.wav"), self.path("out"),
                            optimiser="adam", steps=steps + 2, tolerance=0, segment_seconds=1, resume=True, quiet=True)
        self.assertEqual(found.trace.last_step, steps + 2)
        self.assert_same(found.trace.loss[:steps], state.arrays["loss"])


if __name__ == "__main__":
    unittest.main()
