"""Telling what a file is by its first bytes, when its name says otherwise."""

import re

_MAGIC = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected Office file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
)
_MARKUP = (
    (re.compile(rb"\s*<(!doctype\s+html|html|head|body|table)\b", re.IGNORECASE), "a web page"),
    (re.compile(rb"\s*<\?xml\b"), "an XML document"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip


def encoding_by_mark(head: bytes) -> str:
    """Return the encoding that a byte order mark names, or nothing."""
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), "")


def other_kind(head: bytes) -> str:
    """Return in words what a file is if it is not text with rows, or nothing."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    text = head.removeprefix(b"\xef\xbb\xbf")
    for pattern, kind in _MARKUP:
        if pattern.match(text):
            return kind
    return ""


def looks_binary(head: bytes) -> bool:
    """Whether the first bytes hold so many NUL bytes that they are no text, or UTF-16 without its mark."""
    return head.count(0) * 10 > len(head)
