import hashlib
import random
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcheck.cache.build import build_list
from fieldcheck.cache.delta import apply_delta, make_delta
from fieldcheck.cache.delta_format import PAGE, RAW, Header, Kind, Step, StepWriter, write_header
from fieldcheck.cache.info import ListInfo, ReferencePhoto
from fieldcheck.errors import IntegrityError
from fieldcheck.models import Record

CHANCE = random.Random(1)  # noqa: S311  # content, not a secret
FRESH = bytes(PAGE // 2) + CHANCE.randbytes(PAGE // 2)


def made(tmp_path: Path, old: bytes, new: bytes) -> tuple[Path, Path]:
    """The old file and a delta to the new one."""
    paths = [tmp_path / name for name in ("old", "new", "delta")]
    paths[0].write_bytes(old)
    paths[1].write_bytes(new)
    make_delta(*paths)
    return paths[0], paths[2]


def applied(old: Path, delta: Path) -> bytes:
    out = old.with_name("out")
    apply_delta(old, delta, out)
    return out.read_bytes()


def crafted(tmp_path: Path, *steps: Step, length: int = PAGE, after: bytes = b"") -> Path:
    """A delta of these steps, as an attacker may write it."""
    stream = BytesIO()
    write_header(stream, Header(length, hashlib.sha256(bytes(length)).digest()))
    writer = StepWriter(stream)
    for step in steps:
        writer.write(step)
    path = tmp_path / "crafted"
    path.write_bytes(stream.getvalue() + after)
    return path


def packed(content: bytes, dictionary: bytes = b"") -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, RAW, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
    return packer.compress(content) + packer.flush()


def chain(first: int, count: int, seed: int) -> bytes:
    """Pages of an overflow chain that begins with page number ``first``, counted from 1 as SQLite does."""
    content = random.Random(seed)  # noqa: S311  # content, not a secret
    following = [*range(first + 1, first + count), 0]
    return b"".join(number.to_bytes(4) + content.randbytes(PAGE - 4) for number in following)


_BLOCKS = st.sampled_from([bytes(PAGE), *(chain(1, 1, seed) for seed in range(4)), b"x", b"yz" * 700])
_CONTENTS = st.lists(_BLOCKS, max_size=8).map(b"".join)


@given(old=_CONTENTS, new=_CONTENTS)
def test_any_file_is_made_of_any_other(tmp_path_factory: pytest.TempPathFactory, old: bytes, new: bytes) -> None:
    assert applied(*made(tmp_path_factory.mktemp("delta"), old, new)) == new


def test_the_same_file_costs_next_to_nothing(tmp_path: Path) -> None:
    content = chain(1, 500, 1)
    old, delta = made(tmp_path, content, content)
    assert applied(old, delta) == content
    assert delta.stat().st_size < 70


def test_chains_that_moved_cost_next_to_nothing(tmp_path: Path) -> None:
    before = [chain(1 + 50 * number, 50, number) for number in range(10)]
    after = [chain(4 + 50 * number, 50, number) for number in range(10)]
    content = FRESH * 3 + b"".join(after)
    old, delta = made(tmp_path, b"".join(before), content)
    assert applied(old, delta) == content
    assert delta.stat().st_size < len(FRESH) + 200


def test_content_that_moved_within_its_pages_is_found(tmp_path: Path) -> None:
    content = CHANCE.randbytes(200 * PAGE)
    inserted = content[: 50 * PAGE + 7] + b"between" + content[50 * PAGE + 7 : -7]
    old, delta = made(tmp_path, content, inserted)
    assert applied(old, delta) == inserted
    assert delta.stat().st_size < len(content) / 25


def test_the_same_files_give_the_same_delta(tmp_path: Path) -> None:
    old, new = CHANCE.randbytes(9 * PAGE), CHANCE.randbytes(9 * PAGE)
    first = made(tmp_path, old, old[:PAGE] + new + old[PAGE:])[1].read_bytes()
    assert made(tmp_path, old, old[:PAGE] + new + old[PAGE:])[1].read_bytes() == first


def test_a_list_of_which_a_hundredth_changed_costs_a_twentieth_at_most(tmp_path: Path) -> None:
    def photo(number: int) -> ReferencePhoto:
        own = random.Random(number)  # noqa: S311  # content, not a secret
        points = b"\x00\x02\x00\x02" + own.randbytes(32 * 300)
        return ReferencePhoto(
            f"R{number}", f"{number}.jpg", f"{number:064x}", *["0" * 16] * 2, own.randbytes(5_000), points
        )

    def build(name: str, numbers: list[int], changed: int) -> Path:
        records = [
            Record(id=f"R{number}", title=f"Bowl {number}{' again' * (number == changed)}") for number in numbers
        ]
        build_list(tmp_path / name, ListInfo("museum", "A museum"), records, map(photo, numbers))
        return tmp_path / name

    old = build("old", list(range(200)), -1)
    new = build("new", [*range(50), 777, *range(51, 200)], 120)
    make_delta(old, new, tmp_path / "delta")
    apply_delta(old, tmp_path / "delta", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == new.read_bytes()
    assert (tmp_path / "delta").stat().st_size < new.stat().st_size / 20


def test_another_old_file_is_refused(tmp_path: Path) -> None:
    content = chain(1, 9, 1)
    old, delta = made(tmp_path, content, FRESH + content)
    for other in (content[:-1], content[:PAGE], b"", bytes(len(content)), content[PAGE:] + content[:PAGE]):
        old.write_bytes(other)
        with pytest.raises(IntegrityError, match="not meant for the version in use"):
            applied(old, delta)
        assert not (tmp_path / "out").exists()


def test_a_delta_that_is_cut_anywhere_is_refused(tmp_path: Path) -> None:
    content = chain(1, 9, 1)
    old, delta = made(tmp_path, content, content[:PAGE] + FRESH[:3_000] + content[PAGE:])
    whole = delta.read_bytes()
    for end in [*range(100), *range(100, len(whole), 97), len(whole) - 1]:
        delta.write_bytes(whole[:end])
        with pytest.raises(IntegrityError):
            applied(old, delta)
        assert not (tmp_path / "out").exists()


def test_a_delta_with_a_flipped_bit_is_refused_or_does_no_harm(tmp_path: Path) -> None:
    content = chain(1, 9, 1)
    new = content[:PAGE] + b"in the middle" + content[PAGE:]
    old, delta = made(tmp_path, content, new)
    whole = delta.read_bytes()
    refused = 0
    for place in range(0, len(whole), 3):
        delta.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        try:
            assert applied(old, delta) == new
        except IntegrityError:
            refused += 1
    assert refused > len(whole) / 4


_COPY = Step(Kind.COPY, 1, 0)


@pytest.mark.parametrize(
    ("steps", "length"),
    [
        ([Step(Kind.COPY, 1, 3)], PAGE),
        ([Step(Kind.COPY, 4, 0)], 4 * PAGE),
        ([Step(Kind.MOVE, 1, -1)], PAGE),
        ([Step(Kind.COPY, 1, 1 << 60)], PAGE),
        ([Step(Kind.COPY, 2, 0)], PAGE),
        ([Step(Kind.COPY, 0, 0), _COPY], PAGE),
        ([_COPY], PAGE + 1),
        ([_COPY], 1 << 62),
        ([Step(Kind.COPY, 1 << 50, 0)], 1 << 62),
        ([_COPY, _COPY], PAGE),
        ([Step(Kind.FRESH, 1, 0, 4, packed(bytes(PAGE)))], PAGE),
        ([Step(Kind.FRESH, 1, 0, 8, packed(bytes(PAGE)))], PAGE),
        ([Step(Kind.FRESH, 5, 0, 0, packed(bytes(5 * PAGE)))], 5 * PAGE),
        ([Step(Kind.FRESH, 1, 0, 0, packed(bytes(PAGE - 1)))], PAGE),
        ([Step(Kind.FRESH, 1, 0, 0, b"\xff" * 40)], PAGE),
        ([Step(Kind.FRESH, 1, 0, 0, bytes(5 * PAGE))], PAGE),
        ([], PAGE),
    ],
)
def test_a_delta_reads_nothing_and_writes_nothing_beyond_what_it_may(
    tmp_path: Path, steps: list[Step], length: int
) -> None:
    old = tmp_path / "old"
    old.write_bytes(bytes(3 * PAGE))
    stream = BytesIO()
    write_header(stream, Header(length, bytes(32)))
    writer = StepWriter(stream)
    for step in steps:
        writer.write(step)
    delta = tmp_path / "delta"
    delta.write_bytes(stream.getvalue())
    with pytest.raises(IntegrityError):
        applied(old, delta)
    assert not (tmp_path / "out").exists()


def test_what_is_packed_is_unpacked_no_further_than_declared(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(bytes(3 * PAGE))
    bomb = Step(Kind.FRESH, 1, 0, 0, packed(bytes(10_000_000)))
    assert applied(old, crafted(tmp_path, bomb)) == bytes(PAGE)


@pytest.mark.parametrize("after", [b"\0", bytes([3, 0]), bytes(100)])
def test_a_delta_that_goes_on_is_refused(tmp_path: Path, after: bytes) -> None:
    old = tmp_path / "old"
    old.write_bytes(bytes(3 * PAGE))
    assert applied(old, crafted(tmp_path, _COPY)) == bytes(PAGE)
    with pytest.raises(IntegrityError):
        applied(old, crafted(tmp_path, _COPY, after=after))


def test_a_result_larger_than_allowed_is_never_begun(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(bytes(3 * PAGE))
    delta = crafted(tmp_path, Step(Kind.COPY, 2, 0), length=2 * PAGE)
    apply_delta(old, delta, tmp_path / "out", max_bytes=2 * PAGE)
    with pytest.raises(IntegrityError, match="larger than it may be"):
        apply_delta(old, delta, tmp_path / "out", max_bytes=2 * PAGE - 1)


def test_a_delta_to_another_version_is_never_begun(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(bytes(3 * PAGE))
    delta = crafted(tmp_path, _COPY)
    apply_delta(old, delta, tmp_path / "out", sha256=hashlib.sha256(bytes(PAGE)).hexdigest())
    with pytest.raises(IntegrityError, match="another version"):
        apply_delta(old, delta, tmp_path / "out", sha256="0" * 64)


@given(steps=st.binary(max_size=60), length=st.integers(0, 1 << 63))
def test_garbage_is_refused(tmp_path_factory: pytest.TempPathFactory, steps: bytes, length: int) -> None:
    folder = tmp_path_factory.mktemp("delta")
    (folder / "old").write_bytes(bytes(3 * PAGE))
    stream = BytesIO()
    write_header(stream, Header(length, bytes(32)))
    (folder / "delta").write_bytes(stream.getvalue() + steps)
    with pytest.raises(IntegrityError):
        applied(folder / "old", folder / "delta")
