"""The ways in which a publisher's answer is not a page, where a sync must tell them apart."""

from fieldcheck.errors import ExitCode, SourceError


class BusyError(SourceError):
    """The publisher cannot or will not answer now; the same request may succeed later.

    Attributes:
        reached: whether the publisher was reached at all, so that asking again weighs on it.
        status: the HTTP status, or 0 where there was none.
        retry_after_s: how long the publisher asks to wait, in seconds, or None where it does not say.
    """

    def __init__(
        self, message: str, *, reached: bool = True, status: int = 0, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, next_step="Try again later; the list in use is unchanged.")
        self.reached = reached
        self.status = status
        self.retry_after_s = retry_after_s


class AbsentError(SourceError):
    """There is nothing at this address."""


class RefusedError(SourceError):
    """What was fetched is not a copy of the list that may be put in use, so it is thrown away."""

    exit_code = ExitCode.INTEGRITY
