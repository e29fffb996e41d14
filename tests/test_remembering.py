from collections.abc import Sequence

import pytest

from fieldcheck.cache import remembering
from fieldcheck.cache.remembering import Remembered


class _Shelf:
    """Gives each row up to 100 as text, and notes which rows it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def read(self, rows: Sequence[int]) -> dict[int, str]:
        self.asked.extend(rows)
        return {row: f"row {row}" for row in rows if row <= 100}


def test_a_row_is_read_once() -> None:
    shelf = _Shelf()
    remembered = Remembered(shelf.read)
    assert remembered.at([1, 2]) == {1: "row 1", 2: "row 2"}
    assert remembered.at([2, 3]) == {2: "row 2", 3: "row 3"}
    assert shelf.asked == [1, 2, 3]


def test_a_row_that_does_not_exist_is_left_out() -> None:
    remembered = Remembered(_Shelf().read)
    assert remembered.at([1, 500]) == {1: "row 1"}
    assert remembered.at([500]) == {}


def test_what_is_used_again_and_again_is_kept_and_what_is_not_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "_MOST", 4)
    shelf = _Shelf()
    remembered = Remembered(shelf.read)
    for row in range(1, 41):
        assert remembered.at([100, row]) == {100: "row 100", row: f"row {row}"}
    assert shelf.asked.count(100) == 1
    remembered.at([1])
    assert shelf.asked.count(1) == 2


def test_more_rows_than_are_remembered_are_still_all_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "_MOST", 4)
    remembered = Remembered(_Shelf().read)
    rows = list(range(1, 31))
    assert list(remembered.at(rows)) == list(remembered.at(rows)) == rows
