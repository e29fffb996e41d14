import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcheck.vision.distance import hamming

HASHES = st.integers(0, 2**64 - 1)


@given(HASHES, HASHES, HASHES)
def test_distance_is_a_metric(a: int, b: int, c: int) -> None:
    x, y, z = (f"{value:016x}" for value in (a, b, c))
    assert hamming(x, x) == 0
    assert hamming(x, y) == hamming(y, x)
    assert hamming(x, z) <= hamming(x, y) + hamming(y, z)


@given(HASHES, st.sets(st.integers(0, 63)))
def test_distance_counts_the_bits_that_were_flipped(value: int, bits: set[int]) -> None:
    flipped = value
    for bit in bits:
        flipped ^= 1 << bit
    assert hamming(f"{value:016x}", f"{flipped:016x}") == len(bits)


@pytest.mark.parametrize(("a", "b"), [("", "00"), ("00", "000"), ("zz", "00"), ("", "")])
def test_what_is_not_two_hashes_is_an_error(a: str, b: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        hamming(a, b)
