"""How far apart two spellings are."""

_SHORT = 4
_LONG = 9


def spelling_distance(a: str, b: str, most: int) -> int:
    """Optimal string alignment distance (Damerau 1964, restricted transposition), or ``most + 1`` when larger."""
    if abs(len(a) - len(b)) > most or len({*a} ^ {*b}) > 2 * most:
        return most + 1
    above: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, above, row = above, row, [i]
        for j, y in enumerate(b, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def allowed_slips(word: str) -> int:
    """How many slips may lie between a word and what was meant: none in a short word, two in a long one."""
    if len(word) < _SHORT:
        return 0
    return 2 if len(word) >= _LONG else 1


def slips_of(word: str) -> tuple[str, ...]:
    """What a word may have been before one letter got in, or two changed places."""
    without = (word[:place] + word[place + 1 :] for place in range(len(word)))
    turned = (word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1))
    return tuple(dict.fromkeys((*without, *turned)))
