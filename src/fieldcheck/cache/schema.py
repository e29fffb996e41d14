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

_TYPES = {int: "INTEGER", str: "TEXT", bytes: "BLOB"}


def bare(sql: str) -> str:
    """A statement without its quotes, spaces and capitals: programs that write the same schema differ in these."""
    return "".join(character for character in sql.casefold() if character not in "\"'`[] \t\r\n")


def _table(name: str, columns: dict[str, type], key: str = "") -> tuple[str, str]:
    said = (f"{column} {_TYPES[kind]}{' PRIMARY KEY' if column == key else ''}" for column, kind in columns.items())
    return name, bare(f"CREATE TABLE {name} ({', '.join(said)})")


def _index(table: str, *columns: str, unique: bool = False) -> tuple[str, str]:
    name = f"idx_{table}_{'_'.join(columns)}"
    return name, bare(f"CREATE {'UNIQUE ' if unique else ''}INDEX {name} ON {table} ({', '.join(columns)})")


EXPECTED_SCHEMA: dict[str, str] = dict(
    (
        _table("meta", {"key": str, "value": str}, "key"),
        _table("records", RECORD_COLUMNS, "rowid_"),
        _table("readings", READING_COLUMNS, "record"),
        _table("numbers", {"number": str, "record": int}),
        _table("photos", PHOTO_COLUMNS),
        _table("segments", SEGMENT_COLUMNS, "segment"),
        _table("words", WORD_COLUMNS, "place"),
        _table("terms", TERM_COLUMNS, "place"),
        _index("numbers", "number"),
        _index("records", "id", unique=True),
        _index("photos", "record"),
        _index("photos", "sha256"),
        _index("terms", "term", "records", unique=True),
        ("vocabulary", bare(VOCABULARY_TABLE)),
        # What SQLite's FTS5 makes for a virtual table of its own.
        ("vocabulary_data", bare("CREATE TABLE vocabulary_data(id INTEGER PRIMARY KEY, block BLOB)")),
        (
            "vocabulary_idx",
            bare("CREATE TABLE vocabulary_idx(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID"),
        ),
        ("vocabulary_content", bare("CREATE TABLE vocabulary_content(id INTEGER PRIMARY KEY, c0)")),
        ("vocabulary_docsize", bare("CREATE TABLE vocabulary_docsize(id INTEGER PRIMARY KEY, sz BLOB)")),
        ("vocabulary_config", bare("CREATE TABLE vocabulary_config(k PRIMARY KEY, v) WITHOUT ROWID")),
    )
)
"""Everything that a list file is made of: the bare statement of each table and index, by its name."""
