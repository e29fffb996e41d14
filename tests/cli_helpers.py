"""Running a command inside the test, and the records that commands are tried on."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from fieldcheck.cli.main import run
from fieldcheck.datafiles import data_folder
from fieldcheck.models import Record

HERON = Record(
    id="M-1",
    title="Heron at Dusk",
    maker="Ilse Varga",
    object_type="painting",
    materials=("oil on canvas",),
    measurements=("41 x 33 cm",),
    inventory_numbers=("1897-42",),
)
BOWL = Record(id="M-2", title="Bowl with Fish", object_type="bowl", materials=("silver",), measurements=("H. 12 cm",))
HERON_IN_WORDS = "oil painting on canvas, Heron at Dusk, Ilse Varga, 41 x 33 cm"
NOTHING_LIKE_IT = "wicker chair"


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """The report without its line breaks."""
        return " ".join(self.out.split())

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        content: dict[str, Any] = json.loads(self.out)
        return content


@dataclass(frozen=True)
class Commands:
    """Runs commands in this process."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: object) -> Ended:
        self.capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = self.capsys.readouterr()
        assert "Traceback" not in captured.err
        return Ended(code, captured.out, captured.err)


def in_a_process(*arguments: str, script: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program, or a script, as a process of its own."""
    command = [sys.executable, "-c", script] if script else [sys.executable, "-m", "fieldcheck"]
    return subprocess.run(
        [*command, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def assert_valid(content: dict[str, Any], schema: str) -> None:
    """Hold a JSON object against the schema that comes with the program."""
    path = data_folder() / "schemas" / f"{schema}-1.schema.json"
    Draft202012Validator(json.loads(path.read_text(encoding="utf-8"))).validate(content)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file, lines as they are."""
    path.write_bytes(text.encode(encoding))
    return path
