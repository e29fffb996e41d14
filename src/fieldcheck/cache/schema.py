"""The tables of a list file. A file that has anything else is not opened."""

SCHEMA_VERSION = 3

RECORD_COLUMNS: dict[str, type] = {
    "rowid_": int,
    "id": str,
    "title": str,
    "maker": str,
    "object_type": str,
    "materials": str,
    "techniques": str,
    "measurements": str,
    "inscriptions": str,
    "features": str,
    "subject": str,
    "period": str,
    "culture": str,
    "origin": str,
    "inventory_numbers": str,
    "description": str,
    "status": str,
    "stolen_on": str,
    "stolen_from": str,
    "reported_by": str,
    "contact": str,
    "url": str,
    "images": str,
    "modified": str,
    "language": str,
    "unverified": str,
}
"""Columns of ``records``; the fields with several values hold a JSON array."""

MANY_VALUED = (
    "materials", "techniques", "measurements", "inscriptions", "features",
    "inventory_numbers", "images", "unverified",
)  # fmt: skip

READING_COLUMNS: dict[str, type] = {"record": int, "reading": str}
"""Columns of ``readings``: each record as `fieldcheck.text.reading` understood it when the file was built."""

PHOTO_COLUMNS: dict[str, type] = {
    "record": int,
    "file": str,
    "sha256": str,
    "phash": str,
    "dhash": str,
    "thumbnail": bytes,
    "points": bytes,
}

SEGMENT_COLUMNS: dict[str, type] = {"segment": int, "photos": int, "hashes": bytes}
"""Columns of ``segments``: photos filed together, how many, and the hashes of all of them."""

WORD_COLUMNS: dict[str, type] = {"place": int, "postings": bytes}
"""Columns of ``words``: the index over points; a place is a segment times `WORDS_A_SEGMENT` and a visual word."""

WORDS_A_SEGMENT = 65_536

TERM_COLUMNS: dict[str, type] = {"place": int, "term": str, "records": int, "rows": bytes}
"""Columns of ``terms``: each index term, in how many records it occurs, and in which (`fieldcheck.cache.postings`)."""

VOCABULARY_TABLE = "CREATE VIRTUAL TABLE vocabulary USING fts5(word, tokenize='trigram', detail=none)"
"""The words of ``terms``, findable by their parts, for what was misspelt."""

PLAIN_TABLES = frozenset({"meta", "records", "readings", "numbers", "photos", "segments", "words", "terms"})
VOCABULARY_TABLES = frozenset(
    {
        "vocabulary",
        "vocabulary_data",
        "vocabulary_idx",
        "vocabulary_content",
        "vocabulary_docsize",
        "vocabulary_config",
    }
)
EXPECTED_TABLES = PLAIN_TABLES | VOCABULARY_TABLES
