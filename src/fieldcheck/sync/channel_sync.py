"""Bringing the lists of a channel here, from a web server or a stick: the same verification for both."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from fieldcheck.cache.build import Built
from fieldcheck.cache.delta import apply_delta
from fieldcheck.cache.holdings import STARTER_ID
from fieldcheck.cache.info import Installed
from fieldcheck.cache.latest_time import moment, remember
from fieldcheck.cache.opening import open_list
from fieldcheck.cache.photo_model import usable_model
from fieldcheck.cache.pointer import lists_folder, read_pointer, version_path
from fieldcheck.cache.vectors_brought import put_beside, wanted_vectors
from fieldcheck.cache.versions import Manner, TurnedDownError, change_lock, confirm, install
from fieldcheck.errors import FieldcheckError, IntegrityError, SourceError, StorageError
from fieldcheck.files import holds, storage_errors
from fieldcheck.sync.channel import Channel, channel_lock, claim
from fieldcheck.sync.channel_index import MOST_BYTES, DeltaIndex, ListIndex, index_path, read_index, vectors_path
from fieldcheck.sync.channel_model import bring_model
from fieldcheck.sync.channel_news import count_news
from fieldcheck.sync.clock import Clock, SystemClock
from fieldcheck.sync.failures import RefusedError
from fieldcheck.sync.outcome import Outcome, OutcomeKind, failed, log_outcome, unchanged
from fieldcheck.sync.progress import Progress, SilentProgress
from fieldcheck.sync.run import NO_WISHES, Wishes
from fieldcheck.sync.stick import MissingError, Place
from fieldcheck.sync.trust import Trusted, verify_channel
from fieldcheck.sync.verify import guard_shrink


@dataclass(frozen=True, slots=True)
class ChannelCopy:
    """A channel that is trusted, and a place that seems to hold it."""

    channel: Channel
    place: Place


@dataclass(frozen=True, slots=True)
class Watch:
    """The clock, and whoever hears of the progress."""

    clock: Clock = field(default_factory=SystemClock)
    progress: Progress = field(default_factory=SilentProgress)


def sync_channel(
    home: Path, copy: ChannelCopy, watch: Watch, wishes: Wishes = NO_WISHES, only: tuple[str, ...] = ()
) -> list[Outcome]:
    """Bring the photo model and the lists of a channel up to date; one that fails stops no other.

    Args:
        home: the data folder.
        copy: the channel, and where its files are read from.
        watch: the clock, and whoever hears of the progress.
        wishes: what the user asked for.
        only: ids of the lists to bring; empty for all that the channel offers.

    Returns:
        How each list ended; of a channel that is not to be believed or cannot be reached, one failure in its name.
    """
    now = watch.clock.now()
    try:
        with channel_lock(copy.channel):
            trusted = verify_channel(copy.channel, copy.place, moment(home, now).believed)
            bring_model(home, copy.channel, trusted, copy.place, watch.progress)
            bringer = _Bringer(home, copy, trusted, watch.progress, wishes)
            wanted = [list_id for list_id in trusted.list_ids if not only or list_id in only]
            outcomes = [outcome for list_id in wanted if (outcome := bringer.bring(list_id))]
            _refuse_empty(copy.place, wanted, outcomes)
    except FieldcheckError as error:
        outcomes = [failed(copy.channel.name, error)]
    else:
        remember(home, now)
    for outcome in outcomes:
        # What happened to the list happened, whether or not it can be written down.
        with suppress(StorageError):
            if outcome.list_id != copy.channel.name:
                log_outcome(home, outcome, now, wishes.accept_shrink)
    return outcomes


class _Bringer:
    """Brings one list after the other."""

    def __init__(self, home: Path, copy: ChannelCopy, trusted: Trusted, progress: Progress, wishes: Wishes) -> None:
        self._home = home
        self._channel = copy.channel
        self._place = copy.place
        self._trusted = trusted
        self._progress = progress
        self._wishes = wishes
        self._model = usable_model(home, wishes.photo_model)

    def bring(self, list_id: str) -> Outcome | None:
        """Bring one list up to date, or say why not; None where it was left out of a stick."""
        try:
            content = self._small(index_path(list_id))
        except MissingError:
            self._progress.note(f"{list_id} is not in {self._place.address}; what is in use stays.")
            return None
        except FieldcheckError as error:
            return failed(list_id, error)
        try:
            index = read_index(content, list_id)
            outcome = self._bring(index, content)
            self._bring_vectors(index)
        except FieldcheckError as error:
            return failed(list_id, error)
        finally:
            self._progress.done()
        return outcome

    def _bring(self, index: ListIndex, content: bytes) -> Outcome:
        in_use = read_pointer(self._home).get(index.id)
        self._refuse_foreign(index.id, in_use)
        if (
            in_use
            and in_use.version == index.version
            and holds(version_path(self._home, in_use), index.length, index.sha256)
        ):
            with change_lock(self._home):
                claim(self._home, self._channel, index.id, content)
                confirm(self._home, index.id, index.published, self._trusted.signed_on)
            return Outcome(index.id, OutcomeKind.UNCHANGED, index.records)
        self._refuse_implausible(index, in_use)
        with self._staging(index) as staged:
            self._fetch(index, in_use, staged)
            return self._put_in_use(index, content, staged, version_path(self._home, in_use) if in_use else None)

    def _put_in_use(self, index: ListIndex, content: bytes, staged: Path, old: Path | None) -> Outcome:
        built = _built(staged, index)
        added, changed, gone = count_news(old, staged)

        def build(partial: Path) -> Built:
            staged.replace(partial)
            return built

        wishes = self._wishes
        manner = Manner(self._trusted.signed_on, again=wishes.again, wait=wishes.preview, sha256=index.sha256)
        with change_lock(self._home):
            claim(self._home, self._channel, index.id, content)
            try:
                installed = install(self._home, index.info, build, manner)
            except TurnedDownError as error:
                return unchanged(index.id, index.records, error)
        return Outcome(
            index.id,
            _kind(installed, manner),
            index.records,
            added,
            changed,
            gone,
            message=f"{index.records} records, version {index.version}.",
        )

    def _bring_vectors(self, index: ListIndex) -> None:
        """Take the vectors that the channel gives out for the model in use; without them they are made here."""
        try:
            with self._staging(index) as staged:
                self._take_vectors(index, staged.with_suffix(".vectors"))
        except MissingError:
            return  # a stick may leave them out
        except FieldcheckError as error:
            self._progress.note(f"{index.id}: what the photo model makes of its photos was not taken: {error}")

    def _take_vectors(self, index: ListIndex, staged: Path) -> None:
        model = self._model
        if model is None or model.key not in {entry.model for entry in index.vectors}:
            return
        list_file = lists_folder(self._home) / index.id / f"{index.version}.db"
        header = wanted_vectors(list_file, model)
        if header is None:
            return
        target = self._trusted.target(vectors_path(index.id, index.version, header.model))
        if target.length != header.size:
            raise IntegrityError(
                f"These are not the vectors of {header.photos:,} photos.",
                next_step="Tell the publisher; the list itself is in use.",
            )
        self._progress.receive(f"{index.id}: photos", target.length)
        self._place.copy(target.name, staged, target.length, target.sha256)
        with change_lock(self._home):
            put_beside(list_file, header, staged)

    def _fetch(self, index: ListIndex, in_use: Installed | None, staged: Path) -> None:
        """Have the list file at ``staged``, by a delta where there is one for the version in use."""
        target = self._trusted.target(index.file)
        if (target.length, target.sha256) != (index.length, index.sha256):
            raise IntegrityError(
                f"The index of {index.id} and its list file do not belong together.",
                next_step="Tell the publisher; the list in use is unchanged.",
            )
        delta = next((entry for entry in index.deltas if in_use and entry.from_version == in_use.version), None)
        if in_use and delta and self._from_delta(index, delta, version_path(self._home, in_use), staged):
            return
        self._progress.receive(index.id, target.length)
        self._place.copy(target.name, staged, target.length, target.sha256)

    def _from_delta(self, index: ListIndex, delta: DeltaIndex, old: Path, staged: Path) -> bool:
        """Whether the list file could be made of the version in use; if not, the whole file will do."""
        target = self._trusted.target(delta.target)
        packed = staged.with_suffix(".delta")
        try:
            self._progress.receive(index.id, target.length)
            self._place.copy(target.name, packed, target.length, target.sha256)
            apply_delta(old, packed, staged, max_bytes=index.length, sha256=index.sha256)
        except (IntegrityError, SourceError) as error:
            self._progress.note(f"{index.id}: {error} The whole list is fetched instead.")
            return False
        finally:
            packed.unlink(missing_ok=True)
        return True

    def _small(self, path: str) -> bytes:
        target = self._trusted.target(path)
        content = self._place.read(target.name, min(target.length, MOST_BYTES))
        self._trusted.refuse_other(target, content)
        return content

    def _refuse_foreign(self, list_id: str, in_use: Installed | None) -> None:
        if list_id == STARTER_ID or (in_use and not self._channel.brings(list_id)):
            raise RefusedError(
                f"{list_id} is held here from elsewhere, and the channel {self._channel.name} may not replace it.",
                next_step=f"To take the channel's, remove the other first: `fieldcheck lists remove {list_id}`.",
            )

    def _refuse_implausible(self, index: ListIndex, in_use: Installed | None) -> None:
        if index.records < index.min_records:
            raise RefusedError(
                f"The list was refused: it has {index.records} records, and its publisher declares at least"
                f" {index.min_records}.",
                next_step="Tell the publisher; the list in use is unchanged.",
            )
        guard_shrink(index.records, in_use.records if in_use else 0, self._wishes.accept_shrink)

    @contextmanager
    def _staging(self, index: ListIndex) -> Iterator[Path]:
        """Where a list file and its vectors are put together; what an interruption leaves there serves the next try."""
        folder = self._channel.folder / "staging" / index.id
        with storage_errors(folder):
            for path in folder.glob("*"):
                if path.name != index.version:
                    shutil.rmtree(path)
            yield folder / index.version / f"{index.id}.db"
            shutil.rmtree(folder, ignore_errors=True)


def _refuse_empty(place: Place, wanted: Sequence[str], outcomes: Sequence[Outcome]) -> None:
    if wanted and not outcomes:
        raise IntegrityError(
            f"None of the channel's lists is in {place.address} ({', '.join(wanted)}).",
            next_step="Copy the whole channel from the publisher again; the lists in use are unchanged.",
        )


def _kind(installed: Installed | None, manner: Manner) -> OutcomeKind:
    if installed is None:
        return OutcomeKind.UNCHANGED
    return OutcomeKind.WAITING if manner.wait else OutcomeKind.UPDATED


def _built(path: Path, index: ListIndex) -> Built:
    """What the list file says of itself, which must be what its index says.

    Raises:
        IntegrityError: it is no list file, or another one.
    """
    with open_list(path, index.id) as opened:
        said = (opened.meta.get("id"), opened.meta.get("version"), opened.size)
    if said != (index.id, index.version, index.records):
        raise IntegrityError(
            f"The list file of {index.id} is not what its index says.",
            next_step="Tell the publisher; the list in use is unchanged.",
        )
    return Built(index.version, index.records, index.photos)
