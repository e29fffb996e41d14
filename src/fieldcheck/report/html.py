"""Documents as one HTML file: no script, nothing fetched, and a policy in its head that holds a browser to that."""

import hashlib
from base64 import b64encode

from fieldcheck.datafiles import data_folder
from fieldcheck.report.html_blocks import Drawing
from fieldcheck.report.html_elements import LINE, Markup, bare, element, words
from fieldcheck.report.page import Document
from fieldcheck.report.words import CLOSING, RIGHT_TO_LEFT
from fieldcheck.version import __version__

BEGINNING = "<!doctype html>\n<!-- fieldcheck report -->\n"
"""How a file begins that this module wrote; any other is not written over."""


def html_document(document: Document) -> str:
    """The whole file; ends with a line feed."""
    style = (data_folder() / "report" / "style.css").read_text(encoding="utf-8")
    direction = "rtl" if document.language in RIGHT_TO_LEFT else "ltr"
    main = element("main", {}, Drawing().draw(document.page))
    foot = element("footer", {}, element("p", {}, CLOSING), element("p", {}, f"fieldcheck {__version__}"))
    head = element("header", {}, element("p", {}, element("b", {}, "fieldcheck"), words(document.title)))
    body = element("body", {}, LINE, head, LINE, main, LINE, foot, LINE)
    page = element(
        "html", {"lang": document.language, "dir": direction}, LINE, _head(document.title, style), LINE, body
    )
    return f"{BEGINNING}{page}\n"


def _head(title: str, style: str) -> Markup:
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    parts = (
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("meta", {"name": "referrer", "content": "no-referrer"}),
        element("meta", {"name": "robots", "content": "noindex"}),
        element("title", {}, bare(f"fieldcheck: {title}")),
        element("style", {}, Markup(style)),
    )
    return element("head", {}, *(part for each in parts for part in (LINE, each)), LINE)
