"""The multilingual lexicon: a word in any of its languages leads to one concept.

The words live in ``data/lexicon/*.csv``, one row for each concept and one column for each language, so that a
museum can extend them in a spreadsheet. They are compiled once into an SQLite file; a check reads from it only
the words that it meets.
"""

import csv
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldcheck.datafiles import bundled_folder
from fieldcheck.text.aliases import Aliases
from fieldcheck.text.inflection import german_parts, stems
from fieldcheck.text.normalise import empty_words_of, is_han, words

LANGUAGES = ("en", "fr", "es", "it", "de", "pt", "ru", "uk", "ar", "tr", "zh", "fa")
LEXICON_NAME = "lexicon.db"
_MAX_HAN = 8
_MAX_BROADER = 6
_SHORTEST_FOREIGN = 5
_SUBSTANCES = frozenset({"material", "technique"})

_Forms = dict[str, dict[str, dict[str, None]]]
"""Each form's concepts, each with the languages in which it says so; dictionaries keep the order of the file."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a word can mean; ``broader`` are the ids of what it is a kind of, nearest first."""

    id: str
    kind: str
    broader: tuple[str, ...] = ()


def compile_lexicon(folder: Path, related: Path, target: Path) -> int:
    """Compile every CSV of ``folder`` into ``target``; returns the number of concepts.

    Args:
        folder: one row for each concept, one column for each language.
        related: which concept says another as well ("etched" says "etching"), whatever its words.
        target: the file to write.

    Raises:
        ValueError: two concepts have one id, or one that is named does not exist.
    """
    concepts: dict[str, tuple[str, str]] = {}
    forms: _Forms = {}
    for path in sorted(folder.glob("*.csv")):
        for row in _rows(path):
            if row["concept"] in concepts:
                raise ValueError(f"{path.name}: the concept {row['concept']!r} is defined twice")
            concepts[row["concept"]] = (row["kind"], row["broader"])
            for language in LANGUAGES:
                for form in (" ".join(words(form)) for form in row[language].split("|")):
                    if form and form not in empty_words_of(language):
                        forms.setdefault(form, {}).setdefault(row["concept"], {})[language] = None
    for concept, (_, broader) in concepts.items():
        if broader and broader not in concepts:
            raise ValueError(f"{concept!r} is said to be a kind of {broader!r}, which is not in the lexicon")
    _imply(forms, related, concepts)
    _write(target, concepts, forms)
    return len(concepts)


def _write(target: Path, concepts: dict[str, tuple[str, str]], forms: _Forms) -> None:
    target.unlink(missing_ok=True)
    with sqlite3.connect(target) as connection:
        connection.execute("CREATE TABLE concepts(id TEXT PRIMARY KEY, kind TEXT, broader TEXT) WITHOUT ROWID")
        connection.execute("CREATE TABLE forms(form TEXT PRIMARY KEY, meanings TEXT, longest INT) WITHOUT ROWID")
        connection.executemany(
            "INSERT INTO concepts VALUES (?, ?, ?)",
            [(key, kind, " ".join(_ancestors(key, concepts))) for key, (kind, _) in sorted(concepts.items())],
        )
        connection.executemany("INSERT INTO forms VALUES (?, ?, ?)", _form_rows(forms))
    connection.close()


def _imply(forms: _Forms, related: Path, concepts: dict[str, tuple[str, str]]) -> None:
    implied: dict[str, list[str]] = {}
    for row in _rows(related):
        if unknown := {row["concept"], row["implies"]} - concepts.keys():
            raise ValueError(f"{related.name}: {', '.join(sorted(unknown))} is not in the lexicon")
        implied.setdefault(row["concept"], []).append(row["implies"])
    for meanings in forms.values():
        for concept, languages in list(meanings.items()):
            for other in implied.get(concept, ()):
                meanings.setdefault(other, {}).update(languages)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _ancestors(concept: str, concepts: dict[str, tuple[str, str]]) -> list[str]:
    found: list[str] = []
    while (concept := concepts[concept][1]) and concept not in found and len(found) < _MAX_BROADER:
        found.append(concept)
    return found


def _form_rows(forms: _Forms) -> list[tuple[str, str, int]]:
    longest: dict[str, int] = {}
    for form in forms:
        parts = form.split(" ")
        longest[parts[0]] = max(longest.get(parts[0], 1), len(parts))
    heads = [(head, "", length) for head, length in longest.items() if head not in forms]
    known = [(form, _packed(meanings), longest.get(form, 1)) for form, meanings in forms.items()]
    return sorted(heads + known)


def _packed(meanings: dict[str, dict[str, None]]) -> str:
    return " ".join(f"{concept}:{','.join(languages)}" for concept, languages in meanings.items())


