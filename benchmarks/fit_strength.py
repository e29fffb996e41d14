"""Fits the calibration of strength and writes ``data/calibration.toml``.

    python benchmarks/fit_strength.py FOLDER [--seed 7]

FOLDER is a bench folder, of which the records are used that none of its descriptions is about. A tenth of them at a
time is taken out of the list; officers describe these and as many that are held, and the model learns when the best
record is the right one. Done for several numbers of records. Every coefficient is kept to the sign that its name
promises. The figures printed are cross-validated over what was taken out.
"""

import argparse
import random
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import astuple, fields
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from bench_set import read_asked, read_records
from numpy.typing import NDArray
from officers import STYLES, Officer
from scipy.optimize import minimize

from fieldcheck.cache.build import build_list
from fieldcheck.cache.holdings import Held, Holdings
from fieldcheck.cache.info import Installed, ListInfo
from fieldcheck.cache.opening import open_list
from fieldcheck.datafiles import data_folder
from fieldcheck.matching.candidates import FIRST_PASS
from fieldcheck.matching.match import _rows, _score
from fieldcheck.matching.query import make_query
from fieldcheck.matching.scored import Scored
from fieldcheck.matching.strength import CALIBRATION_NAME, Signs, read_signs
from fieldcheck.models import Item, Record
from fieldcheck.text.reading import Reader

SIZES = (300, 1_200, 9_000)
PARTS = 3
"""How many tenths are taken out, one after another."""
TIMES = 2
"""Descriptions of each object, in different styles."""
RIDGE = 1e-3
FALSE_ALARMS = {"strong": 0.01, "possible": 0.10}
FLOORS = {
    300: {"strong": 0.80, "possible": 0.30},
    1_200: {"strong": 0.90, "possible": 0.55},
    9_000: {"strong": 0.90, "possible": 0.74},
}
"""No word is given below these, whatever the officers' descriptions would allow. The last row was chosen on the
descriptions of the bench folder, so that its false alarms keep to their shares: they are no independent proof of it.
The others are as cautious by judgement."""
_NAMES = tuple(field.name for field in fields(Signs))
_NEGATIVE = tuple(name.endswith(("differs", "not_in_record")) for name in _NAMES)

Numbers = NDArray[np.float64]


def observe(held: Sequence[Record], absent: Sequence[Record], spared: Collection[str], folder: Path) -> list[Numbers]:
    """Signs of the best record of each description, and three flags.

    Whether that record is right, whether the object is held, and whether the description is bare: without a word of
    the title or of what the object shows.
    """
    path = folder / "list.db"
    path.unlink(missing_ok=True)
    info = ListInfo("bench", "bench")
    build_list(path, info, held)
    rows: list[Numbers] = []
    reader, officer = Reader(), Officer(len(held))
    present = random.Random(len(held)).sample(held, min(len(held), len(absent)))  # noqa: S311  # no secret
    with open_list(path, "bench") as opened:
        installed = Installed(info, "", path.name, "", opened.size, 0, "")
        holdings = Holdings((Held(installed, opened),))
        for is_held, records in ((True, present), (False, absent)):
            for number, record in enumerate(record for record in records if record.id not in spared):
                for time in range(TIMES):
                    style = STYLES[(number * TIMES + time) % len(STYLES)]
                    text = officer.describe(record, style)
                    query = make_query(reader.read_item(Item(text=text)), holdings)
                    scored = sorted(_score(_rows(query, {}, holdings, FIRST_PASS)[0], query, {}), key=_by_score)
                    if scored:
                        best = scored[0]
                        right = is_held and opened.records_at([best.row])[best.row].id == record.id
                        signs = astuple(read_signs(best, scored[1:], query, opened.size))
                        rows.append(np.array([*signs, right, is_held, not style.title and not style.subject], float))
    return rows


def _by_score(entry: Scored) -> tuple[float, tuple[str, int]]:
    return -entry.score, entry.key


def fit(signs: Numbers, right: Numbers) -> Numbers:
    """Constant and coefficients of a logistic regression, each coefficient of the sign that its name promises."""
    scale = signs.std(axis=0) + 1e-9
    inputs = np.hstack([np.ones((len(signs), 1)), signs / scale])

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        answer = inputs @ weights
        value = np.mean(np.logaddexp(0, answer) - right * answer) + RIDGE / 2 * np.sum(weights[1:] ** 2)
        slope = inputs.T @ (1 / (1 + np.exp(-answer)) - right) / len(right)
        slope[1:] += RIDGE * weights[1:]
        return float(value), slope

    bounds = [(None, None), *((None, 0) if negative else (0, None) for negative in _NEGATIVE)]
    found = minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.concatenate([found[:1], found[1:] / scale])


def chances(weights: Numbers, signs: Numbers) -> Numbers:
    """The model's answers."""
    return 1 / (1 + np.exp(-(weights[0] + signs @ weights[1:])))


def validate(
    signs: Numbers, right: Numbers, present: Numbers, bare: Numbers, parts: Numbers
) -> dict[str, tuple[float, float]]:
    """For each word, the threshold at its share of false alarms and the share of held objects that reach it.

    The share is kept among the bare descriptions and among the others, so that it holds however many are bare.
    """
    answers = np.zeros(len(right))
    for part in range(PARTS):
        learnt, asked = parts != part, parts == part
        answers[asked] = chances(fit(signs[learnt], right[learnt]), signs[asked])
    result = {}
    for word, share in FALSE_ALARMS.items():
        absent = [np.sort(answers[(present == 0) & (bare == kind)])[::-1] for kind in (0, 1)]
        threshold = max(float(group[int(share * len(group))]) for group in absent)
        result[word] = (threshold, float(np.sum((answers > threshold) & (right == 1)) / np.sum(present)))
    return result


def fit_size(records: Sequence[Record], size: int, spared: Collection[str], folder: Path) -> str:
    """The table of one number of records."""
    step = len(records) // 10
    found = [
        observe([*records[: step * part], *records[step * (part + 1) :]][:size],
                records[step * part : step * (part + 1)], spared, folder)
        for part in range(PARTS)
    ]  # fmt: skip
    rows = np.array([row for part in found for row in part])
    parts = np.repeat(np.arange(PARTS), [len(part) for part in found])
    signs, (right, present, bare) = rows[:, :-3], rows[:, -3:].T
    figures = validate(signs, right, present, bare, parts)
    shown = ", ".join(f"{word} {share:.3f} from {limit:.3f} on" for word, (limit, share) in figures.items())
    print(f"{size} records, {len(right)} descriptions: {shown}", flush=True)
    limits = [f"{word} = {max(FLOORS[size][word], limit):.3f}" for word, (limit, _) in figures.items()]
    lines = [f"{name} = {value:.3f}" for name, value in zip(("constant", *_NAMES), fit(signs, right), strict=True)]
    return "\n".join(["[[fit]]", f"records = {size}", *limits, *lines])


def main() -> None:
    """Fit at each size and write the calibration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    records = list(read_records(arguments.folder))
    spared = frozenset(one.truth for one in read_asked(arguments.folder))
    random.Random(arguments.seed).shuffle(records)  # noqa: S311  # a benchmark, not a secret
    with tempfile.TemporaryDirectory() as scratch:
        tables = [fit_size(records, size, spared, Path(scratch)) for size in SIZES]
    path = data_folder() / CALIBRATION_NAME
    head = path.read_text(encoding="utf-8").split("[[fit]]")[0].rstrip()
    head = "\n".join(
        f'version = "{datetime.now(UTC).date()}"' if line.startswith("version") else line for line in head.splitlines()
    )
    path.write_text("\n\n".join([head, *tables]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
