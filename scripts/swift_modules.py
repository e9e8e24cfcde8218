"""Compiles against the modules of a release build without building: for code in articles and in programs."""
import json
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAME = pathlib.Path(sys.argv[0]).name


def run(*command):
    return subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True)


def answer(*command):
    result = run(*command)
    if result.returncode != 0:
        sys.exit(f"{NAME}: {' '.join(map(str, command))} failed:\n{result.stderr.strip()}")
    return result.stdout


def tool(name):
    """A tool of the toolchain whose swift is in PATH."""
    compiler = shutil.which("swift")
    beside = pathlib.Path(compiler).resolve().parent / name if compiler else None
    path = beside if beside and beside.exists() else shutil.which(name)
    return path or sys.exit(f"{NAME}: there is no {name} beside swift: install a whole toolchain from swift.org")


def package(folder=ROOT):
    return json.loads(answer("swift", "package", "--package-path", folder, "dump-package"))


def binaries():
    """Where the release build is."""
    path = pathlib.Path(answer("swift", "build", "-c", "release", "--show-bin-path").strip())
    if not (path / "Modules").is_dir():
        sys.exit(f"{NAME}: there is no release build: run `make build`")
    return path


def import_flags(targets, modules):
    """Where the Swift modules and the C modules behind them are."""
    flags = ["-I", modules]
    for folder in [ROOT / "Sources", *sorted((ROOT / ".build" / "checkouts").glob("*/Sources"))]:
        for path in sorted(folder.rglob("module.modulemap")):
            flags += ["-I", path.parent]
    for name in sorted({target["pkgConfig"] for target in targets if target.get("pkgConfig")}):
        for flag in answer("pkg-config", "--cflags-only-I", name).split():
            flags += ["-Xcc", flag]
    return flags
