"""One limited child process: started when first asked, replaced when it fails, never left behind."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Self, cast

from fieldcheck.errors import InputError
from fieldcheck.vision import protocol
from fieldcheck.vision.limits import MAX_SECONDS, MAX_SECONDS_TO_START
from fieldcheck.vision.model import Model
from fieldcheck.vision.protocol import GarbledReplyError, Preparation, Reading, Role
from fieldcheck.vision.refusals import Refusal, RefusalError

_PACKAGE_ROOT = str(Path(__file__).parents[2])
_FOUND_HERE = [os.path.abspath(entry) for entry in sys.path if entry]  # noqa: PTH100  keeps links as they are
_CHILD = "import sys; sys.path += sys.argv[1:]; from fieldcheck.vision.child import main; main()"

CHILD_COMMAND = (sys.executable, "-I", "-B", "-c", _CHILD, _PACKAGE_ROOT, *_FOUND_HERE)
"""Isolated from the current folder and the environment, the child looks for packages where this process does,
but last: it finds the same ones, installed or not, and nothing lying about takes their place."""

_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
"""What of the environment libraries need to be found; nothing else is passed on."""

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Each thread of a numeric library reserves memory that the child's limit would count."""


_LAST_WORDS = (Refusal.READER_STOPPED, Refusal.TOO_MUCH_MEMORY)
"""Replies after which a child is not asked again."""


class LimitedChild:
    """A child that reads one photo after another, with a model where it is given one.

    `read` belongs to one thread at a time. `kill` may be called from any thread, and is final.
    """

    def __init__(self, command: Sequence[str], timeout_s: float, model: Model | None = None) -> None:
        self.model = model
        self._command = command
        self._timeout_s = timeout_s
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False
        self._lock = threading.Lock()

    def read(self, role: Role, content: bytes) -> Reading:
        """Have one photo read; a child that fails at it is ended, and the next photo gets another.

        Args:
            role: what the photo is for.
            content: the whole file.

        Raises:
            RefusalError: the photo is not usable, or no child could read it.
            InputError, IntegrityError: the model cannot be run, or is not the one that was described.
        """
        process = self._started()
        with _Deadline(process, self._timeout_s) as deadline:
            reply = _ask(process, role, content, self.model.dimension if self.model else 0)
        if deadline.passed or reply in _LAST_WORDS:
            self.end()
        if isinstance(reply, Refusal):
            late = deadline.passed and reply is Refusal.READER_STOPPED
            raise RefusalError(Refusal.TOO_SLOW if late else reply)
        return reply

    def start(self) -> None:
        """Start the child now, to see whether it runs the model.

        Raises:
            RefusalError: it does not start.
            InputError, IntegrityError: the model cannot be run, or is not the one that was described.
        """
        self._started()

    def kill(self) -> None:
        """Stop the child in the midst of what it does, and start no other."""
        with self._lock:
            self._killed = True
            if self._process is not None:
                self._process.kill()

    def end(self) -> None:
        """Stop the child and leave nothing of it."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _started(self) -> subprocess.Popen[bytes]:
        """The running child, or a new one."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.end()
        with self._lock:
            if self._killed:
                raise RefusalError(Refusal.READER_STOPPED)
            try:
                self._process = process = _start(self._command)
            except OSError as error:
                raise RefusalError(Refusal.READER_NOT_STARTED) from error
        with _Deadline(process, MAX_SECONDS_TO_START):
            ready = protocol.read_ready(_stdout(process))
        if not ready:
            self.end()
            raise RefusalError(Refusal.READER_NOT_STARTED)
        if self.model:
            self._hand_over(process, self.model)
        return process

    def _hand_over(self, process: subprocess.Popen[bytes], model: Model) -> None:
        try:
            content = model.content()
            with _Deadline(process, MAX_SECONDS_TO_START):
                runs = _runs(process, model, content)
        except BaseException:
            self.end()
            raise
        if not runs:
            self.end()
            if self._killed:
                raise RefusalError(Refusal.READER_STOPPED)
            raise InputError(
                f"The model {model.name} in {model.file} cannot be run by the photo reader.",
                next_step="Take it from its publisher again, or leave out the setting models.photo.",
            )


class _Deadline:
    """Kills a process that is still busy after some seconds; reading from it then ends."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.passed = False
        self._process = process
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def _pass(self) -> None:
        self.passed = True
        self._process.kill()


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  the command is ours
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parent,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | _ONE_THREAD,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def try_model(model: Model) -> None:
    """Have a child try a model, and end it.

    Raises:
        InputError: the model cannot be run or read, or no child can be started to try it.
        IntegrityError: it is not the one that was described.
    """
    child = LimitedChild(CHILD_COMMAND, MAX_SECONDS, model)
    try:
        child.start()
    except RefusalError as error:
        raise InputError(
            f"The model {model.name} cannot be tried: photo reading does not start on this computer.",
            next_step="Run `fieldcheck doctor` to see why.",
        ) from error
    finally:
        child.end()


def _runs(process: subprocess.Popen[bytes], model: Model, content: bytes) -> bool:
    preparation = Preparation(model.side, model.mean, model.spread, model.dimension)
    try:
        protocol.write_model(_stdin(process), preparation, content)
        return protocol.read_whether_it_runs(_stdout(process))
    except OSError:
        return False


def _ask(process: subprocess.Popen[bytes], role: Role, content: bytes, dimension: int) -> Reading | Refusal:
    try:
        protocol.write_request(_stdin(process), role, content)
        return protocol.read_reply(_stdout(process), role, dimension)
    except (OSError, GarbledReplyError):
        return Refusal.READER_STOPPED


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (_stdin(process), _stdout(process)):
        try:
            stream.close()
        except OSError:
            continue
    process.wait()


def _stdin(process: subprocess.Popen[bytes]) -> BinaryIO:
    return cast("BinaryIO", process.stdin)


def _stdout(process: subprocess.Popen[bytes]) -> BinaryIO:
    return cast("BinaryIO", process.stdout)
