"""How a sync tells whoever started it what is going on; the core never prints."""

from typing import Protocol


class Progress(Protocol):
    """Hears how far a sync is. Raising `KeyboardInterrupt` in here stops it; what was staged stays."""

    def start(self, list_id: str, total: int) -> None:
        """A stage of the sync of a list begins; ``total`` steps are expected, 0 where nobody knows."""

    def receive(self, list_id: str, total: int) -> None:
        """A file of a list begins to come in; ``total`` bytes are expected, and each of them is a step."""

    def advance(self, steps: int) -> None:
        """That many more steps are done."""

    def kept(self, steps: int) -> None:
        """So many steps count as done before this moment, by an earlier try; 0 where all have to be done again."""

    def note(self, text: str) -> None:
        """Something that a patient user would want to know, such as why nothing moves."""

    def done(self) -> None:
        """The sync of this list has ended, well or not."""


class SilentProgress:
    """Hears everything and says nothing."""

    def start(self, list_id: str, total: int) -> None:
        """See `Progress.start`."""

    def receive(self, list_id: str, total: int) -> None:
        """See `Progress.receive`."""

    def advance(self, steps: int) -> None:
        """See `Progress.advance`."""

    def kept(self, steps: int) -> None:
        """See `Progress.kept`."""

    def note(self, text: str) -> None:
        """See `Progress.note`."""

    def done(self) -> None:
        """See `Progress.done`."""
