"""Finding the command, its errors, warnings and progress."""
import contextlib
import io
import os
import pickle
import signal
import subprocess
import sys
import unittest
from unittest import mock

import priorkit as pk
from priorkit._command import option_words
from support import PRESETS, FolderCase, prior_path


class Finding(FolderCase):
    def test_the_variable_comes_before_the_path(self):
        for name in ("named", "priorkit"):
            (self.folder / name).write_text("#!/bin/sh\necho " + name)
            (self.folder / name).chmod(0o755)
        path = f"{self.folder}:{os.environ['PATH']}"
        with mock.patch.dict(os.environ, {"PATH": path, "PRIORKIT": self.path("named")}):
            self.assertEqual(pk.version(), "named")
            del os.environ["PRIORKIT"]
            self.assertEqual(pk.version(), "priorkit")

    def test_without_the_command_files_are_read_all_the_same(self):
        with mock.patch.dict(os.environ, {"PATH": self.path("")}):
            os.environ.pop("PRIORKIT", None)
            presets = pk.read_presets(PRESETS)
            pk.write_presets(presets, self.path("a.h5"))
            with self.assert_fails("not installed", "PRIORKIT", "make build"):
                presets.values
            os.environ["PRIORKIT"] = self.path("nosuch")
            with self.assert_fails("nosuch", "not a program"):
                pk.version()


class Failing(FolderCase):
    def fake(self, script):
        (self.folder / "fake").write_text("#!/bin/sh\n" + script)
        (self.folder / "fake").chmod(0o755)
        return mock.patch.dict(os.environ, {"PRIORKIT": self.path("fake")})

    def test_errors_are_the_sentence_of_the_command(self):
        with self.assertRaises(pk.CommandError) as caught:
            pk.fit(self.path("nosuch.h5"), quiet=True)
        error = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual(str(error), f"There is no file {self.path('nosuch.h5')}: check the name.")
        self.assertEqual((error.exit_code, error.arguments[0]), (1, "fit"))
        self.assertTrue(error.stderr.startswith("priorkit: error: "))

    def test_unknown_options_are_wrong_usage(self):
        with self.assertRaises(pk.CommandError) as caught:
            pk.fit(PRESETS, nonsense=3, quiet=True)
        self.assertEqual(caught.exception.exit_code, 64)
        self.assertIn("Unknown option '--nonsense", str(caught.exception))

    def test_signals_and_silence_are_told(self):
        with self.fake("kill -9 $$"), self.assertRaises(pk.CommandError) as caught:
            pk.version()
        self.assertEqual((caught.exception.exit_code, "signal 9" in str(caught.exception)), (-9, True))
        with self.fake("exit 5"), self.assertRaisesRegex(pk.CommandError, "exit code 5"):
            pk.version()

    def test_temporary_files_are_called_by_their_names_alone(self):
        with self.assertRaises(pk.CommandError) as caught:
            pk.fit(pk.read_presets(PRESETS)[:3], quiet=True)
        self.assertNotIn("/", str(caught.exception).split(":")[0])

    def test_failed_diagnostics_give_the_result_all_the_same(self):
        with self.fake("echo result; exit 3"), self.assertWarns(pk.DiagnosticsWarning):
            done = pk.run("calibrate", quiet=True)
        self.assertEqual((done.stdout, done.exit_code), ("result\n", 3))


class Interrupting(FolderCase):
    def test_the_command_gets_ctrl_c_once(self):
        # It goes on for a second after the first one, as a long iteration does.
        script = "#!/bin/sh\ntrap 'echo interrupted >> log' INT\necho begun >&2\n" + "sleep 0.1\n" * 12
        (self.folder / "fake").write_text(script)
        (self.folder / "fake").chmod(0o755)
        call = ("import signal; signal.signal(signal.SIGINT, signal.default_int_handler); import priorkit as pk; "
                "pk.run('fit')")
        child = subprocess.Popen(
            [sys.executable, "-c", call], cwd=self.folder, stderr=subprocess.PIPE, text=True, start_new_session=True,
            env={**os.environ, "PRIORKIT": self.path("fake"), "PYTHONPATH": os.pathsep.join(sys.path)})
        self.assertEqual(child.stderr.readline(), "begun\n")
        # As a terminal does: to all processes of the session.
        os.killpg(child.pid, signal.SIGINT)
        self.assertIn("KeyboardInterrupt", child.communicate(timeout=30)[1])
        self.assertEqual((self.folder / "log").read_text(), "interrupted\n")


class Talking(FolderCase):
    def test_messages_go_to_standard_error_unless_quiet(self):
        for quiet, expected in ((True, ""), (False, "fitted.h5: family ridge, 130 parameters, from 360 presets\n")):
            text = io.StringIO()
            with contextlib.redirect_stderr(text):
                pk.fit(PRESETS, family="ridge", quiet=quiet)
            self.assertEqual(text.getvalue(), expected)

    def test_much_output_does_not_stop_the_command(self):
        done = pk.run("score", prior_path(), PRESETS, quiet=True)
        self.assertEqual(len(done.stdout.splitlines()), 361)

    def test_options_are_words(self):
        self.assertEqual(
            option_words({"segment_seconds": 0.1, "dry": ["a", "b"], "force": True, "seed": None, "json": False,
                          "loudness": -23, "list_": "c.csv"}),
            ["--segment-seconds=0.1", "--dry=a", "--dry=b", "--force", "--loudness=-23", "--list=c.csv"])


if __name__ == "__main__":
    unittest.main()
