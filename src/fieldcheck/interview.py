"""The guided interview: short questions, the most telling first, each of which may be left unanswered.

Pure: it is fed with answers and asks the next question; a terminal, or a test, does the talking.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fieldcheck.errors import UsageError
from fieldcheck.items import MAX_FIELD, country_code, make_item, observed
from fieldcheck.models import Item, ListedState, PaperState
from fieldcheck.rules.case import Lawbook
from fieldcheck.rules.indicators import Weight, judge_indicators, load_indicators
from fieldcheck.rules.papers import judge_papers, wanted_papers
from fieldcheck.text.normalise import words
from fieldcheck.text.reading import Reader
from fieldcheck.wording import sentence

BACK, QUIT, DONE, HELP = "back", "quit", "done", "?"
_MOST_INDICATORS = 5
_MOST_CHOICES = 9
_VERSION = "1"
_PAPER_STATES = {
    "p": PaperState.PRESENT,
    "m": PaperState.MISSING,
    "c": PaperState.CONFLICTING,
    "v": PaperState.VERIFIED,
}
_THERE = frozenset({PaperState.PRESENT, PaperState.CONFLICTING, PaperState.VERIFIED})
_YES_NO = {"y": "yes", "yes": "yes", "n": "no", "no": "no"}
_CODES = frozenset({"origin", "sent_from", "sent_to", "border", "issued_by"})
_MADE_BY_ARTISTS = frozenset({"painting", "drawing", "print", "sculpture", "photograph", "book", "manuscript"})

# The order in which they tell most: what decides the law, then the papers, then what single objects are known by.
_LAW_FIELDS = ("object_type", "origin", "culture", "period", "border", "material", "sent_from", "sent_to")
_OBJECT_FIELDS = (
    "size", "inventory_no", "inscription", "feature", "maker", "title", "declared", "hs", "value",
    "certificate", "issued_by", "photos",
)  # fmt: skip
_FIELDS = (*_LAW_FIELDS, *_OBJECT_FIELDS)
_ARTISTS_ONLY = frozenset({"maker", "title"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``choices`` are to be picked by their number, or the question is answered in words."""

    id: str
    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """What was answered so far, in order; an empty answer is "don't know". ``picking`` are types to choose from."""

    answers: tuple[tuple[str, str], ...] = ()
    picking: tuple[str, ...] = ()
    border: str = ""
    quitted: bool = False
    finished: bool = False

    def said(self) -> dict[str, str]:
        """The last answer to each question."""
        return dict(self.answers)


class Interview:
    """Asks about one object; ``on`` is the ISO date on which it is judged which papers are wanted."""

    def __init__(self, lawbook: Lawbook, reader: Reader, on: str) -> None:
        self._lawbook, self._reader, self._on = lawbook, reader, on

    def question(self, progress: Progress) -> Question | None:
        """The next question, or None once everything was asked, or quitted."""
        if progress.quitted or progress.finished:
            return None
        if progress.picking:
            return Question("object_type", sentence("interview", "pick"), progress.picking)
        said = progress.said()
        return next((question for question in self._questions(progress) if question.id not in said), None)

    def answer(self, progress: Progress, text: str) -> tuple[Progress, str]:
        """Take an answer to the question that stands; returns also what is to be told, mostly nothing.

        An answer that cannot be meant changes nothing, and the question is asked again.
        """
        text = " ".join(text.split())[:MAX_FIELD]
        command = text.lower()
        if command == BACK:
            return _one_back(progress), ""
        if command == QUIT:
            return replace(progress, quitted=True), ""
        if command == DONE:
            return replace(progress, finished=True, picking=()), ""
        if command == HELP:
            return progress, sentence("interview", "help")
        question = self.question(progress)
        return self._answered(progress, question, text) if question else (progress, "")

    def item(self, progress: Progress) -> Item:
        """The item that was described so far, its photos not yet read."""
        from pathlib import Path

        said = progress.said()
        fields = {name: said.get(name, "") for name in _FIELDS if name != "photos"}
        fields["border"] = fields["border"] or progress.border
        papers = [f"{name.removeprefix('paper:')}={state}" for name, state in said.items() if _is(name, "paper", state)]
        seen = [f"{name.removeprefix('sign:')}={met}" for name, met in said.items() if _is(name, "sign", met)]
        photos = [Path(part.strip()) for part in said.get("photos", "").split("|") if part.strip()]
        return observed(make_item(fields, papers, photos), seen, ())

    def _questions(self, progress: Progress) -> Iterator[Question]:
        yield from self._about_fields(_LAW_FIELDS, progress)
        yield from self._about_papers(progress)
        yield from self._about_fields(_OBJECT_FIELDS, progress)
        yield from self._about_signs(progress)

    def _about_fields(self, fields: Iterable[str], progress: Progress) -> Iterator[Question]:
        """The questions that the answers so far leave with a meaning."""
        said = progress.said()
        types = self._types(said.get("object_type", ""))
        needless = set(_ARTISTS_ONLY) if types and not types & _MADE_BY_ARTISTS else set()
        if progress.border:
            needless.add("border")
        if said.get("origin"):
            needless.add("culture")
        if not (said.get("border") or progress.border):
            needless |= {"sent_from", "sent_to"}
        if not any(_is(name, "paper", state) and state in _THERE for name, state in said.items()):
            needless |= {"certificate", "issued_by"}
        yield from (Question(field, sentence("interview", field)) for field in fields if field not in needless)

    def _about_papers(self, progress: Progress) -> Iterator[Question]:
        item = self.item(progress)
        case = self._lawbook.case(item, self._reader.read_item(item), self._on)
        for group in wanted_papers(case):
            for kind in group.kinds:
                name = kind.replace("-", " ")
                yield Question(f"paper:{kind}", sentence("interview", "paper", {"paper": name}))

    def _about_signs(self, progress: Progress) -> Iterator[Question]:
        """The gravest signs that nothing said so far decides; those that are asked stay asked."""
        item = replace(self.item(progress), observations=())
        case = self._lawbook.case(item, self._reader.read_item(item), self._on)
        line = judge_indicators(case, judge_papers(case), ListedState.NONE_FOUND)
        open_ids = {text.partition(" ")[0] for text in line.unanswered}
        grave = [entry for entry in load_indicators() if entry.id in open_ids and not entry.repeats]
        grave = [entry for entry in grave if entry.weight in {Weight.GRAVE, Weight.STRONG}]
        grave.sort(key=lambda entry: list(Weight).index(entry.weight))
        for entry in grave[:_MOST_INDICATORS]:
            yield Question(f"sign:{entry.id}", sentence("interview", "sign", {"question": entry.question}))

    def _answered(self, progress: Progress, question: Question, text: str) -> tuple[Progress, str]:
        if question.choices:
            return _picked(progress, question, text)
        try:
            text = _READ.get(question.id.partition(":")[0], _as_it_is)(text, question.id)
        except UsageError as error:
            return progress, f"{error} {error.next_step}"
        if question.id == "object_type" and text:
            return self._type_in_words(progress, text)
        return _with(progress, question.id, text), ""

    def _type_in_words(self, progress: Progress, text: str) -> tuple[Progress, str]:
        """Take a kind of object in any language; where the words mean several kinds, have one picked."""
        found = self._nearest(text)
        if len(found) > 1:
            return replace(progress, picking=found[:_MOST_CHOICES]), ""
        told = "" if found else sentence("interview", "unknown_type")
        return _with(progress, "object_type", text), told

    def _nearest(self, text: str) -> tuple[str, ...]:
        found = (match.concepts for match in self._reader.lexicon.find(words(text)))
        names = (concept.id for concepts in found for concept in concepts if concept.kind == "type")
        return tuple(dict.fromkeys(name.replace("_", " ") for name in names))

    def _types(self, text: str) -> set[str]:
        found = (match.concepts for match in self._reader.lexicon.find(words(text)))
        kinds = (concept for concepts in found for concept in concepts if concept.kind == "type")
        return {name for concept in kinds for name in (concept.id, *concept.broader)}


