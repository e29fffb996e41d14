"""A case as one file to hand over: its log, its reports, and what is needed to verify them without this program.

The bundle shows the entries of the case, and of every other entry only the link: enough to follow the chain from
its first entry to its head, and nothing about other cases. The same log gives the same bytes.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fieldcheck.casebook.entry import Entry, digest
from fieldcheck.casebook.head import Head, Logged
from fieldcheck.casebook.keys import DeviceKey, public_pem
from fieldcheck.casebook.manifest import belongs, describe, result_of
from fieldcheck.casebook.pages import case_page, logged_line
from fieldcheck.datafiles import data_folder
from fieldcheck.errors import NotFoundError
from fieldcheck.files import write_whole
from fieldcheck.models import Result
from fieldcheck.report.content_result import result_page
from fieldcheck.report.json_result import canonical_json, result_from_dict, result_to_dict
from fieldcheck.report.plain_text import PlainText
from fieldcheck.version import __version__

LOG_NAME = "log.jsonl"
MANIFEST_NAME = "manifest.json"
SIGNATURE_NAME = "manifest.sig"

_EPOCH = (1980, 1, 1, 0, 0, 0)
_README = Path("casebook", "bundle-readme.txt")

Painter = Callable[[Result, Logged], bytes]


def _plain_report(result: Result, logged: Logged) -> bytes:
    return PlainText().draw((*result_page(result, detail=True), logged_line(logged))).encode()


def _html_report(result: Result, logged: Logged) -> bytes:
    from fieldcheck.report.content_report import report
    from fieldcheck.report.html import html_document
    from fieldcheck.report.pictures import Pictures

    # Photos are no part of a bundle, so the report has none.
    return html_document(report(result, Pictures(), (logged_line(logged),))).encode()


PAINTERS: Mapping[str, Painter] = MappingProxyType({"txt": _plain_report, "html": _html_report})
"""How a result is drawn for a bundle, by the suffix of the file."""


def write_bundle(path: Path, entries: Iterable[Entry], case: str, key: DeviceKey) -> Head:
    """Write the bundle of a case; returns the head that it ends with.

    Raises:
        NotFoundError: there is no such case.
        StorageError: the file cannot be written; what was there before is unchanged.
    """
    log = [entry if belongs(entry, case) else replace(entry, stub=None, content=None) for entry in entries]
    if not any(entry.said().get("case") == case for entry in log):
        raise no_case(case)
    write_whole(path, bundle_bytes(log, case, key))
    return log[-1].head


def bundle_bytes(log: Sequence[Entry], case: str, key: DeviceKey) -> bytes:
    """The bundle of a case from the whole log, the entries of other cases reduced to their links."""
    files = dict(_files(log, case))
    manifest = {
        **describe(log, case),
        "tool_version": __version__,
        "files": {name: digest(content) for name, content in sorted(files.items())},
    }
    said = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    files |= {MANIFEST_NAME: said, SIGNATURE_NAME: f"{key.sign(said)}\n".encode()}
    return _zipped(files)


def no_case(case: str) -> NotFoundError:
    """The error of a case that the log does not have."""
    return NotFoundError(
        f"The casebook has no case {case!r}.", next_step="See `fieldcheck case list` for those that it has."
    )


def _files(log: Sequence[Entry], case: str) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", (data_folder() / _README).read_bytes()
    yield LOG_NAME, b"".join(_line(entry) for entry in log)
    own = [entry for entry in log if entry.said().get("case") == case]
    yield "case.txt", PlainText().draw(case_page(case, own, log[-1].head)).encode()
    for public in describe(log, case)["keys"]:
        yield f"keys/{public}.pem", public_pem(public)
    for entry in own:
        if content := result_of(entry):
            yield from _reports(entry, content, case)


def _reports(entry: Entry, content: dict[str, Any], case: str) -> Iterator[tuple[str, bytes]]:
    name = f"{entry.seq:06}-{content.get('result_id')}"
    result = result_from_dict(content)
    yield f"results/{name}.json", canonical_json(result_to_dict(result)).encode()
    for suffix, painter in PAINTERS.items():
        yield f"reports/{name}.{suffix}", painter(result, Logged(case, entry.head))


def _line(entry: Entry) -> bytes:
    """An entry as one line; the hash before it is that of the line before."""
    said: dict[str, Any] = {
        "seq": entry.seq,
        "stub_sha256": entry.stub_sha256,
        "hash": entry.hash,
        "signature": entry.signature,
    }
    if entry.stub:
        said |= {"stub": asdict(entry.stub), "content": entry.content}
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip without times, owners or compression, so that equal files give equal bytes on any system."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return stream.getvalue()
