"""What whoever controls a web server or a stick can try: it is refused, and the old list kept."""

import errno
import shutil
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tuf.api.metadata import Metadata, MetaFile, TargetFile, Targets

from channel_helpers import Checkpoint, Publisher, new_key, sign_by_hand, sign_the_rest_by_hand, utc
from fieldcheck.errors import ExitCode, IntegrityError
from fieldcheck.packs.roles import DAYS, Role
from fieldcheck.sync.outcome import Outcome, OutcomeKind
from fieldcheck.sync.stick import Folder
from sync_helpers import START


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    ministry = Publisher(tmp_path / "ministry")
    ministry.give("Saint George", "Saint Roch")
    return ministry


@pytest.fixture
def checkpoint(home: Path, publisher: Publisher) -> Checkpoint:
    """A laptop that has the first version."""
    laptop = Checkpoint(home, publisher)
    assert kinds(laptop.take(publisher.copy("first"))) == [OutcomeKind.UPDATED]
    return laptop


def kinds(outcomes: list[Outcome]) -> list[OutcomeKind]:
    return [outcome.kind for outcome in outcomes]


def refused(outcomes: list[Outcome], *words: str, code: ExitCode = ExitCode.INTEGRITY) -> None:
    (outcome,) = outcomes
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.exit_code is code
    for word in words:
        assert word in f"{outcome.message} {outcome.next_step}"
    assert outcome.next_step


def test_a_stick_is_verified_and_its_list_put_in_use(checkpoint: Checkpoint, publisher: Publisher) -> None:
    assert checkpoint.titles() == ["Saint George", "Saint Roch"]
    assert kinds(checkpoint.take(publisher.web.folder)) == [OutcomeKind.UNCHANGED]


def test_a_copy_from_before_is_refused(checkpoint: Checkpoint, publisher: Publisher) -> None:
    old = publisher.copy("old")
    publisher.give("Saint George", "Saint Roch", "Chalice")
    checkpoint.take(publisher.web.folder)
    refused(checkpoint.take(old), "older than what this computer has seen", "version 1 of its timestamp after 2")
    assert len(checkpoint.titles()) == 3


def test_a_new_timestamp_cannot_name_an_old_snapshot(checkpoint: Checkpoint, publisher: Publisher) -> None:
    publisher.give("Saint George", "Saint Roch", "Chalice")
    checkpoint.take(publisher.web.folder)
    stick = publisher.copy("stick")
    old = publisher.web.given_out(Role.SNAPSHOT, 1).read_bytes()
    meta = MetaFile.from_data(1, old, ["sha256"])
    sign_by_hand(
        stick / "metadata" / "timestamp.json", publisher.keys[Role.TIMESTAMP][0], version=9, snapshot_meta=meta
    )
    refused(checkpoint.take(stick), "older than what this computer has seen")
    assert len(checkpoint.titles()) == 3


def test_a_new_snapshot_cannot_name_old_targets(checkpoint: Checkpoint, publisher: Publisher) -> None:
    publisher.give("Saint George", "Saint Roch", "Chalice")
    checkpoint.take(publisher.web.folder)
    stick = publisher.copy("stick")
    snapshot, timestamp = stick / "metadata" / "2.snapshot.json", stick / "metadata" / "timestamp.json"
    old = MetaFile.from_data(1, publisher.web.given_out(Role.TARGETS, 1).read_bytes(), ["sha256"])
    sign_by_hand(snapshot, publisher.keys[Role.SNAPSHOT][0], version=3, meta={"targets.json": old})
    shutil.move(snapshot, snapshot.with_name("3.snapshot.json"))
    meta = MetaFile.from_data(3, (stick / "metadata" / "3.snapshot.json").read_bytes(), ["sha256"])
    sign_by_hand(timestamp, publisher.keys[Role.TIMESTAMP][0], version=3, snapshot_meta=meta)
    refused(checkpoint.take(stick), "older than what this computer has seen")


@pytest.mark.parametrize("role", list(Role))
def test_a_role_that_ran_out_is_named_with_the_day(home: Path, tmp_path: Path, role: Role) -> None:
    ministry = Publisher(tmp_path / "ministry", days={**dict.fromkeys(Role, 300), role: 10})
    ministry.give("Saint George")
    laptop = Checkpoint(home, ministry)
    laptop.take(ministry.web.folder)
    laptop.later(days=11)
    refused(laptop.take(ministry.web.folder), f"its {role} ran out on 2026-12-04", "2026-12-05", "computer's date")
    assert laptop.titles() == ["Saint George"]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_that_ran_out_is_refused_by_a_laptop_that_never_saw_it(home: Path, tmp_path: Path, role: Role) -> None:
    ministry = Publisher(tmp_path / "ministry", days={**dict.fromkeys(Role, 300), role: 10})
    ministry.give("Saint George")
    laptop = Checkpoint(home, ministry)
    laptop.later(days=11)
    refused(laptop.take(ministry.web.folder), f"its {role} ran out on 2026-12-04")


