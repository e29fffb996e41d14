"""Channels: trusting one, taking its lists from the web or a folder, and what else a checkpoint is protected from."""

import shutil
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from channel_helpers import Checkpoint, Publisher, served
from cli_helpers import Commands, assert_valid
from conftest import Install
from fieldcheck.cache.pointer import read_kept
from fieldcheck.errors import ExitCode, InputError, NotFoundError, UsageError
from fieldcheck.models import Record
from fieldcheck.sync.channel import Channel, add_channel, fingerprint, read_channels, remove_channel
from fieldcheck.sync.channel_all import choose, sync_channels
from fieldcheck.sync.channel_web import Web
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.outcome import Outcome, OutcomeKind
from fieldcheck.sync.run import NO_WISHES, Wishes
from sync_helpers import FakeClock, RecordedProgress, tools_for

MANY = [f"Icon {number}" for number in range(400)]


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    ministry = Publisher(tmp_path / "ministry")
    ministry.give("Saint George", "Saint Roch")
    return ministry


@pytest.fixture
def checkpoint(home: Path, publisher: Publisher) -> Checkpoint:
    return Checkpoint(home, publisher)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)


def from_web(checkpoint: Checkpoint, address: str, wishes: Wishes = NO_WISHES) -> list[Outcome]:
    with Fetcher() as fetcher:
        tools = tools_for(fetcher, FakeClock(checkpoint.at), checkpoint.progress)
        return checkpoint.take_from(Web(address, tools), wishes)


def test_a_channel_on_the_web_is_verified_as_a_stick_is(checkpoint: Checkpoint, publisher: Publisher) -> None:
    with served(publisher.web.folder) as address:
        (outcome,) = from_web(checkpoint, address)
    assert outcome.kind is OutcomeKind.UPDATED
    assert (outcome.records, outcome.added) == (2, 2)
    assert checkpoint.titles() == ["Saint George", "Saint Roch"]
    held = read_kept(checkpoint.home).in_use["museum"]
    assert (held.info.published, held.info.packaged[:2], held.confirmed) == ("2026-11-01", "20", "2026-11-24")
    assert [entry.kind for entry in checkpoint.take(publisher.copy("stick"))] == [OutcomeKind.UNCHANGED]


def test_a_version_behind_takes_only_the_delta(checkpoint: Checkpoint, publisher: Publisher) -> None:
    publisher.give(*MANY)
    checkpoint.take(publisher.web.folder)
    index = publisher.give(*MANY[:-1], "Chalice")
    stick = publisher.copy("stick")
    (whole,) = (stick / "targets" / "lists" / "museum").glob(f"*.{index.version}.db")
    whole.unlink()
    (outcome,) = checkpoint.take(stick)
    assert outcome.kind is OutcomeKind.UPDATED
    assert (outcome.added, outcome.changed, outcome.delisted) == (0, 1, 0)
    assert checkpoint.titles()[-1] == "Chalice"
    assert checkpoint.progress.started[-1][1] == index.deltas[0].length < index.length / 2


def test_a_damaged_delta_costs_only_time(checkpoint: Checkpoint, publisher: Publisher) -> None:
    publisher.give(*MANY)
    checkpoint.take(publisher.web.folder)
    publisher.give(*MANY[:-1], "Chalice")
    stick = publisher.copy("stick")
    for delta in (stick / "targets" / "deltas").glob("museum/*.delta"):
        delta.write_bytes(bytes(delta.stat().st_size))
    (outcome,) = checkpoint.take(stick)
    assert outcome.kind is OutcomeKind.UPDATED
    assert "fetched instead" in checkpoint.progress.notes[-1]


def test_a_version_in_use_that_was_damaged_is_mended(checkpoint: Checkpoint, publisher: Publisher) -> None:
    checkpoint.take(publisher.web.folder)
    (path,) = (checkpoint.home / "lists" / "museum").glob("*.db")
    path.write_bytes(b"")
    (outcome,) = checkpoint.take(publisher.web.folder)
    assert outcome.kind is OutcomeKind.UPDATED
    assert checkpoint.titles() == ["Saint George", "Saint Roch"]


def test_a_list_from_elsewhere_is_not_replaced(
    checkpoint: Checkpoint, publisher: Publisher, install_list: Install
) -> None:
    install_list("museum", Record(id="1", title="Ours"))
    (outcome,) = checkpoint.take(publisher.web.folder)
    assert outcome.exit_code is ExitCode.INTEGRITY
    assert "held here from elsewhere" in outcome.message
    assert checkpoint.titles() == ["Ours"]


