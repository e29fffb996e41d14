"""Keys, signatures in several steps, publishing, refreshing and changing keys."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata

from channel_helpers import Publisher, new_key
from fieldcheck.errors import FieldcheckError, InputError, IntegrityError, NotFoundError, UsageError
from fieldcheck.packs.keys import create_key, load_signer, read_public
from fieldcheck.packs.publishing import Desk, publish
from fieldcheck.packs.roles import DAYS, Role, read_days, read_thresholds
from fieldcheck.packs.roots import Change, draft_first_root, draft_next_root
from fieldcheck.packs.signing import sign_drafts, standing
from fieldcheck.packs.summary import drafts, given_out
from fieldcheck.packs.workshop import Workshop
from sync_helpers import START

PASSPHRASE = "seven words that nobody else has written"  # noqa: S105  it is a test's
CHEAP = 1 << 10


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path / "ministry")


def test_a_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    public = create_key(tmp_path, "root-1", PASSPHRASE, CHEAP)
    private = tmp_path / "root-1.key.json"
    signer = load_signer(private, PASSPHRASE)
    assert read_public(public) == signer.public_key
    read_public(public).verify_signature(signer.sign(b"content"), b"content")
    with pytest.raises(IntegrityError, match="does not open"):
        load_signer(private, f"{PASSPHRASE}.")


def test_neither_half_of_a_key_can_be_swapped(tmp_path: Path) -> None:
    for name in ("one", "two"):
        create_key(tmp_path, name, PASSPHRASE, CHEAP)
    one, two = (json.loads((tmp_path / f"{name}.key.json").read_text()) for name in ("one", "two"))
    for name in ("public", "sealed", "nonce", "salt"):
        (tmp_path / "mixed.key.json").write_text(json.dumps({**one, name: two[name]}))
        with pytest.raises(IntegrityError):
            load_signer(tmp_path / "mixed.key.json", PASSPHRASE)


def test_a_private_key_is_nowhere_in_the_clear(tmp_path: Path) -> None:
    create_key(tmp_path, "one", PASSPHRASE, CHEAP)
    raw = load_signer(tmp_path / "one.key.json", PASSPHRASE).private_bytes
    kept = "".join(path.read_text() for path in tmp_path.iterdir())
    assert "PRIVATE" not in kept
    assert raw.decode().splitlines()[1] not in kept


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "1", '{"keyid": 1}', "[" * 10_000, '{"keyid":"a","keytype":"rsa"}']
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x"
    path.write_text(content)
    for read in (lambda: read_public(path), lambda: load_signer(path, PASSPHRASE)):
        with pytest.raises(InputError):
            read()


def test_short_passphrases_and_taken_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="fewer than 12"):
        create_key(tmp_path, "one", "short", CHEAP)
    create_key(tmp_path, "one", PASSPHRASE, CHEAP)
    with pytest.raises(UsageError, match="is there already"):
        create_key(tmp_path, "one", PASSPHRASE, CHEAP)


def test_holders_sign_one_after_the_other_on_computers_of_their_own(tmp_path: Path) -> None:
    keys = {role: [new_key() for _ in range(3 if role is Role.ROOT else 1)] for role in Role}
    work = Workshop(tmp_path / "office")
    draft_first_root(work, {role: [key.public_key for key in held] for role, held in keys.items()}, {}, DAYS, START)
    here = work.folder
    for number, signer in enumerate(keys[Role.ROOT][1:], start=1):
        away = tmp_path / f"holder-{number}"
        shutil.copytree(here, away)
        (found,) = sign_drafts(Workshop(away), signer)
        assert (found.signed, found.missing) == (number, 2 - number)
        here = away
    with pytest.raises(UsageError, match="may sign no draft"):
        sign_drafts(Workshop(here), new_key())
    with pytest.raises(UsageError, match="may sign no draft"):
        sign_drafts(Workshop(here), keys[Role.TIMESTAMP][0])


def test_the_holder_of_the_targets_key_needs_no_lists(publisher: Publisher) -> None:
    publisher.give("Saint George")
    index = publisher.build("Saint George", "Saint Roch")
    publisher.draft()
    away = Workshop(publisher.folder / "away")
    for name in ("draft", "metadata"):
        shutil.copytree(publisher.work.folder / name, away.folder / name)
    assert f"{index.version}.db: {index.length:,} bytes, SHA-256 {index.sha256}" in " ".join(drafts(away))
    sign_drafts(away, *publisher.keys[Role.TARGETS])
    shutil.copytree(away.folder / "draft", publisher.work.folder / "draft", dirs_exist_ok=True)
    assert publisher.publish().targets == 2


def test_nothing_is_published_before_it_is_signed(tmp_path: Path) -> None:
    ministry = Publisher(tmp_path / "ministry")
    with pytest.raises(UsageError, match="no signed targets"):
        ministry.publish()
    ministry.build("Saint George")
    ministry.draft()
    with pytest.raises(UsageError, match="targets 1 needs 1 more"):
        ministry.publish()
    ministry.sign(*ministry.keys[Role.TARGETS])
    assert "complete" in " ".join(drafts(ministry.work))
    with pytest.raises(UsageError, match="timestamp key is needed"):
        publish(ministry.work, ministry.web, Desk(ministry.keys[Role.SNAPSHOT], DAYS, START))
    assert not ministry.web.folder.exists()
    assert ministry.publish().targets == 1
    assert list(drafts(ministry.work)) == []
    assert "root: 2 of 3 keys" in " ".join(given_out(ministry.work))


def test_a_draft_made_anew_has_no_signature(publisher: Publisher) -> None:
    publisher.build("Saint George")
    publisher.draft()
    publisher.sign(*publisher.keys[Role.TARGETS])
    publisher.build("Saint George", "Saint Roch")
    publisher.draft()
    assert standing(publisher.work, Role.TARGETS).missing == 1


def test_a_file_that_changed_after_the_signature_is_not_given_out(publisher: Publisher) -> None:
    index = publisher.build("Saint George")
    publisher.draft()
    publisher.sign(*publisher.keys[Role.TARGETS])
    path = publisher.work.targets / index.file
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(IntegrityError, match="changed after it was signed"):
        publisher.publish()
    with pytest.raises(IntegrityError, match="changed after it was built"):
        publisher.draft()


def test_what_is_given_out_is_whole_and_no_more_than_needed(publisher: Publisher) -> None:
    for count in range(1, 6):
        publisher.give(*(f"Icon {number}" for number in range(count)))
    names = [path.name for path in publisher.web.metadata.iterdir()]
    assert sorted(names) == [
        "1.root.json", "4.snapshot.json", "4.targets.json", "5.snapshot.json", "5.targets.json", "timestamp.json",
    ]  # fmt: skip
    databases = list((publisher.web.targets / "lists" / "museum").glob("*.db"))
    assert len(databases) == 2
    assert not list(publisher.web.folder.rglob("*.partial"))
    for path in publisher.web.folder.rglob("*"):
        assert os.name == "nt" or path.stat().st_mode & 0o444 == 0o444


def test_a_channel_is_not_published_into_its_own_workshop(publisher: Publisher) -> None:
    publisher.give("Saint George")
    with pytest.raises(UsageError, match="in which the channel is prepared"):
        publish(publisher.work, publisher.work, publisher.desk)


def test_a_refresh_holds_longer_and_changes_nothing_else(publisher: Publisher) -> None:
    publisher.give("Saint George")
    before = {path: path.read_bytes() for path in publisher.web.targets.rglob("*") if path.is_file()}
    publisher.now = START + timedelta(days=30)
    refreshed = publisher.refresh()
    assert refreshed.until == publisher.now + timedelta(days=DAYS[Role.TIMESTAMP])
    assert (refreshed.root, refreshed.targets, refreshed.snapshot) == (1, 1, 2)
    assert {path: path.read_bytes() for path in publisher.web.targets.rglob("*") if path.is_file()} == before
    with pytest.raises(UsageError, match="no published channel"):
        Publisher(publisher.folder.parent / "other").refresh()


def test_a_new_root_needs_old_and_new_holders(publisher: Publisher) -> None:
    publisher.give("Saint George")
    old = publisher.keys[Role.ROOT]
    publisher.rotate(Role.ROOT, signers=old[:2])
    with pytest.raises(UsageError, match="root 2 needs 2 more"):
        publisher.publish()
    publisher.sign(*publisher.keys[Role.ROOT][:2])
    assert publisher.publish().root == 2


def test_new_targets_keys_sign_what_is_given_out_again(publisher: Publisher) -> None:
    publisher.give("Saint George")
    publisher.rotate(Role.TARGETS)
    with pytest.raises(UsageError, match="no longer count"):
        publisher.publish()
    publisher.draft()
    publisher.sign(*publisher.keys[Role.TARGETS])
    assert publisher.publish().targets == 2


def test_changes_that_would_lock_everybody_out_are_refused(publisher: Publisher) -> None:
    with pytest.raises(NotFoundError, match="given out no root"):
        draft_next_root(publisher.work, Change(), DAYS, START)
    publisher.give("Saint George")
    timestamp = publisher.keys[Role.TIMESTAMP][0].public_key.keyid
    for change in (Change(drop=[timestamp]), Change(thresholds={Role.ROOT: 4}), Change(drop=["0x"]), Change(drop=[""])):
        with pytest.raises(FieldcheckError):
            draft_next_root(publisher.work, change, DAYS, START)
    draft_next_root(publisher.work, Change(), DAYS, START)
    with pytest.raises(UsageError, match="waits for signatures"):
        draft_next_root(publisher.work, Change(), DAYS, START)


def test_a_first_root_with_too_few_keys_is_refused(tmp_path: Path) -> None:
    keys = {role: [new_key().public_key] for role in Role}
    with pytest.raises(UsageError, match="root has 1 keys, and 2 must sign"):
        draft_first_root(Workshop(tmp_path), keys, {}, DAYS, START)
    draft_first_root(Workshop(tmp_path), keys, {Role.ROOT: 1}, DAYS, START)
    with pytest.raises(UsageError, match="has a root already"):
        draft_first_root(Workshop(tmp_path), keys, {Role.ROOT: 1}, DAYS, START)


def test_days_are_those_that_were_asked_for(tmp_path: Path) -> None:
    ministry = Publisher(tmp_path / "ministry", days=read_days(["timestamp=3", "root=9"]))
    ministry.give("Saint George")
    until = {
        path.name.split(".")[-2]: Metadata.from_bytes(path.read_bytes()).signed.expires - START
        for path in ministry.web.metadata.iterdir()
    }
    assert until == {role: timedelta(days=days) for role, days in (DAYS | {Role.TIMESTAMP: 3, Role.ROOT: 9}).items()}


@pytest.mark.parametrize(
    "text", ["", "timestamp", "timestamp=", "timestamp=0", "x=1", "root=-1", "root=99999999999999"]
)
def test_days_and_thresholds_that_are_none_are_refused(text: str) -> None:
    for read in (read_days, read_thresholds):
        with pytest.raises(UsageError):
            read([text])