def to_json(progress: Progress) -> str:
    """An interview as it is saved."""
    return json.dumps({"version": _VERSION, "border": progress.border, "answers": progress.answers}, ensure_ascii=False)


def from_json(text: str) -> Progress | None:
    """A saved interview, or None where the text is none of ours."""
    try:
        content = json.loads(text)
        answers = tuple((str(name), str(said)[:MAX_FIELD]) for name, said in content["answers"])
        usable = content["version"] == _VERSION and all(_is_known(name, said) for name, said in answers)
        return Progress(answers=answers, border=str(content["border"])) if usable else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _is_known(name: str, said: str) -> bool:
    """Whether a saved answer is one that the interview could have taken."""
    kind = name.partition(":")[0]
    try:
        return name in _FIELDS or (kind in {"paper", "sign"} and (not said or _is_meant(kind, name, said)))
    except UsageError:
        return False


def _is_meant(kind: str, name: str, said: str) -> bool:
    item = observed(Item(), [f"{name.removeprefix('sign:')}={said}"] if kind == "sign" else [], ())
    return bool(item.observations) if kind == "sign" else said in set(PaperState)


def _is(name: str, kind: str, said: str) -> bool:
    return name.startswith(f"{kind}:") and bool(said)


def _with(progress: Progress, name: str, text: str) -> Progress:
    kept = tuple(entry for entry in progress.answers if entry[0] != name)
    return replace(progress, answers=(*kept, (name, text)), picking=())


def _one_back(progress: Progress) -> Progress:
    if progress.picking:
        return replace(progress, picking=())
    return replace(progress, answers=progress.answers[:-1])


def _picked(progress: Progress, question: Question, text: str) -> tuple[Progress, str]:
    if not text:
        return _with(progress, question.id, question.choices[0]), ""
    if text.isdecimal() and 1 <= int(text[:3]) <= len(question.choices):
        return _with(progress, question.id, question.choices[int(text[:3]) - 1]), ""
    return progress, sentence("interview", "pick_again", {"last": len(question.choices)})


def _as_it_is(text: str, _name: str) -> str:
    return text


def _as_code(text: str, name: str) -> str:
    return country_code(text, name.replace("_", " ").capitalize()) if text else ""


def _as_paper(text: str, _name: str) -> str:
    if text and text[0].lower() not in _PAPER_STATES:
        raise UsageError(sentence("interview", "not_understood"), next_step=sentence("interview", "paper_answers"))
    return _PAPER_STATES[text[0].lower()].value if text else ""


def _as_sign(text: str, _name: str) -> str:
    if text and text.lower() not in _YES_NO:
        raise UsageError(sentence("interview", "not_understood"), next_step=sentence("interview", "sign_answers"))
    return _YES_NO[text.lower()] if text else ""


_READ: Mapping[str, Callable[[str, str], Any]] = {
    **dict.fromkeys(_CODES, _as_code),
    "paper": _as_paper,
    "sign": _as_sign,
}
