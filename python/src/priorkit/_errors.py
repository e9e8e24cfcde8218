"""Errors and warnings of the package."""
from __future__ import annotations

from typing import Sequence


class PriorKitError(Exception):
    """The base of all errors of this package. The message is one sentence with the remedy."""


class DataError(PriorKitError, ValueError):
    """An array, or a file, that cannot be used: the message names the dataset, the value and the remedy."""


class CommandNotFoundError(PriorKitError):
    """The `priorkit` command is not installed where it is looked for."""


class CommandError(PriorKitError):
    """The command failed.

    The message is the command's own sentence, without ``priorkit: error:`` before it.
    """

    def __init__(self, message: str, *, exit_code: int, stderr: str = "", arguments: Sequence[str] = ()):
        super().__init__(message)
        self.message = message
        #: The exit code: 1 for failure, 64 for wrong usage, 130 for an interruption; minus the number of a signal.
        self.exit_code = exit_code
        #: All that the command wrote to standard error.
        self.stderr = stderr
        #: The arguments that it was called with, without the command itself.
        self.arguments = tuple(arguments)

    def __reduce__(self):
        # Errors cross processes in pools of workers; the default forgets keyword arguments.
        return (_restored, (self.message, self.exit_code, self.stderr, self.arguments))


def _restored(message: str, exit_code: int, stderr: str, arguments: Sequence[str]) -> CommandError:
    return CommandError(message, exit_code=exit_code, stderr=stderr, arguments=arguments)


class CommandWarning(UserWarning):
    """A warning that the command printed."""


class DiagnosticsWarning(UserWarning):
    """The command wrote its result, but a diagnostic misses its limit (exit code 3)."""


def missing_package(name: str, purpose: str) -> PriorKitError:
    """The error for an optional package that is not installed."""
    return PriorKitError(f"{purpose} needs the package {name}: install it with `pip install {name}`.")