def test_a_frozen_channel_is_noticed_when_its_timestamp_runs_out(checkpoint: Checkpoint, publisher: Publisher) -> None:
    frozen = publisher.copy("frozen")
    checkpoint.later(days=DAYS[Role.TIMESTAMP] - 1)
    assert kinds(checkpoint.take(frozen)) == [OutcomeKind.UNCHANGED]
    checkpoint.later(days=DAYS[Role.TIMESTAMP] + 1)
    refused(checkpoint.take(frozen), "ran out", "newer lists could be held back", "bring a newer copy")
    publisher.now = checkpoint.at
    publisher.refresh()
    assert kinds(checkpoint.take(publisher.web.folder)) == [OutcomeKind.UNCHANGED]


@pytest.mark.parametrize("role", [Role.SNAPSHOT, Role.TARGETS])
def test_files_of_two_moments_are_not_mixed(home: Path, publisher: Publisher, role: Role) -> None:
    first = publisher.copy("first")
    publisher.give("Saint George", "Saint Roch", "Chalice")
    mixed = publisher.copy("mixed")
    shutil.copyfile(first / "metadata" / f"1.{role}.json", mixed / "metadata" / f"2.{role}.json")
    refused(Checkpoint(home, publisher).take(mixed), "not of one moment", "Copy the whole channel")


@pytest.mark.parametrize("changed", ["*.db", "*.index.json"])
def test_a_file_that_was_swapped_is_refused(home: Path, publisher: Publisher, changed: str) -> None:
    stick = publisher.copy("stick")
    (path,) = (stick / "targets" / "lists" / "museum").glob(changed)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    laptop = Checkpoint(home, publisher)
    refused(laptop.take(stick), "not the file that the publisher signed")
    assert not list(home.rglob("*.db"))
    assert kinds(laptop.take(publisher.web.folder)) == [OutcomeKind.UPDATED]


def test_one_signature_of_two_is_not_enough_for_a_root(checkpoint: Checkpoint, publisher: Publisher) -> None:
    stick = publisher.copy("stick")
    root = stick / "metadata" / "2.root.json"
    shutil.copyfile(publisher.root_file, root)
    sign_by_hand(root, publisher.keys[Role.ROOT][0], version=2)
    refused(checkpoint.take(stick), "root is not signed by enough", "1/2", "in person")


def test_a_new_root_needs_the_holders_of_the_one_before(checkpoint: Checkpoint, publisher: Publisher) -> None:
    own = Publisher(publisher.folder.parent / "thief")
    stick = publisher.copy("stick")
    root = stick / "metadata" / "2.root.json"
    shutil.copyfile(own.work.draft(Role.ROOT), root)
    for more, key in enumerate(own.keys[Role.ROOT][:2]):
        sign_by_hand(root, key, version=2, more=bool(more))
    refused(checkpoint.take(stick), "root is not signed by enough", "0/2")


@pytest.mark.parametrize("role", [Role.TARGETS, Role.SNAPSHOT, Role.TIMESTAMP])
def test_metadata_by_another_key_is_refused(checkpoint: Checkpoint, publisher: Publisher, role: Role) -> None:
    publisher.give("Saint George", "Saint Roch", "Chalice")
    stick = publisher.copy("stick")
    names = {Role.TARGETS: "2.targets.json", Role.SNAPSHOT: "2.snapshot.json", Role.TIMESTAMP: "timestamp.json"}
    changed = stick / "metadata" / names[role]
    sign_by_hand(changed, new_key())
    # The thief has the keys below, so that only the signature itself can tell.
    if role is not Role.TIMESTAMP:
        sign_the_rest_by_hand(publisher, stick, 2, snapshot=role is Role.TARGETS)
    refused(checkpoint.take(stick), f"{role} is not signed by enough", "0/1")
    assert checkpoint.titles() == ["Saint George", "Saint Roch"]


def test_a_chain_of_roots_is_followed(checkpoint: Checkpoint, publisher: Publisher) -> None:
    for role in (Role.ROOT, Role.TIMESTAMP, Role.ROOT, Role.SNAPSHOT, Role.TARGETS):
        publisher.rotate(role)
        if role is Role.TARGETS:
            publisher.draft()
            publisher.sign(*publisher.keys[role])
        publisher.publish()
    assert kinds(checkpoint.take(publisher.web.folder)) == [OutcomeKind.UNCHANGED]
    publisher.give("Chalice", "Saint George")
    assert kinds(checkpoint.take(publisher.web.folder)) == [OutcomeKind.UPDATED]
    assert checkpoint.titles() == ["Chalice", "Saint George"]


