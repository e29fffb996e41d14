"""Check the words of ``data/lexicon`` against open vocabularies: ``check_lexicon.py --cldr DIR --omw DIR [--list]``.

The vocabularies are read where they lie; nothing of them is copied into the data. To get them:

* Unicode CLDR, names of emoji (Unicode-3.0): ``npm pack cldr-annotations-full``, unpack it, and give the folder
  ``package/annotations``.
* Open Multilingual Wordnet (each wordnet has its own licence, several share-alike):
  ``git clone https://github.com/omwn/omw-data``, and give its folder ``wns``.

Both list senses (an emoji, a synset), each with its words in several languages. A concept is aligned with the senses
of its English words; among several the one is taken that most of the *other* languages agree on, so that the language
under test never chooses what it is tested against. It agrees where any of our forms equals any of the sense's, folded.
"""

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fieldcheck.datafiles import data_folder
from fieldcheck.text.concepts import LANGUAGES
from fieldcheck.text.normalise import words

WORDNET_CODES = {
    "eng": "en", "fra": "fr", "spa": "es", "ita": "it", "deu": "de", "por": "pt", "rus": "ru", "ukr": "uk",
    "arb": "ar", "ara": "ar", "tur": "tr", "cmn": "zh", "qcn": "zh", "fas": "fa",
}  # fmt: skip
ROOT_ONLY = ":root"
FEWEST_VOTES = 2
"""So many other languages must agree on a sense before a language is tested against it."""

Forms = dict[str, set[str]]
"""The folded forms in each language."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The senses that hold an English word of ours, each with its forms, and where each English form leads."""

    senses: dict[str, Forms]
    english: dict[str, set[str]]


def folded(form: str) -> str:
    """A form as the lexicon keeps it; Chinese wordnets write the particle after a plus sign."""
    return " ".join(words(form.partition("+")[0].replace("_", " ")))


def read_concepts(folder: Path) -> dict[str, Forms]:
    """Each concept's folded forms in each language."""
    concepts: dict[str, Forms] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                concepts[row["concept"]] = {
                    language: {folded(form) for form in row[language].split("|")} for language in LANGUAGES
                }
    return concepts


def cldr_lines(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the emoji, the language and a name; of English only the one short name, which says what it shows."""
    for language in LANGUAGES:
        content = json.loads((folder / language / "annotations.json").read_text(encoding="utf-8"))
        for emoji, names in content["annotations"]["annotations"].items():
            said = names.get("tts", []) if language == "en" else names.get("tts", []) + names.get("default", [])
            yield from ((emoji, language, name) for name in said)


def wordnet_lines(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the synset, the language and a lemma of every wordnet and Wiktionary file in one of our languages."""
    for path in sorted(folder.glob("*/wn-*.tab")):
        language = WORDNET_CODES.get(path.stem.rpartition("-")[2])
        if language is None or path.parent.name == "cldr":
            continue
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                sense, _, rest = line.rstrip("\n").partition("\t")
                kind, _, lemma = rest.partition("\t")
                if ":lemma" in kind and not kind.endswith(ROOT_ONLY):
                    yield sense, language, lemma


def read_vocabulary(lines: list[tuple[str, str, str]], wanted: set[str]) -> Vocabulary:
    """Keep the senses that have one of the ``wanted`` English forms."""
    english: dict[str, set[str]] = defaultdict(set)
    for sense, language, form in lines:
        if language == "en" and (key := folded(form)) in wanted:
            english[key].add(sense)
    senses: dict[str, Forms] = {sense: defaultdict(set) for found in english.values() for sense in found}
    for sense, language, form in lines:
        if sense in senses:
            senses[sense][language].add(folded(form))
    return Vocabulary(senses, english)


def aligned(forms: Forms, language: str, vocabulary: Vocabulary) -> set[str]:
    """The vocabulary's forms in ``language`` for the sense that the other languages choose; empty if none does."""
    candidates = {sense for form in forms["en"] for sense in vocabulary.english.get(form, ())}
    others = [other for other in LANGUAGES if other not in {"en", language}]
    votes = {
        sense: sum(bool(forms[other] & vocabulary.senses[sense][other]) for other in others) for sense in candidates
    }
    most = max(votes.values(), default=0)
    if most < FEWEST_VOTES:
        return set()
    return {form for sense in candidates if votes[sense] == most for form in vocabulary.senses[sense][language]}


def listing(forms: set[str]) -> str:
    """Forms on one line, in order."""
    return " | ".join(sorted(forms))


def check(concepts: dict[str, Forms], vocabularies: list[Vocabulary], *, listed: bool) -> None:
    """Print the shares of each language, then each disagreement."""
    disagreements: list[str] = []
    print(f"{len(concepts)} concepts\nlanguage  aligned  of which agree")
    for language in LANGUAGES[1:]:
        found = {
            concept: set().union(*(aligned(forms, language, each) for each in vocabularies))
            for concept, forms in concepts.items()
        }
        known = {concept: theirs for concept, theirs in found.items() if theirs}
        agree = sum(bool(theirs & concepts[concept][language]) for concept, theirs in known.items())
        print(f"{language:<8} {len(known) / len(concepts):8.1%} {agree / max(len(known), 1):15.1%}")
        disagreements += [
            f"{language}  {concept}: {listing(concepts[concept][language])}  <>  {listing(theirs)}"
            for concept, theirs in known.items()
            if not theirs & concepts[concept][language]
        ]
    if listed:
        print("\ndisagreements: language, concept: ours <> theirs", *disagreements, sep="\n")


def main() -> None:
    """Read what is given and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cldr", type=Path, help="the folder package/annotations of cldr-annotations-full")
    parser.add_argument("--omw", type=Path, help="the folder wns of omw-data")
    parser.add_argument("--lexicon", type=Path, default=data_folder() / "lexicon", help="the folder of the CSVs")
    parser.add_argument("--list", action="store_true", help="print each disagreement")
    arguments = parser.parse_args()
    concepts = read_concepts(arguments.lexicon)
    wanted = {form for forms in concepts.values() for form in forms["en"]}
    sources = [
        read(folder)
        for read, folder in ((cldr_lines, arguments.cldr), (wordnet_lines, arguments.omw))
        if folder is not None
    ]
    if not sources:
        parser.error("give at least one vocabulary; the help says where to get them")
    check(concepts, [read_vocabulary(list(lines), wanted) for lines in sources], listed=arguments.list)


if __name__ == "__main__":
    main()
