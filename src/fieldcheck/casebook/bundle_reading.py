"""Reading and verifying a bundle; it comes from outside, so nothing in it is believed before it was verified."""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fieldcheck.casebook.bundle import LOG_NAME, MANIFEST_NAME, SIGNATURE_NAME
from fieldcheck.casebook.entry import BEFORE_THE_FIRST, MOST_ENTRIES, Entry, Stub, digest
from fieldcheck.casebook.keys import is_signed
from fieldcheck.casebook.manifest import describe, result_of
from fieldcheck.casebook.verifying import Finding, Outcome, Trust, verify_chain
from fieldcheck.errors import InputError, IntegrityError
from fieldcheck.report.sanitise import whole

MOST_FILES = 200_000
MOST_BYTES = 2_000_000_000

_HASH = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ERRORS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def verify_bundle(path: Path, trust: Trust) -> Outcome:
    """Verify the log in a bundle, and that every other file is the one that was put in it.

    Raises:
        InputError: there is no such file, or it is too large.
        IntegrityError: it is no bundle, or is so damaged that it cannot be read.
    """
    files = _read(path)
    try:
        manifest = json.loads(files[MANIFEST_NAME])
        entries = list(_entries(files[LOG_NAME]))
        first_key = str(manifest["keys"][0]) if manifest["keys"] else ""
        stated = {str(name): str(claimed) for name, claimed in manifest["files"].items()}
    except _ERRORS as error:
        raise _no_bundle(path, "its log or its manifest cannot be read") from error
    outcome = verify_chain(entries, trust, first_key)
    outcome.findings += [Finding(0, what) for what in _changed(files, stated)]
    outcome.findings += [Finding(0, what) for what in _unsigned(files, outcome)]
    expected = describe(entries, str(manifest.get("case")))
    outcome.findings += [
        Finding(0, f"the manifest's {name} are not those of the log")
        for name, value in expected.items()
        if manifest.get(name) != value
    ]
    outcome.findings += [Finding(seq, what) for seq, what in _other_results(files, entries)]
    return outcome


def _read(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
            if len(found) > MOST_FILES or sum(entry.file_size for entry in found) > MOST_BYTES:
                raise InputError(f"{path} is too large for a bundle.", next_step="Ask who sent it for the right file.")
            if len({entry.filename for entry in found}) < len(found):
                raise _no_bundle(path, "it holds one name twice")
            if any(entry.compress_type not in _PACKED for entry in found):
                raise _no_bundle(path, "it is packed in a way that no bundle is")
            return {entry.filename: archive.read(entry) for entry in found}
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", next_step="Name a bundle's file.") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, *_ERRORS) as error:
        raise _no_bundle(path, str(error)) from error


def _entries(log: bytes) -> Iterator[Entry]:
    previous = BEFORE_THE_FIRST
    for line in log.splitlines():  # of bytes, which are divided at line feeds alone
        entry = _entry(json.loads(line), previous)
        previous = entry.hash
        yield entry


def _entry(said: Mapping[str, Any], previous: str) -> Entry:
    seq = said["seq"]
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq < MOST_ENTRIES:
        raise ValueError("a line has no number")
    link = Entry(
        seq,
        previous,
        _like(_HASH, said["stub_sha256"]),
        _like(_HASH, said["hash"]),
        _like(_SIGNATURE, said["signature"]),
    )
    if "stub" not in said:
        return link
    stub = Stub(*(_text(said["stub"][name]) for name in Stub.__slots__))
    content = said["content"]
    return replace(link, stub=stub, content=None if content is None else _text(content))


def _like(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("a line has no hash or signature")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or value != whole(value):
        raise ValueError("a line holds what is no text")
    return value


def _changed(files: Mapping[str, bytes], stated: Mapping[str, str]) -> Iterator[str]:
    held = {name: digest(content) for name, content in files.items() if name not in {MANIFEST_NAME, SIGNATURE_NAME}}
    for name in sorted({*held, *stated}):
        if name not in held:
            yield f"{name} is missing"
        elif name not in stated:
            yield f"{name} was added"
        elif held[name] != stated[name]:
            yield f"{name} was changed"


def _unsigned(files: Mapping[str, bytes], outcome: Outcome) -> Iterator[str]:
    signature = files.get(SIGNATURE_NAME, b"").decode("ascii", "replace").strip()
    signed = outcome.last_key and is_signed(files[MANIFEST_NAME], signature, outcome.last_key)
    if not signed:
        yield f"{MANIFEST_NAME} was not signed so with the key of the log"


def _other_results(files: Mapping[str, bytes], entries: list[Entry]) -> Iterator[tuple[int, str]]:
    for entry in entries:
        if (result := result_of(entry)) is None:
            continue
        name = f"results/{entry.seq:06}-{result.get('result_id')}.json"
        try:
            same = json.loads(files[name]) == result
        except _ERRORS:
            same = False
        if not same:
            yield entry.seq, f"{name} is not the result that was logged"


def _no_bundle(path: Path, why: str) -> IntegrityError:
    return IntegrityError(
        f"{path} is no bundle of a case, or is damaged: {why}.",
        next_step="Ask who sent it for a new copy, and keep this one.",
    )
