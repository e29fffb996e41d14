"""What an officer types for the log: a case's reference, a reason, a decision."""

from fieldcheck.casebook.decisions import Decision
from fieldcheck.errors import UsageError
from fieldcheck.report.sanitise import plain

MOST_CASE = 100
MOST_REASON = 2_000


def read_decision(text: str) -> Decision:
    """A decision as it was typed.

    Raises:
        UsageError: it is none.
    """
    try:
        return Decision(text.strip().casefold())
    except ValueError as error:
        raise UsageError(
            f"{text[:40]!r} is no decision.", next_step=f"Decide one of: {', '.join(Decision)}."
        ) from error


def case_reference(text: str) -> str:
    """A case's reference as it is kept.

    Raises:
        UsageError: it is empty or too long.
    """
    case = plain(text, None)
    if not case or len(case) > MOST_CASE:
        raise UsageError(
            f"A case needs a reference of 1 to {MOST_CASE} characters.",
            next_step="Write your file number, such as --case 2026-0417; leave out names of persons.",
        )
    return case


def told(reason: str) -> str:
    """A reason as it is kept.

    Raises:
        UsageError: it is too long.
    """
    text = plain(reason, None)
    if len(text) > MOST_REASON:
        raise UsageError(
            f"A reason has at most {MOST_REASON:,} characters.", next_step="Say it in fewer words, or refer to a file."
        )
    return text


def given(reason: str, otherwise: str) -> str:
    """A reason that must be given.

    Raises:
        UsageError: there is none, told in the words of ``otherwise``, or it is too long.
    """
    text = told(reason)
    if not text:
        raise UsageError(otherwise, next_step="Say in a sentence why, with --reason TEXT.")
    return text
