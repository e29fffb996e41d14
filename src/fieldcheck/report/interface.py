"""The seam between what is said and how it is drawn: an output implements one method.

Pages come from `content_result`, `content_records` and `content_tables`; see `page` for their blocks.
"""

from typing import TYPE_CHECKING, Protocol

from fieldcheck.report.page import Page

if TYPE_CHECKING:
    from rich.console import RenderableType


class Report(Protocol):
    """One way of drawing pages."""

    def draw(self, page: Page) -> "RenderableType":
        """Draw a page without printing it; a plain string is to be written as it is, without markup."""
