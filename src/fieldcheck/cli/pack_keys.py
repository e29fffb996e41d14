"""The part of ``fieldcheck pack`` that is about keys: who may sign what, and signing."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldcheck.cli.output import note, write
from fieldcheck.errors import InputError, UsageError

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner, SSlibKey

    from fieldcheck.packs.roles import Role

PASSPHRASE_VARIABLE = "FIELDCHECK_PASSPHRASE"  # noqa: S105  the name of a variable
_LONGEST_PASSPHRASE = 1_000

Work = Annotated[Path, typer.Option("--work", metavar="FOLDER", help="The publisher's folder.")]
Days = Annotated[
    list[str] | None,
    typer.Option(
        "--days",
        metavar="ROLE=DAYS",
        help="How long a role signs, as timestamp=14; may be repeated.",
        show_default=False,
    ),
]
Keys = Annotated[
    list[Path], typer.Option("--key", metavar="FILE", help="A private key (NAME.key.json); may be repeated.")
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help="File of the keys' passphrase.", show_default=False),
]
Thresholds = Annotated[
    list[str] | None,
    typer.Option(
        "--threshold",
        metavar="ROLE=COUNT",
        help="How many keys must sign, as root=2; may be repeated.",
        show_default=False,
    ),
]


def keys(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="What each key is called, such as root-1.")],
    *,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the keys are written.")] = Path("keys"),
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make keys, sealed with a passphrase."""
    from fieldcheck.packs.keys import create_key, read_public

    for name in names:
        passphrase = _passphrase(f"New passphrase of {name}", passphrase_file, confirm=True)
        public = create_key(out, name, passphrase)
        write(f"{name}: {read_public(public).keyid}")
    note(f"{out}: NAME.key.json stays with its holder; NAME.pub.json goes to whoever prepares the root.")


def init(
    *,
    root: Annotated[list[Path], typer.Option("--root", metavar="FILE", help="A root key's NAME.pub.json.")],
    targets: Annotated[list[Path], typer.Option("--targets", metavar="FILE", help="A targets key.")],
    snapshot: Annotated[list[Path], typer.Option("--snapshot", metavar="FILE", help="A snapshot key.")],
    timestamp: Annotated[list[Path], typer.Option("--timestamp", metavar="FILE", help="A timestamp key.")],
    threshold: Thresholds = None,
    work: Work = Path(),
    days: Days = None,
) -> None:
    """Draft the first root of a channel: who may sign what."""
    from fieldcheck.packs.keys import read_public
    from fieldcheck.packs.roles import Role, read_days, read_thresholds
    from fieldcheck.packs.roots import draft_first_root
    from fieldcheck.packs.summary import drafts
    from fieldcheck.packs.workshop import Workshop

    files = {Role.ROOT: root, Role.TARGETS: targets, Role.SNAPSHOT: snapshot, Role.TIMESTAMP: timestamp}
    public = {role: [read_public(path) for path in paths] for role, paths in files.items()}
    workshop = Workshop(work)
    draft_first_root(workshop, public, read_thresholds(threshold or ()), read_days(days or ()), datetime.now(UTC))
    write("\n".join(drafts(workshop)))
    note("Now the holders of root keys sign it: `fieldcheck pack sign --key FILE`.")


def rotate(
    *,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="ROLE=FILE", help="A key that gets a role; may be repeated.", show_default=False),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            "--drop", metavar="KEY", help="The id of a key that loses its roles, or its beginning.", show_default=False
        ),
    ] = None,
    threshold: Thresholds = None,
    work: Work = Path(),
    days: Days = None,
) -> None:
    """Draft the next root: other keys, or the same for longer."""
    from fieldcheck.packs.roles import read_days, read_thresholds
    from fieldcheck.packs.roots import Change, draft_next_root
    from fieldcheck.packs.summary import drafts
    from fieldcheck.packs.workshop import Workshop

    change = Change([_added(text) for text in add or ()], drop or (), read_thresholds(threshold or ()))
    workshop = Workshop(work)
    draft_next_root(workshop, change, read_days(days or ()), datetime.now(UTC))
    write("\n".join(drafts(workshop)))
    note("Holders of the new root and of the root before must sign it: `fieldcheck pack sign --key FILE`.")


def sign(*, key: Keys, work: Work = Path(), passphrase_file: PassphraseFile = None) -> None:
    """Sign the drafts that a key may sign."""
    from fieldcheck.packs.signing import sign_drafts
    from fieldcheck.packs.summary import drafts, told
    from fieldcheck.packs.workshop import Workshop

    workshop = Workshop(work)
    for text in drafts(workshop):
        note(text)
    for signer in open_keys(key, passphrase_file):
        for found in sign_drafts(workshop, signer):
            write(told(found))


def status(*, work: Work = Path()) -> None:
    """Show what waits for signatures, and the keys of the channel."""
    from fieldcheck.packs.summary import drafts, given_out
    from fieldcheck.packs.workshop import Workshop

    workshop = Workshop(work)
    for text in (*given_out(workshop), *drafts(workshop)):
        write(text)


def open_keys(paths: Sequence[Path], passphrase_file: Path | None) -> "list[CryptoSigner]":
    """Open private keys, asking for the passphrase of each where it is not given otherwise."""
    from fieldcheck.packs.keys import load_signer

    return [load_signer(path, _passphrase(f"Passphrase of {path.name}", passphrase_file)) for path in paths]


def _passphrase(question: str, file: Path | None, *, confirm: bool = False) -> str:
    if file:
        try:
            with file.open(encoding="utf-8") as stream:
                return stream.read(_LONGEST_PASSPHRASE).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"{file} cannot be read: {error}.", next_step="Give a text file of one line with --passphrase-file."
            ) from error
    if said := os.environ.get(PASSPHRASE_VARIABLE):
        return said
    return str(typer.prompt(question, hide_input=True, confirmation_prompt=confirm, err=True))


def _added(text: str) -> "tuple[Role, SSlibKey]":
    from fieldcheck.packs.keys import read_public
    from fieldcheck.packs.roles import Role

    role, _, path = text.partition("=")
    if role not in set(Role) or not path:
        raise UsageError(
            f"{text[:200]!r} is no role and key.", next_step="Write it as in --add timestamp=keys/timestamp-2.pub.json."
        )
    return Role(role), read_public(Path(path))
