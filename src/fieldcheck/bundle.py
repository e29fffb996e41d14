"""Making the files that come with the program from its data: the compiled lexicon and the starter list.

Run ``python -m fieldcheck.bundle`` after changing ``data/lexicon`` or ``data/lists`` in a source checkout.
"""

from pathlib import Path

from fieldcheck.datafiles import bundled_folder, data_folder
from fieldcheck.text.aliases import compile_aliases
from fieldcheck.text.concepts import LEXICON_NAME, compile_lexicon


def make_bundle() -> tuple[Path, Path]:
    """Write both files, each replaced in one step; returns the lexicon's and the starter list's path."""
    folder = bundled_folder()
    folder.mkdir(exist_ok=True)
    lexicon = folder / LEXICON_NAME
    partial = lexicon.with_suffix(".partial")
    compile_lexicon(data_folder() / "lexicon", data_folder() / "related.csv", partial)
    compile_aliases(data_folder() / "maker_aliases.csv", partial)
    partial.replace(lexicon)
    return lexicon, _make_starter(folder)


def _make_starter(folder: Path) -> Path:
    # The reader of a list needs the lexicon that was compiled a moment ago.
    from fieldcheck.cache.build import build_list
    from fieldcheck.lists.starter import read_starter

    info, records = read_starter(data_folder() / "lists")
    target = folder / f"{info.id}.db"
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    build_list(partial, info, records)
    partial.replace(target)
    return target


if __name__ == "__main__":
    make_bundle()
