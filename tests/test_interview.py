"""The guided interview: fed with answers, without a terminal; and that a check alone asks only on a terminal."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli_helpers import Commands
from fieldcheck.cli import check as check_command
from fieldcheck.cli import interview as shell
from fieldcheck.errors import ExitCode
from fieldcheck.interview import Interview, Progress, from_json, to_json
from fieldcheck.models import PaperState
from rules_helpers import TODAY, lawbook, reader

LONGEST = 60


@pytest.fixture
def interview() -> Interview:
    return Interview(lawbook(), reader(), TODAY)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


def talk(interview: Interview, answers: dict[str, str], progress: Progress | None = None) -> tuple[Progress, list[str]]:
    """Answer the questions by their ids, every other with "don't know"; returns also the ids that were asked."""
    progress, asked = progress or Progress(), []
    while (question := interview.question(progress)) and len(asked) < LONGEST:
        asked.append(question.id)
        progress, _ = interview.answer(progress, answers.get(question.id, ""))
    return progress, asked


def test_what_decides_the_law_is_asked_first(interview: Interview) -> None:
    _, asked = talk(interview, {})
    assert asked[:2] == ["object_type", "origin"]
    assert asked.index("period") < asked.index("border") < asked.index("size") < asked.index("title")
    assert len(asked) == len(set(asked)) < LONGEST


def test_every_answer_may_be_dont_know_and_still_makes_an_item(interview: Interview) -> None:
    progress, _ = talk(interview, {})
    assert not interview.item(progress).described


@pytest.mark.parametrize("word", ["statue", "estatua", "статуя", "تمثال", "雕像", "heykel"])
def test_the_kind_is_given_in_any_language(interview: Interview, word: str) -> None:
    progress, told = interview.answer(Progress(), word)
    assert not told
    assert progress.picking or progress.said()["object_type"] == word


def test_words_that_mean_several_kinds_are_picked_from_by_number(interview: Interview) -> None:
    progress, _ = interview.answer(Progress(), "statue, vase")
    question = interview.question(progress)
    assert question is not None
    assert question.choices == ("statue", "vase")
    again, told = interview.answer(progress, "7")
    assert again == progress
    assert told
    picked, _ = interview.answer(progress, "2")
    assert picked.said()["object_type"] == "vase"
    assert interview.answer(progress, "back")[0].picking == ()


def test_a_kind_that_is_not_known_is_kept_and_said(interview: Interview) -> None:
    progress, told = interview.answer(Progress(), "zzgrmpf")
    assert "not known" in told
    assert progress.said()["object_type"] == "zzgrmpf"


def test_back_asks_the_question_before_again(interview: Interview) -> None:
    progress, _ = interview.answer(Progress(), "statue")
    progress, _ = interview.answer(progress, "IQ")
    progress, _ = interview.answer(progress, "back")
    question = interview.question(progress)
    assert question is not None
    assert question.id == "origin"
    assert interview.answer(Progress(), "back")[0] == Progress()


def test_an_answer_that_cannot_be_meant_is_asked_again(interview: Interview) -> None:
    progress, _ = interview.answer(Progress(), "statue")
    same, told = interview.answer(progress, "Irak")
    assert same == progress
    assert "two letters" in told


def test_papers_are_asked_where_this_border_wants_them(interview: Interview) -> None:
    answers = {"object_type": "shabti", "origin": "EG", "border": "CH", "paper:export-certificate": "m"}
    progress, asked = talk(interview, answers)
    assert "paper:export-certificate" in asked
    assert [(paper.kind, paper.state) for paper in interview.item(progress).papers] == [
        ("export-certificate", PaperState.MISSING)
    ]
    assert not [name for name in talk(interview, {"object_type": "chair", "origin": "SE"})[1] if "paper" in name]


def test_artists_are_asked_of_works_of_art_only(interview: Interview) -> None:
    assert "maker" in talk(interview, {"object_type": "painting"})[1]
    assert "maker" not in talk(interview, {"object_type": "arrowhead"})[1]


def test_a_border_that_is_set_is_not_asked(interview: Interview) -> None:
    progress, asked = talk(interview, {"object_type": "statue"}, Progress(border="EU"))
    assert "border" not in asked
    assert interview.item(progress).border == "EU"


def test_the_gravest_signs_are_asked_last_and_kept(interview: Interview) -> None:
    progress, asked = talk(interview, {"object_type": "statue", "sign:X04": "y"})
    assert asked[-1].startswith("sign:")
    assert [(entry.indicator, entry.met) for entry in interview.item(progress).observations] == [("X04", True)]


def test_done_ends_it_with_what_is_known(interview: Interview) -> None:
    progress, _ = interview.answer(Progress(), "statue")
    progress, _ = interview.answer(progress, "done")
    assert interview.question(progress) is None
    assert not progress.quitted
    assert interview.item(progress).object_type == "statue"


@given(texts=st.lists(st.text(max_size=30) | st.sampled_from(["back", "?", "1", "IQ", "p", "y"]), max_size=40))
@settings(deadline=None, max_examples=30)
def test_no_answer_breaks_it_and_what_is_saved_is_read_again(texts: list[str]) -> None:
    interview = Interview(lawbook(), reader(), TODAY)
    progress = Progress(border="EU")
    for text in texts:
        progress, _ = interview.answer(progress, text)
    interview.item(progress)
    saved = from_json(to_json(progress))
    assert saved is not None
    assert saved.answers == progress.answers


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": "9", "answers": [], "border": ""}', '{"version": "1", "answers": [1], "border": ""}',
     '{"version": "1", "answers": [["no such", "x"]], "border": ""}',
     '{"version": "1", "answers": [["sign:X99", "yes"]], "border": ""}',
     '{"version": "1", "answers": [["paper:a", "lost"]], "border": ""}'],
)  # fmt: skip
def test_what_was_not_saved_by_an_interview_is_not_read(text: str) -> None:
    assert from_json(text) is None


def _type(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    typed = iter(lines)

    def read(_prompt: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", read)
    monkeypatch.setattr(shell, "is_terminal", lambda: True)
    monkeypatch.setattr(check_command, "is_terminal", lambda: True)


def test_a_check_alone_on_a_terminal_asks(command: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, "shabti", "EG", "", "CH", "done")
    ended = command("check", "--plain")
    assert "What kind of object is it?" in ended.out
    assert ended.code == ExitCode.CONTROL
    assert "Swiss agreement with Egypt" in " ".join(ended.out.split())
    assert ended.out.isascii()


def test_an_interview_that_is_left_goes_on_later(
    command: Commands, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    _type(monkeypatch, "shabti", "quit")
    left = command("check", "--plain")
    assert left.code == ExitCode.INTERRUPTED
    assert "--resume" in left.err
    assert json.loads((home / "interview.json").read_text(encoding="utf-8"))["answers"] == [["object_type", "shabti"]]
    _type(monkeypatch, "EG", "done")
    ended = command("check", "--resume", "--plain")
    assert ended.code == ExitCode.CONTROL
    assert not (home / "interview.json").exists()


def test_a_terminal_that_closes_saves_the_answers(
    command: Commands, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    _type(monkeypatch, "shabti")
    command("check")
    assert (home / "interview.json").is_file()


def test_nothing_is_asked_where_nobody_answers(command: Commands) -> None:
    ended = command("check")
    assert ended.code == ExitCode.USAGE
    assert "Nothing to check" in ended.err


def test_there_is_nothing_to_resume(command: Commands) -> None:
    assert command("check", "--resume").code == ExitCode.USAGE
