"""Every way a run can end, and every error that can end it.

The tree::

    FieldcheckError            1  internal
    ├── UsageError             2  the request cannot be carried out as it was typed
    │   ├── InputError         2  a file that was handed in cannot be read
    │   └── NotFoundError      2  no such list, record or result
    ├── IntegrityError         4  a list or a result is damaged or not what it claims to be
    ├── SourceError            5  a publisher could not be reached or answered with something else
    └── StorageError           1  the disk is full, read-only or missing
"""

import enum


@enum.unique
class ExitCode(enum.IntEnum):
    """How a command ended; one row each in ``docs/reference.md``."""

    NOTHING_FOUND = 0
    INTERNAL = 1
    USAGE = 2
    NOT_FULLY_CHECKED = 3
    INTEGRITY = 4
    NETWORK = 5
    NOTHING_TO_UPDATE = 6
    POSSIBLE = 10
    CONTROL = 11
    STRONG = 20
    INTERRUPTED = 130


class FieldcheckError(Exception):
    """Base of all expected errors.

    Attributes:
        next_step: what the user can do about it, as one sentence in the imperative.
    """

    exit_code = ExitCode.INTERNAL

    def __init__(self, message: str, *, next_step: str) -> None:
        super().__init__(message)
        self.next_step = next_step


class UsageError(FieldcheckError):
    """The request cannot be carried out as it was typed."""

    exit_code = ExitCode.USAGE


class InputError(UsageError):
    """A file that was handed in cannot be read."""


class NotFoundError(UsageError):
    """No list, record or result has that name."""


class IntegrityError(FieldcheckError):
    """A list or a result is damaged, or is not what it claims to be."""

    exit_code = ExitCode.INTEGRITY


class SourceError(FieldcheckError):
    """A publisher could not be reached, or answered with something else than its list."""

    exit_code = ExitCode.NETWORK


class StorageError(FieldcheckError):
    """The disk is full, read-only or missing."""
