"""The Python of docs/python.md, block after block, in a folder with data/ beside it."""
import contextlib
import io
import os
import re
import subprocess
import unittest
import warnings
from unittest import mock

import priorkit as pk
from support import ROOT, FolderCase

OPTIONAL = ("xarray", "h5netcdf", "arviz", "torch")


class Guide(FolderCase):
    def test_every_block_runs(self):
        text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
        blocks = re.findall(r"^```(python|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        self.assertGreater(len(blocks), 5)
        os.symlink(ROOT / "data", self.path("data"))
        os.symlink(os.path.abspath(pk.find_command()), self.path("priorkit"))
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        names, printed = {}, io.StringIO()
        path = {"PATH": f"{self.folder}:{os.environ['PATH']}"}
        with mock.patch.dict(os.environ, path), contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore", pk.DiagnosticsWarning)
            for kind, block in blocks:
                if kind == "console":
                    subprocess.run(["bash", "-ec", block], check=True, capture_output=True)
                    continue
                try:
                    exec(block, names)
                except ModuleNotFoundError as error:
                    self.assertIn(error.name, OPTIONAL)
        self.assertIn("Prior\nTable\nFits\nPosterior\n", printed.getvalue())

    def test_the_page_names_what_there_is(self):
        text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
        functions = [name for name in pk.__all__ if name[0].islower() and name not in ("find_command", "version")]
        self.assertEqual([name for name in functions if f"`{name}" not in text], [])


if __name__ == "__main__":
    unittest.main()