def test_a_channel_may_not_replace_the_list_of_another(checkpoint: Checkpoint, tmp_path: Path) -> None:
    checkpoint.take(checkpoint.publisher.web.folder)
    other = Publisher(tmp_path / "other")
    other.give("Nothing", "at all")
    (outcome,) = Checkpoint(checkpoint.home, other, "other").take(other.web.folder)
    assert "may not replace it" in outcome.message
    assert checkpoint.titles() == ["Saint George", "Saint Roch"]


def test_a_list_that_shrank_needs_a_reason(checkpoint: Checkpoint, publisher: Publisher) -> None:
    checkpoint.take(publisher.web.folder)
    publisher.give("Saint George")
    (outcome,) = checkpoint.take(publisher.web.folder)
    assert outcome.exit_code is ExitCode.INTEGRITY
    assert "--accept-shrink" in outcome.next_step
    assert checkpoint.titles() == ["Saint George", "Saint Roch"]
    (outcome,) = checkpoint.take(publisher.web.folder, Wishes(accept_shrink="told by telephone"))
    assert outcome.kind is OutcomeKind.UPDATED


def test_fewer_records_than_declared_are_refused(checkpoint: Checkpoint, publisher: Publisher) -> None:
    publisher.give("Saint George", min_records=5)
    (outcome,) = checkpoint.take(publisher.web.folder)
    assert "declares at least 5" in outcome.message


def test_a_version_may_wait(checkpoint: Checkpoint, publisher: Publisher) -> None:
    checkpoint.take(publisher.web.folder)
    publisher.give("Chalice", "Saint George")
    (outcome,) = checkpoint.take(publisher.web.folder, Wishes(preview=True))
    assert outcome.kind is OutcomeKind.WAITING
    assert checkpoint.titles() == ["Saint George", "Saint Roch"]


def test_a_stick_may_leave_lists_out(checkpoint: Checkpoint, publisher: Publisher) -> None:
    publisher.give("Coin", list_id="coins")
    stick = publisher.copy("stick")
    shutil.rmtree(stick / "targets" / "lists" / "coins")
    (outcome,) = checkpoint.take(stick)
    assert (outcome.list_id, outcome.kind) == ("museum", OutcomeKind.UPDATED)
    assert "coins is not in" in checkpoint.progress.notes[-1]
    shutil.rmtree(stick / "targets")
    (outcome,) = checkpoint.take(stick)
    assert outcome.exit_code is ExitCode.INTEGRITY
    assert "None of the channel's lists" in outcome.message


class Secretive(SimpleHTTPRequestHandler):
    """Says that it is forbidden to ask for what is not there."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        super().send_error(403 if code == 404 else code, message, explain)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base's
        pass


def test_a_web_server_that_forbids_what_it_has_not_will_do(checkpoint: Checkpoint, publisher: Publisher) -> None:
    with served(publisher.web.folder, Secretive) as address:
        (outcome,) = from_web(checkpoint, address)
        assert outcome.kind is OutcomeKind.UPDATED
        publisher.web.timestamp.unlink()
        (outcome,) = from_web(checkpoint, address)
    assert (outcome.kind, outcome.exit_code) == (OutcomeKind.FAILED, ExitCode.NETWORK)


class Redirects(SimpleHTTPRequestHandler):
    """Sends everybody to another host."""

    target = "http://127.0.0.1:9"

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"{self.target}{self.path}")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base's
        pass


class LoginPage(Redirects):
    """Answers every question with a form."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<form>")


@pytest.mark.parametrize(
    ("handler", "words"), [(Redirects, "may not speak to http://127.0.0.1:9"), (LoginPage, "a web page instead")]
)
def test_a_web_server_that_leads_elsewhere_is_not_followed(
    checkpoint: Checkpoint, tmp_path: Path, handler: type[SimpleHTTPRequestHandler], words: str
) -> None:
    with served(tmp_path, handler) as address:
        (outcome,) = from_web(checkpoint, address)
    assert outcome.exit_code is ExitCode.NETWORK
    assert words in outcome.message


