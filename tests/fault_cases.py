"""Commands that change what is held, each with the lists that it begins with and those that it may leave."""

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from channel_helpers import Publisher
from faults import Fault, Survived, run_in_child
from fbi_server import FbiServer
from fieldcheck.cache.holdings import open_holdings
from fieldcheck.cache.pointer import read_kept, version_path
from fieldcheck.cli.main import run
from fieldcheck.errors import ExitCode
from fieldcheck.files import sha256_of
from fieldcheck.matching.match import match_item
from fieldcheck.models import Item
from fieldcheck.text.reading import Reader

LIST = "museum"
ITEM = Item(text="painting, Heron at Dusk, 41 x 33 cm")
_READER = Reader()
_ANSWERS = {ExitCode.NOTHING_FOUND, ExitCode.POSSIBLE, ExitCode.STRONG, ExitCode.NOT_FULLY_CHECKED, ExitCode.CONTROL}
_DONE = {ExitCode.NOTHING_FOUND, ExitCode.NOTHING_TO_UPDATE}


@dataclass
class Case:
    """One command that is interrupted.

    ``template`` is the home that it begins with, ``folders`` what is watched, ``done_twice`` how the command may end
    when it is run again although it had done its work.
    """

    name: str
    arguments: tuple[object, ...]
    template: Path
    home: Path
    list_id: str = LIST
    stick: Path | None = None
    done_twice: set[ExitCode] = field(default_factory=set)
    before: str = ""
    after: str = ""
    files_after: set[str] = field(default_factory=set)

    def rehearse(self) -> int:
        """Run it undisturbed once, to know how it ends, and how many moments it has."""
        self.begin()
        self.before = version_in_use(self.home, self.list_id)
        survived = run_in_child(self._watched, Fault(), self.arguments)
        assert survived.code in _DONE, survived
        self.after, self.files_after = version_in_use(self.home, self.list_id), files_of(self.home)
        return survived.moments

    def begin(self) -> None:
        """The home as it was before."""
        for folder in (self.home, self.stick):
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, self.home)

    def meet(self, fault: Fault) -> Survived:
        """Run it with a fault, and see that a whole list still answers."""
        self.begin()
        survived = run_in_child(self._watched, fault, self.arguments)
        self.assert_it_answers()
        return survived

    def assert_it_answers(self) -> None:
        """Every list that is held is whole, is the old version or the new one, and finds the object."""
        with open_holdings(self.home) as holdings:
            assert not [held.problem for held in holdings.held if held.problem]
            versions = {held.installed.info.id: held.installed for held in holdings.held}
            found = match_item(ITEM, holdings, _READER, 10).candidates
        for held in read_kept(self.home).in_use.values():
            assert sha256_of(version_path(self.home, held)) == held.sha256
        version = versions[self.list_id].version if self.list_id in versions else ""
        assert version in {self.before, self.after}
        assert not version or self.list_id in {candidate.list_id for candidate in found}

    def assert_the_command_answers(self) -> None:
        """The same, by the command that an officer types."""
        with quiet() as said:
            code = run(["check", ITEM.text, "--home", str(self.home), "--json"])
        assert code in _ANSWERS
        lists = json.loads(said.getvalue().splitlines()[0])["verdict"]["lines"]["data"]["lists"]
        assert [entry["version"] for entry in lists if entry["id"] == self.list_id] in (
            [[self.before], [self.after]] if self.before and self.after else [[], [self.before or self.after]]
        )

    def assert_it_can_be_done_again(self) -> None:
        """The same command now succeeds, and nothing is left of the first try."""
        with quiet() as said:
            code = run([str(argument) for argument in self.arguments])
        assert code in _DONE | self.done_twice, said.getvalue()
        assert version_in_use(self.home, self.list_id) == self.after
        assert files_of(self.home) == self.files_after

    @property
    def _watched(self) -> tuple[Path, ...]:
        return (self.home, self.stick) if self.stick else (self.home,)


def list_file(path: Path, number: int) -> Path:
    """A list of two records that says which version it is."""
    rows = "".join(f"M-{row},Heron at Dusk {row} of {number},painting,41 x 33 cm,stolen\n" for row in range(2))
    path.write_text(f"id,title,object_type,measurements,status\n{rows}", encoding="utf-8")
    return path


