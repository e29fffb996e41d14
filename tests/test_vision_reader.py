import gc
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldcheck.vision import process
from fieldcheck.vision.limits import MAX_BYTES
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
from fieldcheck.vision.refusals import Refusal
from photos import encoded, painting, read_one, write

POSIX = pytest.mark.skipif(os.name != "posix", reason="there is no such thing on Windows")

FAKE_CHILD = """
import json, os, sys, time
sys.stdout.buffer.write(b"ready\\n"); sys.stdout.flush()
while line := sys.stdin.buffer.readline():
    content = sys.stdin.buffer.read(json.loads(line)["size"])
    if content == b"hang": time.sleep(600)
    if content == b"die": os._exit(7)
    if content == b"chatter":
        while True: sys.stdout.buffer.write(b"x" * 65536)
    replies = {
        b"garbage": b"\\xff\\xfe not JSON",
        b"list": b"[]",
        b"deep": b"[" * 20000,
        b"half": b'{"phash": ["0123456789abcdef"]}',
        b"few": b'{"phash": [], "dhash": [], "thumbnail": "eHh4", "sight": "eHh4"}',
        b"long": json.dumps({"phash": ["0" * 17], "dhash": ["0" * 16], "thumbnail": "eHh4", "sight": "eHh4"}).encode(),
        b"numbers": json.dumps({"phash": [5], "dhash": [5], "thumbnail": "eHh4", "sight": "eHh4"}).encode(),
        b"base": json.dumps({"phash": ["0" * 16], "dhash": ["0" * 16], "thumbnail": "%%%", "sight": "eHh4"}).encode(),
        b"bare": json.dumps({"phash": ["0" * 16], "dhash": ["0" * 16], "thumbnail": "", "sight": "eHh4"}).encode(),
        b"blind": json.dumps({"phash": ["0" * 16], "dhash": ["0" * 16], "thumbnail": "eHh4", "sight": ""}).encode(),
        b"unseen": json.dumps({"phash": ["0" * 16], "dhash": ["0" * 16], "thumbnail": "eHh4"}).encode(),
        b"reason": b'{"refusal": "because"}',
        b"silent": b"",
    }
    good = json.dumps({"phash": ["0" * 16], "dhash": ["f" * 16], "thumbnail": "eHh4", "sight": "eHh4"}).encode()
    sys.stdout.buffer.write(replies.get(content, good) + b"\\n")
    sys.stdout.flush()
"""
FAKE_COMMAND = (sys.executable, "-c", FAKE_CHILD)
GARBAGE = (
    "garbage",
    "list",
    "deep",
    "half",
    "few",
    "long",
    "numbers",
    "base",
    "bare",
    "blind",
    "unseen",
    "reason",
    "silent",
    "chatter",
)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Every child that a test starts; none of them may outlive it."""
    children: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)
            children.append(self)

    monkeypatch.setattr(process.subprocess, "Popen", Recorded)
    yield children
    gc.collect()
    assert all(child.returncode is not None for child in children)
    assert all(child.stdin.closed and child.stdout.closed for child in children)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write(tmp_path / "photo.jpg", encoded(painting(1)))


def outcomes(folder: Path, contents: list[str], **options: object) -> list[str]:
    paths = [write(folder / f"{number}.jpg", text.encode()) for number, text in enumerate(contents)]
    readings = read_photos(paths, role=Role.REFERENCE, command=FAKE_COMMAND, **options)
    return [reading.photo.why_not for reading in readings]


def test_a_photo_is_hashed_fingerprinted_and_kept_small(photo: Path) -> None:
    reading = read_one(photo)
    assert reading.photo.file == str(photo)
    assert reading.photo.sha256 == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert len(reading.photo.fingerprint.phash) == 8
    assert reading.thumbnail.startswith(b"\xff\xd8")


def test_no_photos_start_no_child(started: list[subprocess.Popen[bytes]]) -> None:
    assert list(read_photos([], role=Role.QUERY)) == []
    assert started == []


def test_many_photos_meet_one_child_and_keep_their_order(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    paths = [write(tmp_path / f"{seed}.jpg", encoded(painting(seed, (160, 120)))) for seed in range(20)]
    readings = list(read_photos(paths, role=Role.REFERENCE))
    assert [reading.photo.file for reading in readings] == [str(path) for path in paths]
    assert len({reading.photo.fingerprint for reading in readings}) == 20
    assert len(started) == 1


def test_several_workers_give_the_same_in_the_same_order(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    sizes = [(900, 700), (90, 70)]
    paths = [write(tmp_path / f"{n}.png", encoded(painting(n, sizes[n % 2]), "PNG")) for n in range(16)]
    paths.insert(5, tmp_path / "missing.jpg")
    together = list(read_photos(paths, role=Role.QUERY, workers=3))
    assert together == list(read_photos(paths, role=Role.QUERY))
    assert len(started) <= 4


def test_what_is_no_photo_file_says_why(tmp_path: Path) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    below_a_file = write(tmp_path / "file", b"x") / "photo.jpg"
    expected = {
        tmp_path / "missing.jpg": Refusal.MISSING,
        below_a_file: Refusal.MISSING,
        Path("null\0byte.jpg"): Refusal.MISSING,
        tmp_path: Refusal.FOLDER,
        write(tmp_path / "empty.jpg", b""): Refusal.EMPTY,
        huge: Refusal.TOO_MANY_BYTES,
        tmp_path / ("long" * 2000): Refusal.UNREADABLE,
        Path(os.devnull): Refusal.NOT_A_FILE,
    }
    readings = read_photos(expected, role=Role.QUERY)
    assert [reading.photo.why_not for reading in readings] == [reason.sentence for reason in expected.values()]


@POSIX
def test_a_pipe_and_a_socket_are_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    assert read_one(pipe).photo.why_not == Refusal.NOT_A_FILE.sentence


@POSIX
def test_a_file_that_may_not_be_read_says_so(photo: Path) -> None:
    photo.chmod(0)
    if os.access(photo, os.R_OK):
        pytest.skip("this user may read everything")
    assert read_one(photo).photo.why_not == Refusal.NOT_ALLOWED.sentence


def test_a_file_that_the_system_refuses_says_so(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    assert read_one(photo).photo.why_not == Refusal.NOT_ALLOWED.sentence


@POSIX
@pytest.mark.parametrize(
    "name", [b"line\nbreak.jpg", b'"quotes" {json}.jpg', b"\xff\xfebytes.jpg", b"-q", b"\xe2\x80\xaegpj"]
)
def test_odd_names_are_read_and_kept(tmp_path: Path, name: bytes) -> None:
    try:
        path = write(tmp_path / os.fsdecode(name), encoded(painting(1)))
    except OSError:
        pytest.skip("this file system knows no such name")
    reading = read_one(path)
    assert reading.photo.usable
    assert reading.photo.file == str(path)


def test_relative_names_and_links_are_followed(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(photo.parent)
    assert read_one(Path("photo.jpg")).photo.usable


@pytest.mark.parametrize("text", GARBAGE)
def test_a_child_that_talks_nonsense_is_replaced(
    tmp_path: Path, started: list[subprocess.Popen[bytes]], text: str
) -> None:
    assert outcomes(tmp_path, ["fine", text, "fine"]) == ["", Refusal.READER_STOPPED.sentence, ""]
    assert len(started) == 2


def test_a_child_that_dies_or_hangs_is_replaced(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    before = time.monotonic()
    stopped, slow = Refusal.READER_STOPPED.sentence, Refusal.TOO_SLOW.sentence
    assert outcomes(tmp_path, ["die", "hang", "fine", "die"], timeout_s=1) == [stopped, slow, "", stopped]
    assert time.monotonic() - before < 20
    assert len(started) == 3


def test_a_hanging_photo_does_not_hold_up_the_other_workers(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    contents = ["fine", "hang", *["fine"] * 6]
    expected = ["", Refusal.TOO_SLOW.sentence, *[""] * 6]
    assert outcomes(tmp_path, contents, timeout_s=2, workers=2) == expected
    assert len(started) <= 3


def test_a_child_that_is_killed_in_the_midst_costs_one_photo(
    photo: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    readings = read_photos([photo] * 12, role=Role.QUERY)
    first = next(readings)
    started[0].kill()
    rest = list(readings)
    assert first.photo.usable
    assert sum(not reading.photo.usable for reading in rest) <= 1
    assert rest[-1].photo.usable
    assert len(started) == 2


@pytest.mark.parametrize("command", [("no-such-program",), (sys.executable, "-c", "raise SystemExit(1)")])
def test_a_child_that_does_not_start_says_so(photo: Path, command: tuple[str, ...]) -> None:
    (reading,) = read_photos([photo], role=Role.QUERY, command=command)
    assert reading.photo.why_not == Refusal.READER_NOT_STARTED.sentence
    assert reading.photo.sha256


def test_readings_that_nobody_waits_for_end_their_children(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    paths = [write(tmp_path / f"{n}.jpg", b"fine" if n < 1 else b"hang") for n in range(6)]
    readings = read_photos(paths, role=Role.REFERENCE, command=FAKE_COMMAND, timeout_s=60, workers=2)
    assert next(readings).photo.usable
    before = time.monotonic()
    readings.close()
    assert time.monotonic() - before < 10
    assert started


def test_an_interruption_ends_the_children(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    def paths() -> Iterator[Path]:
        yield write(tmp_path / "hang.jpg", b"hang")
        raise KeyboardInterrupt

    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(read_photos(paths(), role=Role.REFERENCE, command=FAKE_COMMAND, timeout_s=60))
    assert time.monotonic() - before < 10
    assert len(started) <= 1


PROBE = """
import json, sys
from pathlib import Path
from fieldcheck.vision.protocol import Role
from fieldcheck.vision.reader import read_photos
(reading,) = read_photos([Path(sys.argv[1])], role=Role.QUERY)
heavy = {"PIL", "cv2", "numpy", "scipy", "imagehash", "pydantic", "httpx", "sqlite_utils"} & set(sys.modules)
print(json.dumps({"usable": reading.photo.usable, "heavy": sorted(heavy)}))
"""


def test_the_parent_decodes_nothing_and_hostile_modules_beside_the_photo_stay_out(photo: Path) -> None:
    for name in ("PIL", "numpy", "imagehash", "json", "fieldcheck"):
        write(photo.parent / f"{name}.py", b"raise SystemExit('taken over')")
    source = str(Path(process.__file__).parents[2])
    code = f"import sys; sys.path.insert(0, {source!r}); sys.path = [p for p in sys.path if p]\n{PROBE}"
    environment = {**os.environ, "PYTHONPATH": source}
    probe = subprocess.run(
        [sys.executable, "-P", "-c", code, str(photo)],
        cwd=photo.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(probe.stdout) == {"usable": True, "heavy": []}
    assert probe.stderr == ""
