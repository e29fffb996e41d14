"""How far two perceptual hashes lie apart; imports nothing, so that matching can use it without Pillow."""


def hamming(a: str, b: str) -> int:
    """The number of bits in which two hashes differ.

    Args:
        a: a hash as hexadecimal digits.
        b: another hash of the same length.

    Raises:
        ValueError: one of them is not hexadecimal, or their lengths differ.
    """
    if len(a) != len(b):
        raise ValueError("hashes of different lengths have no distance")
    return (int(a, 16) ^ int(b, 16)).bit_count()
