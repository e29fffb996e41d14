"""What every command that checks or shows needs: the settings, the open lists and the results kept."""

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldcheck.cli.output import note
from fieldcheck.errors import FieldcheckError, StorageError
from fieldcheck.settings import Settings, load_settings

if TYPE_CHECKING:
    from fieldcheck.cache.holdings import Holdings
    from fieldcheck.checking import Checker
    from fieldcheck.models import Item, Photo, Result
    from fieldcheck.vision.model import Model


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a command."""

    settings: Settings

    @classmethod
    def start(cls, flags: Mapping[str, Any]) -> "Session":
        """Read the settings, with what was given on the command line on top."""
        return cls(load_settings(flags))

    @property
    def plain(self) -> bool:
        """Whether output is plain text: as was asked, else whenever nobody reads it on a terminal."""
        asked: bool | None = self.settings["plain"]
        return not sys.stdout.isatty() if asked is None else asked

    @property
    def quiet(self) -> bool:
        """Whether nothing may move on the screen: plain text was asked for."""
        return bool(self.settings["plain"])

    @property
    def home(self) -> Path:
        """The data folder, where a command cannot do without one.

        Raises:
            StorageError: there is none.
        """
        if self.settings.home is None:
            raise StorageError(
                "There is no home folder to keep lists in.",
                next_step="Name a folder with --home or FIELDCHECK_HOME.",
            )
        return self.settings.home

    @contextmanager
    def holdings(self, only: tuple[str, ...] = ()) -> "Iterator[Holdings]":
        """The lists held, open."""
        from fieldcheck.cache.holdings import open_holdings

        with open_holdings(self.settings.home, only) as holdings:
            yield holdings

    @contextmanager
    def checker(self, only: tuple[str, ...] = ()) -> "Iterator[Checker]":
        """A checker over the lists held."""
        from fieldcheck.cache.latest_time import moment, remember
        from fieldcheck.checking import Checker, CheckSettings

        now = moment(self.settings.home, datetime.now(UTC))
        remember(self.settings.home, now.clock)
        settings = CheckSettings(
            on=_day(now.believed),
            clock=_day(now.clock) if now.is_clock_behind else "",
            top=self.settings["top"],
            max_list_age=self.settings["max_list_age"],
            facts=self.settings["facts"],
        )
        with self.holdings(only) as holdings:
            yield Checker(holdings, settings)

    def photo_model(self) -> "Model":
        """The model that photos are read with: the one that is configured, came through a channel, or is shipped.

        Raises:
            InputError: its description cannot be read.
        """
        from fieldcheck.cache.photo_model import chosen_model
        from fieldcheck.vision.model import load_model

        return load_model(chosen_model(self.settings.home, self.settings["models.photo"]))

    def read_photos(
        self, items: "Iterable[Item]", thumbnails: dict[str, bytes] | None = None
    ) -> "Generator[Item, None, None]":
        """The items in order, their photos hashed and fingerprinted; one child process serves them all.

        Args:
            items: whose photos are files.
            thumbnails: where small JPEGs of them are put, by SHA-256, for a report that shows them.
        """
        items, ahead = tee(items)
        paths = (Path(photo.file) for item in ahead for photo in item.photos if not photo.why_not)
        readings = _readings(paths, self.photo_model, {} if thumbnails is None else thumbnails)
        for item in items:
            # A photo that was refused before it was opened, such as one on the web, stays refused.
            photos = tuple(photo if photo.why_not else next(readings) for photo in item.photos)
            yield replace(item, photos=photos)

    def keep(self, result: "Result") -> None:
        """Keep a result for ``explain``; where it cannot be kept, say so and go on."""
        from fieldcheck.results import keep_result

        if self.settings.home is None:
            note("Note: this result is not kept, because there is no home folder.")
            return
        try:
            keep_result(self.settings.home, result)
        except (FieldcheckError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            note(f"Note: this result is not kept for `fieldcheck explain`: {reason}")


def _day(when: datetime) -> str:
    """The day where the officer is."""
    return when.astimezone().date().isoformat()


def _readings(paths: "Iterable[Path]", model: "Callable[[], Model]", thumbnails: dict[str, bytes]) -> "Iterator[Photo]":
    """The photos as they are read; the model is loaded with the first."""
    from fieldcheck.vision.protocol import Role
    from fieldcheck.vision.reader import read_photos

    for reading in read_photos(paths, role=Role.QUERY, model=model()):
        if reading.thumbnail:
            thumbnails[reading.photo.sha256] = reading.thumbnail
        yield reading.photo
