"""Building HTML so that nothing can be forgotten to be escaped: a plain string is always text."""

from collections.abc import Iterable, Mapping
from html import escape

from fieldcheck.report.sanitise import PARAGRAPH_LIMIT, isolate, plain, runs

_VOID = frozenset({"img", "meta", "br", "circle", "line", "image"})
"""Elements without content; those of SVG are closed where they begin."""

_SVG = frozenset({"circle", "line", "image"})


class Markup(str):
    """HTML that this module built; any other string is text of any origin."""

    __slots__ = ()


SPACE = Markup(" ")
LINE = Markup("\n")
"""A line's end, for whoever reads the source."""


def element(name: str, attributes: Mapping[str, str] | None = None, *children: str) -> Markup:
    """One element; children that are not `Markup` are text, and attributes without a value are left out."""
    said = "".join(
        f' {key}="{escape(value if isinstance(value, Markup) else plain(value, PARAGRAPH_LIMIT))}"'
        for key, value in (attributes or {}).items()
        if value
    )
    if name in _VOID:
        return Markup(f"<{name}{said}{' /' if name in _SVG else ''}>")
    return Markup(f"<{name}{said}>{joined(children)}</{name}>")


def joined(parts: Iterable[str]) -> Markup:
    """Several parts in a row."""
    return Markup("".join(part if isinstance(part, Markup) else words(part) for part in parts))


def words(text: str, around: str = "") -> Markup:
    """Text of any origin: sanitised, escaped, and its identifiers kept in order beside right-to-left letters.

    Args:
        text: what is said.
        around: what stands on the same line.
    """
    text = plain(text, PARAGRAPH_LIMIT)
    pieces = ((escape(run), apart) for run, apart in runs(text, around))
    return Markup("".join(f'<bdi dir="ltr">{run}</bdi>' if apart else run for run, apart in pieces))


def bare(text: str) -> Markup:
    """Text where no element may stand, as in a title."""
    return Markup(escape(isolate(plain(text, PARAGRAPH_LIMIT))))
