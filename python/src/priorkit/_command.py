"""Finding and running the `priorkit` command."""
from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import warnings
from dataclasses import dataclass
from typing import IO, Any, List, Sequence, Tuple

from ._errors import CommandError, CommandNotFoundError, CommandWarning, DiagnosticsWarning

ERROR = "priorkit: error: "
WARNING = "priorkit: warning: "
DIAGNOSTICS_FAILED = 3


@dataclass(frozen=True)
class Completed:
    """What a run of the command left behind."""

    #: Standard output: tables, or JSON where that was asked for.
    stdout: str
    #: Standard error: messages, warnings and progress.
    stderr: str
    #: 0, or 3 where diagnostics failed.
    exit_code: int


def find_command() -> str:
    """The path of the command: that in the variable ``PRIORKIT``, or else the one in ``PATH``.

    Raises `CommandNotFoundError` if there is none.
    """
    named = os.environ.get("PRIORKIT")
    if named:
        found = shutil.which(named)
        if found is None:
            raise CommandNotFoundError(
                f"PRIORKIT names {named}, which is not a program: set it to the path of the priorkit command.")
        return found
    found = shutil.which("priorkit")
    if found is None:
        raise CommandNotFoundError(
            "The priorkit command is not installed: build it with `make build` in the repository of PriorKit, and "
            "put .build/release into PATH or set PRIORKIT to the path of .build/release/priorkit.")
    return found


def run(*arguments: Any, quiet: bool = False, **options: Any) -> Completed:
    """Runs any command of PriorKit, such as ``run("equivariance", "presets.h5", output="report.h5")``.

    - ``arguments``: the name of the command, then its arguments.
    - ``options``: options with underscores for hyphens. True stands for an option without a value, None and False
      for one that is left out, a list for one that is repeated.
    - ``quiet``: whether messages and progress of the command are kept from standard error.

    Warnings of the command become `CommandWarning`, and exit code 3 a `DiagnosticsWarning`. Ctrl-C is passed on once,
    so that the command keeps its state; then `KeyboardInterrupt` is raised. Raises `CommandError` if the command
    fails, with the sentence that it printed.
    """
    return run_words([argument(word) for word in arguments] + option_words(options), quiet=quiet)


def run_words(words: List[str], *, quiet: bool, hidden: str = "", stacklevel: int = 3) -> Completed:
    """Runs the command with arguments as they are; ``hidden`` is left out of what it says, such as a folder."""
    command = find_command()
    held = _HeldInterrupt()
    try:
        process = subprocess.Popen(
            [command, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            # A terminal sends Ctrl-C to a whole session. The command ends at once at the second one, so it must get
            # exactly the one that is passed on.
            start_new_session=True)
        stdout, stderr = _Pump(process.stdout), _Pump(process.stderr, hidden, echo=not quiet)
    except BaseException:
        held.release()
        raise
    code = _wait(process, held)
    output, messages = stdout.text(), stderr.text()
    if code not in (0, DIAGNOSTICS_FAILED):
        raise CommandError(_sentence(messages, code), exit_code=code, stderr=messages, arguments=words)
    found = [line[len(WARNING):] for line in messages.splitlines() if line.startswith(WARNING)]
    for text in found:
        warnings.warn(text, CommandWarning, stacklevel=stacklevel)
    if code == DIAGNOSTICS_FAILED:
        findings = " ".join(line[2:] for line in messages.splitlines() if line.startswith("- "))
        warnings.warn(
            f"priorkit {words[0]} finished, but a diagnostic misses its limit, so the result cannot be trusted yet. "
            + findings,
            DiagnosticsWarning, stacklevel=stacklevel)
    return Completed(output, messages, code)


class _HeldInterrupt:
    """Keeps a Ctrl-C that comes while a command and the threads that read it are started, until `_wait` can pass it
    on. Only the main thread takes signals, and only handlers of Python's are held."""

    def __init__(self):
        self._handler, self._came = None, False
        handler = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is threading.main_thread() and callable(handler):
            self._handler = handler
            signal.signal(signal.SIGINT, self._keep)

    def _keep(self, number: int, frame: object) -> None:
        self._came = True

    def release(self) -> None:
        """Restores the handler, and gives it what came in between."""
        if self._handler is None:
            return
        handler, self._handler = self._handler, None
        signal.signal(signal.SIGINT, handler)
        if self._came:
            handler(signal.SIGINT, None)


def _wait(process: subprocess.Popen, held: _HeldInterrupt) -> int:
    """Waits for the end, passing every Ctrl-C on, then raises the first."""
    interruption = None
    while True:
        try:
            held.release()
            code = process.wait()
            break
        except KeyboardInterrupt as error:
            interruption = error
            process.send_signal(signal.SIGINT)
        except BaseException:
            process.terminate()
            raise
    if interruption is not None:
        raise interruption
    return code


def _sentence(messages: str, code: int) -> str:
    for line in messages.splitlines():
        if line.startswith(ERROR):
            return line[len(ERROR):]
    if code < 0:
        return f"The priorkit command was ended by signal {-code}: run it again."
    return f"The priorkit command failed with exit code {code}: {messages.strip() or 'it gave no reason'}"


class _Pump:
    """Collects what a process writes; lines also go to ``sys.stderr``, which notebooks replace, if asked to."""

    def __init__(self, stream: IO[bytes], hidden: str = "", echo: bool = False):
        self._lines: List[str] = []
        self._stream, self._hidden, self._echo = stream, hidden, echo
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def _collect(self) -> None:
        for line in self._stream:
            text = line.decode("utf-8", "replace")
            if self._hidden:
                text = text.replace(self._hidden, "")
            self._lines.append(text)
            # Warnings and errors are raised instead.
            if self._echo and not text.startswith((WARNING, ERROR)):
                sys.stderr.write(text)
        self._stream.close()

    def text(self) -> str:
        self._thread.join()
        return "".join(self._lines)


def argument(value: Any) -> str:
    """A value as the command line has it: paths as text, numbers in full, none mistaken for an option."""
    if isinstance(value, (os.PathLike, str)):
        return os.fspath(value)
    if hasattr(value, "item"):
        value = value.item()
    return repr(value) if isinstance(value, float) else str(value)


def option_words(options: dict) -> List[str]:
    words: List[str] = []
    for name, value in options.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        values: Sequence[Any] = value if isinstance(value, (list, tuple)) else (value,)
        for each in values:
            if each is None or each is False:
                continue
            # One word, so that negative numbers and names that begin with a hyphen are values.
            words.append(flag if each is True else f"{flag}={argument(each)}")
    return words


def version() -> str:
    """The version of the command."""
    return run("--version", quiet=True).stdout.strip()


def families(given: bool = False) -> List[Tuple[str, str]]:
    """Names and descriptions of the families that `fit` knows; with ``given`` those of conditional priors."""
    table = run("fit", quiet=True, list_families=True, given="features" if given else None).stdout
    # The first line is the header.
    return [(name, text) for name, text in (re.split(r" {2,}", line, maxsplit=1) for line in table.splitlines()[1:])]