def test_a_key_that_was_dropped_signs_nothing_more(checkpoint: Checkpoint, publisher: Publisher) -> None:
    (stolen,) = publisher.keys[Role.TIMESTAMP]
    publisher.rotate(Role.TIMESTAMP)
    publisher.publish()
    checkpoint.take(publisher.web.folder)
    stick = publisher.copy("stick")
    sign_by_hand(stick / "metadata" / "timestamp.json", stolen, version=50)
    refused(checkpoint.take(stick), "timestamp is not signed by enough")


def test_a_gap_in_the_chain_of_roots_is_not_jumped(checkpoint: Checkpoint, publisher: Publisher) -> None:
    for _ in range(2):
        publisher.rotate(Role.TIMESTAMP)
        publisher.publish()
    stick = publisher.copy("stick")
    shutil.move(stick / "metadata" / "3.root.json", stick / "metadata" / "2.root.json")
    refused(checkpoint.take(stick), "root")


def test_versions_that_a_thief_wound_forward_are_recovered_from(checkpoint: Checkpoint, publisher: Publisher) -> None:
    stick = publisher.copy("stick")
    snapshot, timestamp = stick / "metadata" / "900000000.snapshot.json", stick / "metadata" / "timestamp.json"
    shutil.copyfile(stick / "metadata" / "1.snapshot.json", snapshot)
    sign_by_hand(snapshot, publisher.keys[Role.SNAPSHOT][0], version=900_000_000)
    meta = MetaFile.from_data(900_000_000, snapshot.read_bytes(), ["sha256"])
    sign_by_hand(timestamp, publisher.keys[Role.TIMESTAMP][0], version=900_000_000, snapshot_meta=meta)
    assert kinds(checkpoint.take(stick)) == [OutcomeKind.UNCHANGED]

    publisher.give("Chalice", "Saint George")
    refused(checkpoint.take(publisher.web.folder), "older than what this computer has seen")

    publisher.rotate(Role.SNAPSHOT, Role.TIMESTAMP)
    publisher.publish()
    assert kinds(checkpoint.take(publisher.web.folder)) == [OutcomeKind.UPDATED]
    publisher.give("Chalice")
    assert publisher.publish().snapshot < 10
    assert checkpoint.titles() == ["Chalice", "Saint George"]


def test_a_clock_far_behind_is_told_from_an_attack(home: Path, publisher: Publisher) -> None:
    laptop = Checkpoint(home, publisher, at=utc(2020, 1, 1))
    refused(
        laptop.take(publisher.web.folder), "signed on 2026-11-24", "clock says 2020-01-01", "Set this computer's date"
    )


def test_a_clock_that_is_set_back_makes_nothing_young_again(checkpoint: Checkpoint, publisher: Publisher) -> None:
    frozen = publisher.copy("frozen")
    publisher.now = START + timedelta(days=40)
    publisher.refresh()
    checkpoint.later(days=40)
    assert kinds(checkpoint.take(publisher.web.folder)) == [OutcomeKind.UNCHANGED]
    shutil.rmtree(checkpoint.channel.metadata)
    checkpoint.channel.metadata.mkdir()
    checkpoint.later(days=1)
    refused(checkpoint.take(frozen), "ran out", "2027-01-03")


def test_a_clock_far_ahead_does_no_lasting_harm(checkpoint: Checkpoint, publisher: Publisher) -> None:
    checkpoint.at = utc(2040, 1, 1)
    refused(checkpoint.take(publisher.web.folder), "ran out", "2040-01-01", "computer's date")
    checkpoint.later(days=2)
    assert kinds(checkpoint.take(publisher.web.folder)) == [OutcomeKind.UNCHANGED]


class Breaking(BytesIO):
    """A file on a stick that is pulled out when its reads are used up."""

    def __init__(self, content: bytes, stick: "PulledOut") -> None:
        super().__init__(content)
        self._stick = stick

    def read(self, size: int | None = -1, /) -> bytes:
        self._stick.reads -= 1
        if self._stick.reads < 0:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)


class PulledOut(Folder):
    """A stick that is pulled out at the n-th read."""

    def __init__(self, folder: Path, reads: int) -> None:
        super().__init__(folder)
        self.reads = reads

    def _open(self, name: str) -> BinaryIO:
        with super()._open(name) as stream:
            return Breaking(stream.read(), self)


