"""What is said about a whole shipment, about this computer, about the settings and about an error."""

from collections.abc import Iterator, Sequence

from fieldcheck.errors import FieldcheckError
from fieldcheck.models import Band
from fieldcheck.report.page import Block, Fact, Facts, Heading, Headline, Note, Page, Row, Table, Tone
from fieldcheck.report.sanitise import plain
from fieldcheck.report.views import WORST_FIRST, AlikeView, BatchEntry, Finding, SettingView
from fieldcheck.report.words import BANDS, NOT_CHECKED, TONES

_REFS_LIMIT = 2_000
_MOST_ROWS = 100
_MOST_GROUPS = 20
_MOST_ON_A_SCREEN = 20


def batch_page(entries: Sequence[BatchEntry], alike: Sequence[AlikeView] = ()) -> Page:
    """A whole shipment, worst first; items with the same headline share it.

    Args:
        entries: the items, in the order of the manifest.
        alike: groups of items that are like one another.
    """
    found = _by_band(entries)
    blocks: list[Block] = list(batch_headline(entries))
    for band, group in found.items():
        blocks += _group(band_words(band), [(entry.ref, why(entry)) for entry in group])
    gaps = [(entry.ref, entry.gaps) for entry in entries if entry.gaps]
    if gaps:
        blocks += _group("Checked, but not in full", gaps)
    if alike:
        blocks += alike_content(alike)
    if len(entries) > _MOST_ON_A_SCREEN:
        # A long page has scrolled its beginning off the screen: the counts stand at its end once more.
        counts = "; ".join(f"{len(group):,} {band_words(band)}" for band, group in found.items())
        blocks.append(Facts((Fact("IN ALL", f"{counts}."),)))
    return tuple(blocks)


def batch_headline(entries: Sequence[BatchEntry]) -> Page:
    """The gravest band of a shipment, and how many items there are of each."""
    found = _by_band(entries)
    if not found:
        return (Note("No item was given."),)
    worst = next(iter(found))
    return (
        Headline(f"{band_words(worst)}.", f"The gravest of {_items(len(entries))}.", _tone(worst)),
        Facts(tuple(Fact(f"{len(group):,}", band_words(band)) for band, group in found.items())),
    )


def doctor_page(findings: Sequence[Finding]) -> Page:
    """What the doctor looked at on this computer."""
    rows = tuple(Row((finding.name, finding.state, finding.detail)) for finding in findings)
    return (Table(("What", "State", "Detail"), rows),)


def settings_page(settings: Sequence[SettingView]) -> Page:
    """Every setting with its value and where the value came from."""
    rows = tuple(Row((setting.name, setting.origin, setting.value)) for setting in settings)
    return (Table(("Setting", "From", "Value"), rows),)


def error_page(error: FieldcheckError) -> Page:
    """What went wrong, and what to do about it."""
    return (Headline("fieldcheck stopped.", str(error)), Note(error.next_step))


def _by_band(entries: Sequence[BatchEntry]) -> dict[Band | None, list[BatchEntry]]:
    """The items of each band that there is, the worst first."""
    groups = {band: [entry for entry in entries if entry.band is band] for band in WORST_FIRST}
    return {band: group for band, group in groups.items() if group}


def _group(title: str, told: Sequence[tuple[str, str]]) -> Iterator[Block]:
    """Refs with what is told of each; those of which the same is told share it."""
    yield Heading(title)
    by_text: dict[str, list[str]] = {}
    for ref, text in told:
        by_text.setdefault(plain(text), []).append(plain(ref) or "(no reference)")
    rows = [Row((refs[0], text)) for text, refs in by_text.items() if len(refs) == 1]
    if rows:
        yield Table(("Item", "Why"), tuple(rows[:_MOST_ROWS]), headed=False)
    shared = [(text, refs) for text, refs in by_text.items() if len(refs) > 1]
    for text, refs in shared[:_MOST_ROWS]:
        yield Facts((Fact(_items(len(refs)), text), Fact("", plain(", ".join(refs), _REFS_LIMIT))))
    left = max(0, len(rows) - _MOST_ROWS) + sum(len(refs) for _, refs in shared[_MOST_ROWS:])
    if left:
        yield Note(f"And {_items(left)} more; the table of --csv has them all.")


def why(entry: BatchEntry) -> str:
    """The headline without the words of its band, which stand above it, and the photos of an item that has several."""
    text = plain(entry.headline)
    if entry.band is not None:
        text = text.partition(". ")[2] or text
    if len(entry.photos) > 1 and entry.band not in {None, Band.NO_INDICATION}:
        text = f"{text} Photos: {plain(', '.join(entry.photos))}."
    return text


def alike_content(groups: Sequence[AlikeView]) -> Iterator[Block]:
    """The items that are like one another, group by group."""
    yield Heading("Alike within the shipment")
    for group in groups[:_MOST_GROUPS]:
        refs = plain(", ".join(plain(ref) or "(no reference)" for ref in group.refs), _REFS_LIMIT)
        yield Facts((Fact(_items(len(group.refs)), f"{group.common}: {refs}"),))
    if len(groups) > _MOST_GROUPS:
        yield Note(f"And {len(groups) - _MOST_GROUPS:,} more groups; the table of --csv counts the like of each item.")


def _items(count: int) -> str:
    return f"{count:,} items" if count > 1 else "1 item"


def band_words(band: Band | None) -> str:
    """A band in its own words; without one an item was not checked."""
    return BANDS[band] if band else NOT_CHECKED


def _tone(band: Band | None) -> Tone:
    return TONES.get(band, Tone.NEUTRAL) if band else Tone.NEUTRAL
