"""What is said about a whole shipment, about this computer, about the settings and about an error."""

from collections.abc import Iterator, Sequence

from fieldcheck.errors import FieldcheckError
from fieldcheck.models import Band
from fieldcheck.report.page import Block, Fact, Facts, Heading, Headline, Note, Page, Row, Table, Tone
from fieldcheck.report.sanitise import plain
from fieldcheck.report.views import BatchEntry, Finding, SettingView
from fieldcheck.report.words import BANDS, NOT_CHECKED, TONES

_WORST_FIRST = (
    Band.HOLD_LISTED,
    Band.HOLD_CONTROL,
    Band.REFER,
    Band.MORE_INFORMATION,
    None,
    Band.NO_INDICATION,
)
_REFS_LIMIT = 2_000


def batch_page(entries: Sequence[BatchEntry]) -> Page:
    """A whole shipment, worst first; items with the same headline share it."""
    groups = {band: [entry for entry in entries if entry.band is band] for band in _WORST_FIRST}
    found = {band: group for band, group in groups.items() if group}
    if not found:
        return (Note("No item was given."),)
    worst = next(iter(found))
    count = f"{len(entries)} items" if len(entries) > 1 else "1 item"
    blocks: list[Block] = [Headline(f"{_word(worst)}.", f"The gravest of {count}.", _tone(worst))]
    blocks.append(Facts(tuple(Fact(str(len(group)), _word(band)) for band, group in found.items())))
    for band, group in found.items():
        blocks += _group(band, group)
    return tuple(blocks)


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


def _group(band: Band | None, group: Sequence[BatchEntry]) -> Iterator[Block]:
    yield Heading(_word(band))
    by_text: dict[str, list[str]] = {}
    for entry in group:
        by_text.setdefault(_text(entry), []).append(plain(entry.ref) or "(no reference)")
    rows = [Row((refs[0], text)) for text, refs in by_text.items() if len(refs) == 1]
    if rows:
        yield Table(("Item", "Why"), tuple(rows), headed=False)
    for text, refs in by_text.items():
        if len(refs) > 1:
            yield Facts((Fact(f"{len(refs)} items", text), Fact("", plain(", ".join(refs), _REFS_LIMIT))))


def _text(entry: BatchEntry) -> str:
    """The headline without the words of its band, which stand above it."""
    text = plain(entry.headline)
    if entry.band is None:
        return text
    return text.partition(". ")[2] or text


def _word(band: Band | None) -> str:
    return BANDS[band] if band else NOT_CHECKED


def _tone(band: Band | None) -> Tone:
    return TONES.get(band, Tone.NEUTRAL) if band else Tone.NEUTRAL