def test_a_stick_can_be_pulled_out_at_any_moment(
    checkpoint: Checkpoint, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldcheck.sync.stick._BLOCK", 8_192)
    publisher.give("Chalice", "Saint George")
    shutil.rmtree(publisher.web.targets / "deltas")
    for reads in range(50):
        outcomes = checkpoint.take_from(PulledOut(publisher.web.folder, reads))
        if kinds(outcomes) == [OutcomeKind.UPDATED]:
            break
        refused(outcomes, "ceased to be readable", "Put the stick in again")
        assert checkpoint.titles() == ["Saint George", "Saint Roch"]
    assert 10 < reads < 49
    assert checkpoint.titles() == ["Chalice", "Saint George"]


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 16_000, b'{"signed":{"_type":"timestamp"}}', b"\xff" * 99])
def test_metadata_that_is_none_is_refused(checkpoint: Checkpoint, publisher: Publisher, content: bytes) -> None:
    stick = publisher.copy("stick")
    (stick / "metadata" / "timestamp.json").write_bytes(content)
    refused(checkpoint.take(stick), "cannot be read or contradicts itself")


def test_a_list_cannot_have_a_name_that_leads_elsewhere(home: Path, publisher: Publisher) -> None:
    stick = publisher.copy("stick")
    names = ("lists/../index.json", "lists/Museum/index.json", "lists//index.json", "lists/a/b/index.json")
    odd = {name: TargetFile(3, {"sha256": "0" * 64}, name) for name in names}
    odd["lists/x/index.json"] = TargetFile(3, {"sha256": "../x"}, "lists/x/index.json")
    targets = stick / "metadata" / "1.targets.json"
    signed = Metadata[Targets].from_bytes(targets.read_bytes()).signed.targets
    sign_by_hand(targets, publisher.keys[Role.TARGETS][0], targets=signed | odd)
    sign_the_rest_by_hand(publisher, stick)
    (outcome,) = Checkpoint(home, publisher).take(stick)
    assert (outcome.list_id, outcome.kind) == ("museum", OutcomeKind.UPDATED)


def test_a_stick_that_is_not_there_is_no_attack(checkpoint: Checkpoint, publisher: Publisher) -> None:
    refused(checkpoint.take_from(Folder(publisher.folder / "none")), "is not there", code=ExitCode.NETWORK)


@pytest.mark.parametrize("name", ["timestamp.json", "2.snapshot.json", "2.targets.json"])
def test_a_stick_that_is_not_whole_is_refused(checkpoint: Checkpoint, publisher: Publisher, name: str) -> None:
    publisher.give("Chalice", "Saint George")
    stick = publisher.copy("stick")
    (stick / "metadata" / name).unlink()
    refused(checkpoint.take(stick), f"{name} is missing")


@pytest.mark.parametrize("name", ["2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"])
@pytest.mark.parametrize("size", [600_000, 6_000_000])
def test_metadata_without_end_is_not_read(checkpoint: Checkpoint, publisher: Publisher, name: str, size: int) -> None:
    publisher.give("Chalice", "Saint George")
    stick = publisher.copy("stick")
    (stick / "metadata" / name).write_bytes(b" " * size)
    refused(checkpoint.take(stick), "lo" if size < 5_000_000 else "larger than")


def test_a_pipe_or_folder_in_place_of_a_file_is_not_waited_for(checkpoint: Checkpoint, publisher: Publisher) -> None:
    stick = publisher.copy("stick")
    (stick / "metadata" / "timestamp.json").unlink()
    (stick / "metadata" / "timestamp.json").mkdir()
    refused(checkpoint.take(stick), "is no file")


def test_a_channel_of_somebody_else_is_not_trusted(checkpoint: Checkpoint, tmp_path: Path) -> None:
    other = Publisher(tmp_path / "other")
    other.give("Nothing of value")
    with pytest.raises(IntegrityError, match="not trusted here") as caught:
        checkpoint.take(other.web.folder)
    assert "add-channel" in caught.value.next_step


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_of_metadata_can_be_changed(checkpoint: Checkpoint, publisher: Publisher, data: st.DataObject) -> None:
    stick = publisher.folder / "bent"
    shutil.rmtree(stick, ignore_errors=True)
    shutil.copytree(publisher.web.folder, stick)
    path = data.draw(st.sampled_from(sorted((stick / "metadata").iterdir())))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    outcomes = []
    with suppress(IntegrityError):  # it seems to be another channel's
        outcomes = checkpoint.take(stick)
    for outcome in outcomes:
        assert outcome.kind is not OutcomeKind.UPDATED
        assert outcome.exit_code in {ExitCode.NOTHING_FOUND, ExitCode.INTEGRITY}
    assert checkpoint.titles() == ["Saint George", "Saint Roch"]
