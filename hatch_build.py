"""Compiles the lexicon and the starter list, and writes the manual pages, when the package is built."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface[Any]):
    """Runs `fieldcheck.bundle` and `fieldcheck.cli.manual` on the sources that are being packed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's interface
        """Make the bundled files and the manual pages before the wheel collects them."""
        if self.target_name != "wheel":
            return
        sys.path.insert(0, str(Path(self.root, "src")))
        from fieldcheck.bundle import make_bundle

        make_bundle()
        from fieldcheck.cli.manual import write_pages

        pages = write_pages(Path(self.root, "build", "man"))
        build_data["shared_data"].update({str(page): f"share/man/man1/{page.name}" for page in pages})