@dataclass(frozen=True, slots=True)
class Found:
    """Concepts found in a run of words: ``words[start:end]`` mean any of ``concepts``."""

    start: int
    end: int
    concepts: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a word or phrase means, with the languages in which it does; ``longest`` phrase that it begins."""

    meanings: tuple[tuple[Concept, frozenset[str]], ...]
    longest: int

    def languages(self) -> frozenset[str]:
        return frozenset(language for _, languages in self.meanings for language in languages)


_UNKNOWN = _Form((), 0)


class Lexicon:
    """A compiled lexicon, read on demand; words once looked up are remembered."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or bundled_folder() / LEXICON_NAME
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        self.aliases = Aliases(self._connection)
        self._forms: dict[str, _Form] = {}
        self._concepts: dict[str, Concept] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def concept(self, concept_id: str) -> Concept | None:
        """The concept of that id, or None."""
        if concept_id not in self._concepts:
            row = self._connection.execute(
                "SELECT id, kind, broader FROM concepts WHERE id = ?", (concept_id,)
            ).fetchone()
            if row is None:
                return None
            self._concepts[concept_id] = Concept(row[0], row[1], tuple(row[2].split()))
        return self._concepts[concept_id]

    def language_of(self, tokens: Sequence[str]) -> str:
        """The language that most of the known words are in; English where nothing tells."""
        votes = dict.fromkeys(LANGUAGES, 0.0)
        for token in dict.fromkeys(tokens):
            languages = self._form(token).languages()
            for language in languages:
                votes[language] += 1 / len(languages)
        return max(LANGUAGES, key=lambda language: votes[language])

    def find(self, tokens: Sequence[str], language: str = "") -> Iterator[Found]:
        """Yield the concepts in folded words, longest phrase first, without overlap, from left to right.

        Args:
            tokens: folded words.
            language: the language that the words are mostly in; found out where it is not one of `LANGUAGES`.
                A word that this language does not know may still be one of another, unless it is short.
        """
        language = language if language in LANGUAGES else self.language_of(tokens)
        start = 0
        while start < len(tokens):
            found = self._longest(tokens, start, language)
            if found:
                yield found
                start = found.end
            else:
                start += 1

    def _longest(self, tokens: Sequence[str], start: int, language: str) -> Found | None:
        if is_han(tokens[start]):
            concepts = tuple(self._in_han(tokens[start]))
            return Found(start, start + 1, concepts) if concepts else None
        head = self._form(tokens[start])
        for length in range(min(head.longest, len(tokens) - start), 1, -1):
            parts = tokens[start : start + length]
            if concepts := self._meaning(" ".join(parts), language):
                return Found(start, start + length, (*concepts, *self._made_of(concepts, parts, language)))
        concepts = self._meaning(tokens[start], language) or self._derived(tokens[start], language)
        return Found(start, start + 1, concepts) if concepts else None

    def _derived(self, word: str, language: str) -> tuple[Concept, ...]:
        """What an inflected or compound word means that the lexicon has only in its parts."""
        if head := next((stem for stem in stems(word, language) if self._own_meaning(stem, language)), None):
            return self._own_meaning(head, language)
        if language == "de" and (parts := german_parts(word, lambda part: bool(self._own_meaning(part, language)))):
            return tuple(concept for part in reversed(parts) for concept in self._own_meaning(part, language))
        return ()

    def _own_meaning(self, form: str, language: str) -> tuple[Concept, ...]:
        return tuple(concept for concept, languages in self._form(form).meanings if language in languages)

    def _meaning(self, form: str, language: str) -> tuple[Concept, ...]:
        own = self._own_meaning(form, language)
        if own or (len(form) < _SHORTEST_FOREIGN and form.isascii()):
            return own
        return tuple(concept for concept, _ in self._form(form).meanings)

    def _made_of(self, concepts: Sequence[Concept], tokens: Sequence[str], language: str) -> Iterator[Concept]:
        """What a phrase for a type says besides: "oil on canvas" is a painting, and oil, and canvas."""
        if any(concept.kind == "type" for concept in concepts):
            for token in tokens:
                yield from (found for found in self._meaning(token, language) if found.kind in _SUBSTANCES)

    def _in_han(self, run: str) -> Iterator[Concept]:
        start = 0
        while start < len(run):
            for length in range(min(_MAX_HAN, len(run) - start), 0, -1):
                form = self._form(run[start : start + length])
                if form.meanings:
                    yield from (concept for concept, _ in form.meanings)
                    start += length
                    break
            else:
                start += 1

    def _form(self, form: str) -> _Form:
        if form not in self._forms:
            row = self._connection.execute("SELECT meanings, longest FROM forms WHERE form = ?", (form,)).fetchone()
            self._forms[form] = _Form(tuple(self._meanings(row[0])), row[1]) if row else _UNKNOWN
        return self._forms[form]

    def _meanings(self, text: str) -> Iterator[tuple[Concept, frozenset[str]]]:
        for meaning in text.split():
            concept_id, _, languages = meaning.partition(":")
            if concept := self.concept(concept_id):
                yield concept, frozenset(languages.split(","))
