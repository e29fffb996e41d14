"""The one place where text that is not ours becomes fit to show: every output goes through here.

Record text, file names and photo data are hostile. They may hold terminal escapes, bidirectional overrides,
invisible characters or spreadsheet formulas; what remains after `plain` is visible text on one line.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

SENTENCE_LIMIT = 600
PARAGRAPH_LIMIT = 4_000
ELLIPSIS = "…"

_LRI, _PDI = "\u2066", "\u2069"
_REPLACEMENT = "\ufffd"

# ECMA-48: device control and operating system strings with payload, then control sequences, then the rest.
# A string that never ends loses its introducer only, so that it cannot hide the text that follows.
_ESCAPES = re.compile(
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x80-\x9f]*+(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]?"
    r"|\x1b[ -/]*+[0-~]?"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")

# Unicode's Default_Ignorable_Code_Point and category Cf, less the joiners and the visible number signs.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_JOINING = "\u0620-\u08ff\u0900-\u0dff"
_STRAY_JOINERS = re.compile(f"(?<![{_JOINING}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINING}])")

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_WORD = r"[0-9A-Za-z]++(?:[./_:#-]++[0-9A-Za-z]++)*+"
_PREFIX = r"(?:[A-Za-z]{1,12}\.? ){0,3}"
_IDENTIFIER = re.compile(f"{_PREFIX}{_WORD}(?: ?[x×] ?{_WORD})*+(?: (?:cm|mm|m|in)\\b)?")
_DIGIT = re.compile("[0-9]")

_FORMULA_STARTS = tuple("=+-@＝＋－＠")


def plain(text: str, limit: int | None = SENTENCE_LIMIT) -> str:
    """Return ``text`` as visible characters on one line; idempotent, and it never raises.

    Terminal escapes go whole, controls and invisible characters go, lone surrogates become U+FFFD, and every
    run of white space becomes one space. Joiners stay between Arabic or Indic letters.

    Args:
        text: text of any origin.
        limit: longest result in characters, at least 1, or None for any length. A longer text loses its
            middle, so that the end of a sentence survives a long name inside it.
    """
    if limit is not None and len(text) > 8 * limit:
        text = f"{text[: 4 * limit]}{ELLIPSIS}{text[-4 * limit :]}"
    text = _visible(text)
    if limit is not None and len(text) > limit:
        tail = limit // 4
        text = _visible(f"{text[: limit - tail - 1]}{ELLIPSIS}{text[len(text) - tail :]}")
    return text


def isolate(text: str, around: str = "") -> str:
    """Keep identifiers and sizes readable beside right-to-left letters, after `plain`.

    Without isolation ``1897-42`` inside Arabic shows as ``42-1897``. Each number-like run is wrapped in
    LRI … PDI (U+2066, U+2069) when ``text``, or what stands ``around`` it on the same line, has such letters.
    """
    return "".join(f"{_LRI}{run}{_PDI}" if apart else run for run, apart in runs(text, around))


def runs(text: str, around: str = "") -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a run that `isolate` keeps apart; for outputs with own marks."""
    if not (_RIGHT_TO_LEFT.search(text) or _RIGHT_TO_LEFT.search(around)):
        yield text, False
        return
    end = 0
    for match in _IDENTIFIER.finditer(text):
        if _DIGIT.search(match[0]):
            yield text[end : match.start()], False
            yield match[0], True
            end = match.end()
    yield text[end:], False


def rich_text(text: str, style: str = "", around: str = "") -> "Text":
    """The text for a terminal: sanitised, of a paragraph's length, isolated and never parsed as markup."""
    from rich.text import Text

    return Text(isolate(plain(text, PARAGRAPH_LIMIT), around), style)


def csv_cell(text: str) -> str:
    """The text as a spreadsheet cell that no program takes for a formula."""
    text = plain(text, None)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def whole(text: str) -> str:
    """The text with lone surrogates replaced, so that it can be encoded as UTF-8."""
    return _SURROGATES.sub(_REPLACEMENT, text)


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = _CONTROLS.sub("", _ESCAPES.sub("", text))
    text = _STRAY_JOINERS.sub("", _INVISIBLE.sub("", text))
    return whole(" ".join(text.split()))
