"""What is said about a change from one version of a list to another."""

from collections.abc import Mapping, Sequence

from fieldcheck.cache.info import Installed
from fieldcheck.models import Change, ChangeKind
from fieldcheck.report.content_candidates import object_name, record_name
from fieldcheck.report.page import Block, Fact, Facts, Headline, Note, Page, Row, Table
from fieldcheck.report.words import RECORD_FIELDS, STATUSES

_WORDS = {
    ChangeKind.ADDED: "new",
    ChangeKind.CHANGED: "changed",
    ChangeKind.RECOVERED: "recovered",
    ChangeKind.DELISTED: "no longer listed",
}


def counted(counts: Mapping[ChangeKind, int]) -> str:
    """How many records are new, changed, recovered and no longer listed, in words."""
    return ", ".join(f"{counts[kind]:,} {words}" for kind, words in _WORDS.items())


def diff_page(
    versions: tuple[Installed | None, Installed], counts: Mapping[ChangeKind, int], shown: Sequence[Change]
) -> Page:
    """The versions before and after, how many records differ, and those that are shown."""
    before, after = versions
    blocks: list[Block] = [
        Headline(f"List {after.info.id}.", f"{counted(counts)}."),
        Facts((Fact("From", _version(before) if before else "nothing"), Fact("To", _version(after)))),
    ]
    if shown:
        rows = tuple(
            Row((_what(change), record_name(after.info.id, change.record.id), _object(change))) for change in shown
        )
        blocks.append(Table(("Change", "Record", "Object"), rows))
    if (left := sum(counts.values()) - len(shown)) > 0:
        blocks.append(Note(f"And {left:,} more; see them with --all."))
    return tuple(blocks)


def _version(installed: Installed) -> str:
    dates = (
        ("published", installed.info.published),
        ("packaged", installed.info.packaged),
        ("imported", installed.imported),
    )
    said = [f"{name} {day[:10]}" for name, day in dates if day]
    return ", ".join([installed.version, *said, f"{installed.records:,} records"])


def _what(change: Change) -> str:
    if change.kind is ChangeKind.CHANGED and "status" in change.fields:
        return f"now {STATUSES[change.record.status]}"
    return _WORDS[change.kind]


def _object(change: Change) -> str:
    named = object_name(change.record)
    if change.kind is not ChangeKind.CHANGED:
        return named
    return f"{named} ({', '.join(RECORD_FIELDS.get(name, name).casefold() for name in change.fields)})"