def test_a_web_server_without_the_channel_is_a_matter_of_the_network(checkpoint: Checkpoint, tmp_path: Path) -> None:
    with served(tmp_path) as address:
        (outcome,) = from_web(checkpoint, address)
    assert outcome.exit_code is ExitCode.NETWORK
    assert "has nothing at '/metadata/timestamp.json'" in outcome.message


def test_a_root_that_is_none_is_refused(home: Path, publisher: Publisher, tmp_path: Path) -> None:
    metadata = publisher.web.metadata
    unsigned = tmp_path / "unsigned.json"
    unsigned.write_text(publisher.root_file.read_text().replace('"sig":"', '"sig":"00'))
    for path in (metadata / "timestamp.json", metadata / "1.targets.json", unsigned, tmp_path / "none", tmp_path):
        with pytest.raises(InputError) as caught:
            add_channel(home, str(tmp_path), path, "ministry")
        assert caught.value.next_step
    assert read_channels(home) == ()


@pytest.mark.parametrize(
    "address", ["http://lists.example.org", "ftp://lists.example.org/x", "https://lists.example.org/?a=b", "no folder"]
)
def test_an_address_that_could_be_listened_to_is_refused(home: Path, publisher: Publisher, address: str) -> None:
    with pytest.raises(UsageError):
        add_channel(home, address, publisher.root_file)


def test_channels_are_added_once_and_removed(home: Path, publisher: Publisher) -> None:
    channel = add_channel(home, "https://lists.example.org/heritage/", publisher.root_file)
    assert (channel.name, channel.address) == ("lists-example-org", "https://lists.example.org/heritage")
    assert len(fingerprint(channel.root).split()) == 8
    with pytest.raises(UsageError, match="is there already"):
        add_channel(home, "https://lists.example.org", publisher.root_file)
    with pytest.raises(UsageError, match="cannot be the name"):
        add_channel(home, "https://lists.example.org", publisher.root_file, "../x")
    assert remove_channel(home, channel.name) == channel
    with pytest.raises(NotFoundError):
        remove_channel(home, channel.name)


def test_lists_are_asked_for_where_they_come_from(home: Path) -> None:
    one, two = (Channel(name, f"https://{name}.example", home / name) for name in ("one", "two"))
    one.index_path("museum").parent.mkdir(parents=True)
    one.index_path("museum").write_text("{}")
    assert choose([one, two], []) == {one: (), two: ()}
    assert choose([one, two], ["museum"]) == {one: ("museum",)}
    assert choose([one, two], ["two"]) == {two: ()}
    assert choose([one, two], ["new"]) == {one: ("new",), two: ("new",)}


def test_a_list_that_no_channel_offers_is_said_to_be_missing(checkpoint: Checkpoint) -> None:
    with Fetcher() as fetcher:
        tools = tools_for(fetcher, FakeClock(checkpoint.at), RecordedProgress())
        (outcome,) = sync_channels(checkpoint.home, {checkpoint.channel: ("none",)}, tools, NO_WISHES)
    assert outcome.exit_code is ExitCode.USAGE
    assert "No channel offers a list 'none'" in outcome.message


def test_the_command_line_goes_the_whole_way(run: Commands, tmp_path: Path, home: Path) -> None:
    ministry = Publisher(tmp_path / "today", now=datetime.now(UTC))
    ministry.give("Saint George", "Saint Roch")
    stick = ministry.copy("stick")
    refused = run("lists", "import", stick)
    assert refused.code == ExitCode.INTEGRITY
    assert "not trusted here" in refused.err
    with served(ministry.web.folder) as address:
        added = run("lists", "add-channel", address, "--root", ministry.root_file, "--name", "ministry")
        assert added.code == ExitCode.NOTHING_FOUND
        assert fingerprint(ministry.root_file.read_bytes()) in added.out
        synced = run("sync", "ministry", "--json")
        assert synced.code == ExitCode.NOTHING_FOUND
        assert_valid(synced.json, "sync")
        assert run("sync", "museum").code == ExitCode.NOTHING_TO_UPDATE
        assert "'none'" in run("sync", "none").out
    assert run("lists", "import", stick).code == ExitCode.NOTHING_TO_UPDATE
    assert "lists: museum" in run("lists", "channels").out
    assert run("sync", "ministry").code == ExitCode.NETWORK
    assert run("lists", "remove-channel", "ministry").code == ExitCode.NOTHING_FOUND
    assert not list((home / "trust").iterdir())
    assert "museum" in run("lists", "status").out