def descriptor(folder: Path, server: FbiServer) -> Path:
    """A folder that says that the FBI's list is on this machine."""
    folder.mkdir(exist_ok=True)
    (folder / "fbi.toml").write_text(
        f'id = "fbi"\nname = "Stolen"\npublisher = "FBI"\nlicence = ""\nterms = ""\nurl = "https://example.org"\n'
        f'endpoint = "{server.origin}/artcrimes"\nhosts = ["{server.origin}"]\npause_s = 0.0\n',
        encoding="utf-8",
    )
    return folder


def version_in_use(home: Path, list_id: str) -> str:
    found = read_kept(home).in_use.get(list_id)
    return found.version if found else ""


def files_of(home: Path) -> set[str]:
    """The files of all lists, but for logs and locks."""
    lists = home / "lists"
    return {
        path.relative_to(lists).as_posix()
        for path in lists.rglob("*")
        if path.is_file() and path.suffix not in {".log", ".lock"} and path.name != ".lock"
    }


@contextmanager
def quiet() -> Iterator[io.StringIO]:
    """Take what is written."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        yield said


def command(*arguments: object) -> None:
    """Prepare something by a command that must work."""
    with quiet() as said:
        code = run([str(argument) for argument in arguments])
    assert code == ExitCode.NOTHING_FOUND, said.getvalue()


def _held(folder: Path, versions: int) -> Path:
    home = folder / "template"
    for number in range(1, versions + 1):
        command("lists", "import", list_file(folder / f"v{number}.csv", number), "--list", LIST, "--home", home)
    return home


def case(name: str, folder: Path, server: FbiServer) -> Case:
    """The case of that name, prepared below a folder."""
    template = _held(folder, 2)
    return _CASES[name](Desk(folder, server, template, folder / "home"), name)


@dataclass(frozen=True)
class Desk:
    """What a case is prepared with."""

    folder: Path
    server: FbiServer
    template: Path
    home: Path

    def case(self, name: str, *arguments: object, **options: Any) -> Case:
        """A command that changes the home."""
        return Case(name, (*arguments, "--home", self.home), self.template, self.home, **options)


def _import(desk: Desk, name: str) -> Case:
    return desk.case(name, "lists", "import", list_file(desk.folder / "v3.csv", 3), "--list", LIST)


def _import_from_stick(desk: Desk, name: str) -> Case:
    other, stick = desk.folder / "other", desk.folder / "given"
    command("lists", "import", list_file(desk.folder / "v3.csv", 3), "--list", LIST, "--home", other)
    command("lists", "export", "--out", stick, "--home", other)
    return desk.case(name, "lists", "import", stick)


def _export(desk: Desk, name: str) -> Case:
    stick = desk.folder / "stick"
    return desk.case(name, "lists", "export", "--out", stick, stick=stick)


def _rollback(desk: Desk, name: str) -> Case:
    return desk.case(name, "lists", "rollback", LIST, done_twice={ExitCode.USAGE})


def _undo(desk: Desk, name: str) -> Case:
    command("lists", "rollback", LIST, "--home", desk.template)
    return desk.case(name, "lists", "rollback", LIST, "--undo", done_twice={ExitCode.USAGE})


def _remove(desk: Desk, name: str) -> Case:
    return desk.case(name, "lists", "remove", LIST, done_twice={ExitCode.USAGE})


def _sync(desk: Desk, name: str) -> Case:
    syncing = ("sync", "fbi", "--sources", descriptor(desk.folder / "sources", desk.server))
    command(*syncing, "--home", desk.template)
    desk.server.items[0]["title"] = "Heron at Dusk, turned"
    return desk.case(name, *syncing, list_id="fbi")


def _accept(desk: Desk, name: str) -> Case:
    syncing = _sync(desk, name).arguments[:-2]
    command(*syncing, "--preview", "--home", desk.template)
    return desk.case(name, "lists", "accept", "fbi", list_id="fbi", done_twice={ExitCode.USAGE})


def _channel(desk: Desk, name: str) -> Case:
    ministry = Publisher(desk.folder / "ministry", now=datetime.now(UTC))
    ministry.give("Heron at Dusk", list_id="losses")
    added = ("lists", "add-channel", ministry.web.folder, "--root", ministry.root_file, "--home", desk.template)
    command(*added)
    command("lists", "import", ministry.web.folder, "--home", desk.template)
    ministry.give("Heron at Dusk", "Heron at Dawn", list_id="losses")
    return desk.case(name, "lists", "import", ministry.web.folder, list_id="losses")


_CASES = {
    "channel": _channel,
    "import": _import,
    "import from a stick": _import_from_stick,
    "export": _export,
    "sync": _sync,
    "accept": _accept,
    "rollback": _rollback,
    "undo": _undo,
    "remove": _remove,
}
