"""Whatever is done to the log or to a bundle is found, and nothing is found where nothing was done."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from casebooks import CASES, Forger, fill, put_rows, rows_of, unzipped, zipped
from fieldcheck.casebook.bundle_reading import verify_bundle
from fieldcheck.casebook.head import Head
from fieldcheck.casebook.keys import KEY_NAME, DeviceKey
from fieldcheck.casebook.log import open_casebook
from fieldcheck.casebook.purging import purge
from fieldcheck.casebook.showing import device_key, export_case, verify_casebook
from fieldcheck.casebook.store import read_store
from fieldcheck.casebook.verifying import Trust, verify_chain
from fieldcheck.errors import InputError, IntegrityError

TAMPERINGS = 200
WAYS = ("edit", "forget", "hide", "reorder", "delete", "insert", "truncate", "resign")


@pytest.fixture
def filled(home: Path) -> Path:
    fill(home)
    return home


def printed(home: Path) -> Head:
    """The head as the last report shows it: its beginning only."""
    with read_store(home) as store:
        last = store.last()
    assert last
    return Head(last.seq, last.hash[:20])


def test_200_tamperings_are_all_found_and_none_is_invented(filled: Path) -> None:
    original, anchor = rows_of(filled), printed(filled)
    missed, seen = [], Counter[str]()
    for seed in range(TAMPERINGS):
        way = WAYS[seed % len(WAYS)]
        rows = getattr(Forger.make(seed), way)(deepcopy(original))
        assert rows != original, (way, seed)
        put_rows(filled, rows)
        _, outcome = verify_casebook(filled, Trust(anchors=(anchor,)))
        seen[way] += 1
        if outcome.whole:
            missed.append((way, seed))
        put_rows(filled, original)
        assert verify_casebook(filled, Trust(anchors=(anchor,)))[1].whole, (way, seed)
    assert missed == []
    assert set(seen) == set(WAYS)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "truncate"])
def test_the_device_alone_finds_everything_but_a_cut_tail(filled: Path, way: str) -> None:
    original = rows_of(filled)
    for seed in range(6):
        put_rows(filled, getattr(Forger.make(1_000 + seed), way)(deepcopy(original)))
        assert not verify_casebook(filled, Trust())[1].whole, seed


def test_a_cut_tail_is_seen_with_the_printed_head_only(filled: Path) -> None:
    anchor, original = printed(filled), rows_of(filled)
    put_rows(filled, original[:-3])
    assert verify_casebook(filled, Trust())[1].whole
    _, outcome = verify_casebook(filled, Trust(anchors=(anchor,)))
    assert [(finding.seq, "the log ends at" in finding.what) for finding in outcome.findings] == [(anchor.seq, True)]


def test_a_log_that_went_on_after_a_cut_is_not_the_printed_one(filled: Path) -> None:
    anchor = printed(filled)
    put_rows(filled, rows_of(filled)[:-3])
    with open_casebook(filled) as book:
        for _ in range(5):
            book.note_access(CASES[0], "show", "again")
    _, outcome = verify_casebook(filled, Trust(anchors=(anchor,)))
    assert [finding.seq for finding in outcome.findings] == [anchor.seq]


def test_a_log_signed_anew_with_the_key_file_replaced_is_seen_from_outside(filled: Path) -> None:
    anchor, fingerprint = printed(filled), device_key(filled)[:20]
    forger = Forger.make(3)
    rows = rows_of(filled)
    rows = [row for row in rows if row["kind"] != "key_change"]
    for row in rows:
        row["content"] = row["content"].replace("parcel post", "by hand")
    put_rows(filled, _signed_by(forger, rows))
    _write_key(filled / KEY_NAME, forger.key)
    assert verify_casebook(filled, Trust())[1].whole
    assert not verify_casebook(filled, Trust(anchors=(anchor,)))[1].whole
    assert not verify_casebook(filled, Trust(fingerprint=fingerprint))[1].whole


def test_a_key_that_is_named_but_never_signed_is_not_trusted(filled: Path) -> None:
    forger, public = Forger.make(4), device_key(filled)
    rows = [row for row in rows_of(filled) if row["kind"] != "key_change"]
    rows[-1]["kind"], rows[-1]["content"] = "key_change", json.dumps({"case": "", "new_key": public})
    rows[-1].update(case_ref=None, result_id=None)
    put_rows(filled, _signed_by(forger, rows))
    _, outcome = verify_casebook(filled, Trust())
    assert len(outcome.findings) == 1
    assert "key of this device" in outcome.findings[0].what


def test_a_purge_is_no_tampering_and_cannot_be_feigned(filled: Path) -> None:
    anchor = printed(filled)
    with open_casebook(filled) as book:
        purge(book, "2999-01-01", "retention")
    _, outcome = verify_casebook(filled, Trust(anchors=(anchor,)))
    assert outcome.whole
    assert outcome.purged == anchor.seq - 2  # all but the change of key and the use of the new one
    rows = rows_of(filled)
    rows[-1]["content"] = rows[-1]["content"].replace('"purged":[[1,', '"purged":[[0,')
    put_rows(filled, rows)
    assert not verify_casebook(filled, Trust())[1].whole


def test_a_file_that_is_no_database_is_an_integrity_error(filled: Path) -> None:
    for leftover in filled.glob("casebook.db-*"):
        leftover.unlink()
    (filled / "casebook.db").write_bytes(b"SQLite format 3\x00" + b"\x07" * 5_000)
    with pytest.raises(IntegrityError):
        verify_casebook(filled, Trust())


@pytest.fixture
def bundle(filled: Path, tmp_path: Path) -> Path:
    path = tmp_path / "case.zip"
    export_case(filled, CASES[0], path, "for the court", "unit-7")
    return path


def test_200_tamperings_with_a_bundle_are_all_found(filled: Path, bundle: Path, tmp_path: Path) -> None:
    trust = Trust(fingerprint=device_key(filled)[:20])
    assert verify_bundle(bundle, trust).whole
    files, missed = unzipped(bundle), []
    for seed in range(TAMPERINGS):
        random = Random(seed)  # noqa: S311  # a test must repeat itself
        changed = _WAYS_WITH_FILES[seed % len(_WAYS_WITH_FILES)](random, dict(files))
        assert changed != files, seed
        try:
            found = not verify_bundle(zipped(tmp_path / "changed.zip", changed), trust).whole
        except IntegrityError:
            found = True
        if not found:
            missed.append(seed)
    assert missed == []


def test_any_byte_of_a_bundle_that_is_changed_is_found_or_means_nothing(filled: Path, bundle: Path) -> None:
    trust, content = Trust(fingerprint=device_key(filled)[:20]), bundle.read_bytes()
    before = unzipped(bundle)
    random = Random(5)  # noqa: S311  # a test must repeat itself
    for _ in range(60):
        place = random.randrange(len(content))
        bundle.write_bytes(content[:place] + bytes([content[place] ^ 1 << random.randrange(8)]) + content[place + 1 :])
        try:
            whole = verify_bundle(bundle, trust).whole
        except IntegrityError:
            continue
        assert not whole or unzipped(bundle) == before  # a date in the zip's own table says nothing


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\x00" * 18, b"not a zip", b"\x00" * 1_000])
def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(content)
    with pytest.raises(IntegrityError, match="no bundle"):
        verify_bundle(path, Trust())
    with pytest.raises(InputError):
        verify_bundle(tmp_path / "none.zip", Trust())


@pytest.mark.parametrize(
    "line",
    [
        b"[]", b"{}", b'{"seq": 1}', b'{"seq": true}', b"9" * 400, b"[" * 100_000,
        b'{"seq": 1, "stub_sha256": "x", "hash": "", "signature": ""}',
    ],
)  # fmt: skip
def test_a_log_that_cannot_be_read_is_refused(bundle: Path, tmp_path: Path, line: bytes) -> None:
    files = unzipped(bundle) | {"log.jsonl": line}
    with pytest.raises(IntegrityError):
        verify_bundle(zipped(tmp_path / "changed.zip", files), Trust())


def test_hostile_text_in_a_log_is_refused_or_found(bundle: Path, tmp_path: Path) -> None:
    files = unzipped(bundle)
    lines = [json.loads(line) for line in files["log.jsonl"].splitlines()]
    shown = next(line for line in lines if "stub" in line)
    for name, value in (("at", "\ud800"), ("kind", ["check"]), ("key", "zz"), ("at", "x" * 100_000)):
        changed = deepcopy(lines)
        changed[lines.index(shown)]["stub"][name] = value
        log = b"\n".join(json.dumps(line).encode() for line in changed)
        try:
            assert not verify_bundle(zipped(tmp_path / "changed.zip", files | {"log.jsonl": log}), Trust()).whole
        except IntegrityError:
            continue


def test_a_bundle_that_agrees_with_itself_only_is_not_trusted(bundle: Path) -> None:
    assert verify_bundle(bundle, Trust()).whole
    assert not Trust().given
    assert not verify_bundle(bundle, Trust(fingerprint="0" * 20)).whole


def test_an_empty_chain_has_no_head() -> None:
    outcome = verify_chain((), Trust(anchors=(Head(1, "0" * 20),)))
    assert outcome.head is None
    assert [finding.seq for finding in outcome.findings] == [1]


def _signed_by(forger: Forger, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return forger.resign(forger.numbered(rows), start=0)


def _write_key(path: Path, key: DeviceKey) -> None:
    from cryptography.hazmat.primitives import serialization

    path.write_bytes(
        key.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


Files = dict[str, bytes]


def _changes_a_file(random: Random, files: Files) -> Files:
    name = random.choice(sorted(files))
    place = random.randrange(len(files[name]))
    files[name] = files[name][:place] + bytes([files[name][place] ^ 1]) + files[name][place + 1 :]
    return files


def _takes_a_file_out(random: Random, files: Files) -> Files:
    files.pop(random.choice(sorted(files)))
    return files


def _adds_a_file(random: Random, files: Files) -> Files:
    return files | {f"reports/{random.randrange(10**6):06}.txt": b"NO INDICATION"}


def _changes_lines(random: Random, files: Files) -> Files:
    """Reorder, delete, repeat or cut the lines of the log."""
    lines = files["log.jsonl"].splitlines(keepends=True)
    place = random.randrange(len(lines) - 1)
    what = random.randrange(4)
    if what == 0:
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
    elif what == 1:
        lines.pop(place)
    elif what == 2:
        lines.insert(place, lines[random.randrange(len(lines))])
    else:
        lines = lines[: place + 1]
    return files | {"log.jsonl": b"".join(lines)}


def _signs_the_manifest_anew(random: Random, files: Files) -> Files:
    manifest = json.loads(files["manifest.json"])
    manifest["originals"] = []
    said = json.dumps(manifest).encode()
    key = Forger.make(random.randrange(10**6)).key
    return files | {"manifest.json": said, "manifest.sig": key.sign(said).encode()}


def _hides_an_entry(random: Random, files: Files) -> Files:
    lines = [json.loads(line) for line in files["log.jsonl"].splitlines()]
    shown = random.choice([line for line in lines if "stub" in line])
    del shown["stub"], shown["content"]
    return files | {"log.jsonl": b"".join(json.dumps(line).encode() + b"\n" for line in lines)}


_WAYS_WITH_FILES: tuple[Callable[[Random, Files], Files], ...] = (
    _changes_a_file,
    _takes_a_file_out,
    _adds_a_file,
    _changes_lines,
    _signs_the_manifest_anew,
    _hides_an_entry,
)


def test_the_log_can_be_copied_and_verified_elsewhere(filled: Path, tmp_path: Path) -> None:
    shutil.copytree(filled, tmp_path / "copy")
    (tmp_path / "copy" / KEY_NAME).unlink()
    trust, outcome = verify_casebook(tmp_path / "copy", Trust(anchors=(printed(filled),)))
    assert outcome.whole
    assert not trust.device_key


def test_the_log_can_be_verified_on_a_disk_that_cannot_be_written(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ReadOnly(sqlite3.Connection):
        def execute(self, *_: object) -> sqlite3.Cursor:  # type: ignore[override]  # always refuses
            raise sqlite3.OperationalError("attempt to write a readonly database")

    def connect(address: str, **options: Any) -> sqlite3.Connection:
        return real(address, **options) if "immutable" in address else real(address, **options, factory=ReadOnly)

    real = sqlite3.connect
    monkeypatch.setattr("fieldcheck.casebook.store.sqlite3.connect", connect)
    assert verify_casebook(filled, Trust())[1].whole
    (filled / "casebook.db-wal").write_bytes(b"entries that are nowhere else")
    with pytest.raises(IntegrityError):
        verify_casebook(filled, Trust())


def test_any_byte_of_the_file_that_is_changed_is_found_or_means_nothing(filled: Path, tmp_path: Path) -> None:
    for leftover in filled.glob("casebook.db-*"):
        leftover.unlink()
    content, original = (filled / "casebook.db").read_bytes(), rows_of(filled)
    random, found = Random(11), 0  # noqa: S311  # a test must repeat itself
    for number in range(60):
        place = random.randrange(100, len(content))
        home = tmp_path / str(number)
        shutil.copytree(filled, home)
        changed = content[:place] + bytes([content[place] ^ 1 << random.randrange(8)]) + content[place + 1 :]
        (home / "casebook.db").write_bytes(changed)
        try:
            whole = verify_casebook(home, Trust())[1].whole
        except IntegrityError:
            found += 1
            continue
        assert not whole or rows_of(home) == original, place
        found += not whole
    assert found > 20


def test_a_clock_that_was_set_back_is_told_and_is_no_tampering(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, _: object = None) -> "Earlier":  # type: ignore[override]  # the year alone matters
            return cls(2020, 1, 1, tzinfo=UTC)

    with open_casebook(home) as book:
        book.note_access(CASES[0], "show", "why")
        monkeypatch.setattr("fieldcheck.casebook.log.datetime", Earlier)
        book.note_access(CASES[0], "show", "why")
    _, outcome = verify_casebook(home, Trust())
    assert outcome.whole
    assert outcome.clock_back == [2]
