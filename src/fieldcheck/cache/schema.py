"""The tables of a list file. A file that has anything else is not opened."""

SCHEMA_VERSION = 2

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

READING_COLUMNS: dict[str, type] = {
    "record": int,
    "sizes": str,
    "first_year": int,
    "last_year": int,
    "concepts": str,
    "maker": str,
    "title": str,
    "words": str,
    "numbers": str,
    "stated": str,
    "language": str,
}
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

TERMS_TABLE = "CREATE VIRTUAL TABLE terms USING fts5(filed, content='', tokenize=\"unicode61 tokenchars ':_'\")"

VOCABULARY_TABLE = "CREATE VIRTUAL TABLE vocabulary USING fts5(word, tokenize='trigram', detail=none)"
"""The words of ``terms``, findable by their parts, for what was misspelt."""

PLAIN_TABLES = frozenset({"meta", "records", "readings", "numbers", "photos", "segments", "words"})
TERMS_TABLES = frozenset({"terms", "terms_data", "terms_idx", "terms_docsize", "terms_config"})
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
EXPECTED_TABLES = PLAIN_TABLES | TERMS_TABLES | VOCABULARY_TABLES
