"""Fits the calibration of strength and writes ``data/calibration.toml``.

    python benchmarks/fit_strength.py LIST.csv.gz [--seed 7]

Half of the list's records are held, the other half are not; officers describe both, and the model learns when the
best record is the right one. Done for several numbers of records. Every coefficient is kept to the sign that its
name promises. The figures printed are five-fold cross-validated.
"""

import argparse
import random
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from officers import describe_all
from scipy.optimize import minimize

from fieldcheck.cache.build import build_list
from fieldcheck.cache.holdings import Held, Holdings
from fieldcheck.cache.info import Installed, ListInfo
from fieldcheck.cache.opening import open_list
from fieldcheck.datafiles import data_folder
from fieldcheck.lists.files import read_list_file
from fieldcheck.matching.candidates import FIRST_PASS
from fieldcheck.matching.match import _rows, _score
from fieldcheck.matching.query import make_query
from fieldcheck.matching.strength import CALIBRATION_NAME, Signs, read_signs
from fieldcheck.models import Item, Record
from fieldcheck.text.reading import Reader

SIZES = (300, 1_200, 5_000)
DESCRIBED = 3_000
RIDGE = 1e-3
FALSE_ALARMS = {"strong": 0.01, "possible": 0.10}
FLOORS = {
    300: {"strong": 0.80, "possible": 0.63},
    1_200: {"strong": 0.90, "possible": 0.63},
    5_000: {"strong": 0.962, "possible": 0.755},
}
"""No word is given below these, whatever the officers' descriptions would allow; the last row is what keeps the
false alarms on a second set of descriptions, written by others, at their shares."""
_NAMES = tuple(field.name for field in fields(Signs))
_NEGATIVE = tuple(name.endswith(("differs", "not_in_record")) for name in _NAMES)

Numbers = NDArray[np.float64]


def observe(
    held: Sequence[Record], absent: Sequence[Record], folder: Path, seed: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Signs of the best record of each description, whether it is right, and whether the object is held at all."""
    path = folder / f"{len(held)}.db"
    info = ListInfo("bench", "bench")
    build_list(path, info, held)
    signs, right, present = [], [], []
    reader = Reader()
    with open_list(path, "bench") as opened:
        installed = Installed(info, "", path.name, "", opened.size, 0, "")
        holdings = Holdings((Held(installed, opened),))
        for is_held, records in ((True, held), (False, absent)):
            for record, _, text in describe_all(list(records)[:DESCRIBED], seed):
                query = make_query(reader.read_item(Item(text=text)), holdings)
                rows, _ = _rows(query, {}, holdings, FIRST_PASS)
                scored = sorted(_score(rows, query, {}), key=lambda entry: -entry.score)
                if not scored:
                    continue
                best = scored[0]
                found = read_signs(best, scored[1:], query, opened.size)
                signs.append(astuple(found))
                right.append(is_held and opened.records_at([best.row])[best.row].id == record.id)
                present.append(is_held)
    return np.array(signs), np.array(right, float), np.array(present, float)


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


def validate(signs: Numbers, right: Numbers, present: Numbers, seed: int) -> dict[str, tuple[float, float]]:
    """For each word, the threshold at its share of false alarms and the share of held objects that reach it."""
    folds = np.random.default_rng(seed).permutation(len(right)) % 5
    answers = np.zeros(len(right))
    for fold in range(5):
        answers[folds == fold] = chances(fit(signs[folds != fold], right[folds != fold]), signs[folds == fold])
    result = {}
    for word, share in FALSE_ALARMS.items():
        absent = np.sort(answers[present == 0])[::-1]
        threshold = absent[int(share * len(absent))]
        result[word] = (float(threshold), float(np.sum((answers > threshold) & (right == 1)) / np.sum(present)))
    return result


def main() -> None:
    """Fit at each size and write the calibration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    records = list(read_list_file(arguments.list, list_id="bench").records)
    random.Random(arguments.seed).shuffle(records)  # noqa: S311  # a benchmark, not a secret
    half = len(records) // 2
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            held, absent = records[: min(size, half)], records[half : half + DESCRIBED]
            signs, right, present = observe(held, absent, Path(folder), arguments.seed)
            figures = validate(signs, right, present, arguments.seed)
            print(
                f"{size} records, {len(right)} descriptions:",
                {k: tuple(round(x, 3) for x in v) for k, v in figures.items()},
            )
            coefficients = fit(signs, right)
            limits = [f"{word} = {max(FLOORS[size][word], found):.3f}" for word, (found, _) in figures.items()]
            lines = [f"{name} = {value:.3f}" for name, value in zip(("constant", *_NAMES), coefficients, strict=True)]
            parts.append("\n".join(["[[fit]]", f"records = {size}", *limits, *lines]))
    path = data_folder() / CALIBRATION_NAME
    head = path.read_text(encoding="utf-8").split("[[fit]]")[0].rstrip()
    head = "\n".join(
        f'version = "{datetime.now(UTC).date()}"' if line.startswith("version") else line for line in head.splitlines()
    )
    path.write_text("\n\n".join([head, *parts]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
