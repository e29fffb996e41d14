import os
import subprocess
import sys
from pathlib import Path

import pytest

from fieldcheck.vision import process
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
from fieldcheck.vision.refusals import Refusal
from photos import encoded, painting, write

POSIX = pytest.mark.skipif(os.name != "posix", reason="no limits are set on Windows")

CONFINED = """
import sys
sys.path += sys.argv[2:]
from fieldcheck.vision import child
child.confine()
exec(sys.argv[1])
"""


def confined(code: str) -> str:
    """What a confined process that runs this code leaves on its error output."""
    command = [sys.executable, "-I", "-B", "-c", CONFINED, code, *process.CHILD_COMMAND[5:]]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


@POSIX
def test_the_child_writes_no_file(tmp_path: Path) -> None:
    target = tmp_path / "written"
    errors = confined(
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"f = open({str(target)!r}, 'wb', buffering=0); f.write(b'x')"
    )
    assert "File too large" in errors
    assert target.read_bytes() == b""


@POSIX
def test_the_child_opens_few_files() -> None:
    assert "Too many open files" in confined("import os; [os.dup(0) for _ in range(100)]")


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not enforce the limit")
def test_the_child_takes_no_more_memory_than_it_may() -> None:
    assert "MemoryError" in confined("bytearray(2_000_000_000)")


def test_a_photo_that_runs_out_of_memory_costs_that_photo_alone(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path += sys.argv[1:]\n"
        "from fieldcheck.vision import child, opening\n"
        "whole = opening.open_photo\n"
        "def greedy(content):\n"
        "    if content.endswith(b'greedy'): raise MemoryError\n"
        "    return whole(content)\n"
        "opening.open_photo = greedy\n"
        "child.main()"
    )
    command = (sys.executable, "-I", "-B", "-c", code, *process.CHILD_COMMAND[5:])
    good = encoded(painting(1))
    paths = [
        write(tmp_path / "a", good),
        write(tmp_path / "b", good + b"greedy"),
        write(tmp_path / "c", good),
    ]
    outcomes = [reading.photo.why_not for reading in read_photos(paths, role=Role.QUERY, command=command)]
    assert outcomes == ["", Refusal.TOO_MUCH_MEMORY.sentence, ""]


def test_the_child_runs_as_a_module_and_ends_with_its_input() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(process.__file__).parents[2])}
    command = [sys.executable, "-m", "fieldcheck.vision.child"]
    done = subprocess.run(command, input=b"", env=environment, capture_output=True, check=True, timeout=60)
    assert done.stdout == b"ready\n"
