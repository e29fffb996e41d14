"""Descriptions as officers write them, made from records: fields left out, sizes measured anew, words misspelt."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from fieldcheck.models import Record
from fieldcheck.text.concepts import Lexicon
from fieldcheck.text.reading import Reader, Reading

MEASURING_ERROR = 0.012
MISSPELT = 0.4
WRONG_TYPE = 0.05
WRONG_MATERIAL = 0.03
REMARK = 0.35
REMARKS = (
    "old", "signed", "framed", "cracked", "stamped", "label on the back", "inscribed", "repaired", "dusty", "no frame",
    "blue", "gilded", "torn corner", "number on the base", "hand made", "antique", "heavy", "with stand", "chipped rim",
)  # fmt: skip
"""What an officer sees and no list says."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SIZED = 2


@dataclass(frozen=True, slots=True)
class Style:
    """How likely an officer is to say each thing, and how."""

    name: str
    kind: float
    material: float
    maker: float
    title: float
    subject: float
    size: float
    year: float
    misspelt: float = 0.0
    unit: str = "cm"


STYLES = (
    Style("rich", 0.8, 0.9, 1.0, 0.8, 0.0, 0.6, 0.5),
    Style("rich-typo", 0.8, 0.9, 1.0, 0.8, 0.0, 0.4, 0.4, MISSPELT),
    Style("nomaker", 0.8, 0.9, 0.0, 1.0, 0.0, 0.7, 0.5),
    Style("nomaker-typo", 0.8, 0.9, 0.0, 1.0, 0.0, 0.5, 0.5, MISSPELT),
    Style("nomaker-inches", 0.8, 0.9, 0.0, 1.0, 0.0, 1.0, 0.5, unit="in"),
    Style("visual", 0.8, 0.8, 0.0, 0.0, 1.0, 0.6, 0.3),
    Style("bare", 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0),
    Style("bare-nomaker", 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0),
)


class Officer:
    """Writes descriptions; the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # a benchmark, not a secret
        self._lexicon = Lexicon()
        self._reader = Reader(self._lexicon)
        self._met: dict[str, list[str]] = {"type": [], "material": []}

    def describe(self, record: Record, style: Style) -> str:
        """A description of a record in that style; empty when the record says too little."""
        reading = self._reader.read_record(record)
        parts = [
            *self._said(style.kind, self._mistaken(WRONG_TYPE, "type", self._concepts(reading, "type", 1))),
            *self._said(
                style.material, self._mistaken(WRONG_MATERIAL, "material", self._concepts(reading, "material", 2))
            ),
            *self._said(REMARK, [self._random.choice(REMARKS)]),
            *self._said(style.maker, self._maker(record)),
            *self._said(style.title, self._some([word for word in reading.title if len(word) > _SIZED], 4)),
            *self._said(style.subject, self._concepts(reading, "subject", 3)),
            *self._said(style.size, self._size(reading, style.unit)),
            *self._said(style.year, self._year(reading)),
        ]
        self._random.shuffle(parts)
        words = [self._misspell(word) if self._random.random() < style.misspelt else word for word in parts]
        return " ".join(words) if len(words) > _SIZED else ""

    def _said(self, chance: float, words: list[str]) -> list[str]:
        return words if self._random.random() < chance else []

    def _mistaken(self, chance: float, kind: str, words: list[str]) -> list[str]:
        """Now and then, take the object for something that an earlier one was."""
        met = self._met[kind]
        met.extend(words)
        return [self._random.choice(met)] if words and self._random.random() < chance else words

    def _some(self, words: list[str], most: int) -> list[str]:
        count = min(len(words), self._random.randint(1, most))
        return self._random.sample(words, count)

    def _concepts(self, reading: Reading, kind: str, most: int) -> list[str]:
        return [name.replace("_", " ") for name in self._some(list(reading.concepts.get(kind, ())), most)]

    def _maker(self, record: Record) -> list[str]:
        name = record.maker.split(";")[0].strip()
        parts = name.split()
        return [parts[-1] if len(parts) > 1 and self._random.random() < 1 / 3 else name] if parts else []

    def _size(self, reading: Reading, unit: str) -> list[str]:
        sizes = [
            size * self._random.gauss(1, MEASURING_ERROR) / (2.54 if unit == "in" else 1) for size in reading.sizes
        ]
        if len(sizes) >= _SIZED and self._random.random() < 2 / 3:
            return [f"{round(sizes[0] * 2) / 2:g} x {round(sizes[1] * 2) / 2:g} {unit}"]
        return [f"high {round(sizes[0]):g} {unit}"] if sizes and round(sizes[0]) else []

    def _year(self, reading: Reading) -> list[str]:
        if reading.years is None or reading.years[0] < 1000:  # a year that reads as one by itself
            return []
        year = self._random.randint(*reading.years)
        return [str(year)] if self._random.random() < 2 / 3 else [f"{year // 100 + 1}th century"]

    def _misspell(self, word: str) -> str:
        if not word.isalpha() or len(word) <= _SIZED:
            return word
        place = self._random.randrange(len(word) - 1)
        letter = self._random.choice(_LETTERS)
        return self._random.choice(
            (
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            )
        )


def describe_all(records: list[Record], seed: int) -> Iterator[tuple[Record, Style, str]]:
    """One description of each record that says enough, the styles in turn."""
    officer = Officer(seed)
    for number, record in enumerate(records):
        style = STYLES[number % len(STYLES)]
        if text := officer.describe(record, style):
            yield record, style, text
