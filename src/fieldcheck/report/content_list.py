"""What is said about one list: who publishes it, on which terms, and which version is in use."""

from fieldcheck.report.page import Fact, Facts, Headline, Page
from fieldcheck.report.views import ListStatus


def list_page(status: ListStatus) -> Page:
    """One list that is held, with everything that it says of itself."""
    installed, info = status.installed, status.installed.info
    said = (
        ("Publisher", info.publisher),
        ("Licence", info.licence),
        ("Terms", info.terms),
        ("Address", info.url),
        ("Published", info.published),
        ("Packaged", info.packaged),
        ("Imported", installed.imported),
        ("Confirmed", installed.confirmed),
        ("Records", f"{installed.records:,}"),
        ("Photos", f"{installed.photos:,}"),
        ("Version", installed.version),
        ("SHA-256", installed.sha256),
        ("Earlier version", installed.previous),
        ("Not read", status.problem),
        ("To do", status.photos_unread),
    )
    return (
        Headline(f"List {info.id}.", info.name),
        Facts(tuple(Fact(label, text) for label, text in said if text)),
    )
