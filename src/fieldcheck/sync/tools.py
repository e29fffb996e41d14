"""What a sync works with; a test brings its own."""

from dataclasses import dataclass, field

from fieldcheck.sync.clock import Clock, SystemClock
from fieldcheck.sync.fetch import Fetcher
from fieldcheck.sync.progress import Progress, SilentProgress


@dataclass(frozen=True, slots=True)
class Tools:
    """The fetcher, which the caller closes, the clock, and whoever hears of the progress."""

    fetcher: Fetcher
    clock: Clock = field(default_factory=SystemClock)
    progress: Progress = field(default_factory=SilentProgress)
