"""Look at HTML reports of every kind in a real browser: at the size of a phone and a laptop, in the dark, and printed.

Run ``python benchmarks/look.py [--keep FOLDER] [--browser PATH]``. It imports records in several scripts, some of
them hostile, checks items and a shipment of forty through the command line, and opens each report in Chromium.
It ends with 1 where axe-core finds a violation, a report is wider than its screen, or a page asks for anything.
Needs Chromium and npm, which brings puppeteer-core and axe-core into a temporary folder.
"""

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from photos import engraving, noisy, on_a_table

_PACKAGES = ("puppeteer-core", "axe-core")
_SCRIPT = Path(__file__).with_name("look.mjs")
_MOST_ARGUMENTS = 40

_COLUMNS = (
    "id", "title", "maker", "object_type", "materials", "measurements", "inscriptions", "period", "origin",
    "inventory_numbers", "description", "status", "url", "images",
)  # fmt: skip
_HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(2)> \u202eevil\u202c \x1b[2J ]]> --> {{7*7}} ' + "x" * 300
)
RECORDS = (
    {"id": "M-1", "title": "Heron at Dusk", "maker": "Ilse Varga", "object_type": "painting", "images": "heron.jpg",
     "materials": "oil on canvas", "measurements": "41 x 33 cm", "inventory_numbers": "1897-42",
     "description": "A heron stands in reeds at the edge of a pond; the sun is low. " * 6, "period": "1897"},
    {"id": "M-2", "title": "Bowl with fish", "object_type": "bowl", "materials": "silver", "measurements": "H. 12 cm"},
    {"id": "IQ-1897-42", "title": "إناء فخاري ذو مقبضين", "object_type": "إناء", "materials": "فخار",
     "measurements": "12.5 × 8 سم", "inventory_numbers": "IM 1897-42", "origin": "IQ", "images": "jar.jpg",
     "description": "إناء من الفخار ذو مقبضين، رقم المتحف IM 1897-42، ارتفاعه 12.5 سم. " * 4,
     "period": "الألف الثالث قبل الميلاد"},
    {"id": "IR-77/3", "title": "کاسهٔ سفالی با نقش پرنده", "object_type": "کاسه", "materials": "سفال",
     "measurements": "قطر 21 cm", "inventory_numbers": "NMI-3021", "origin": "IR", "period": "سدهٔ 12 میلادی"},
    {"id": "UA-05", "title": "Золота пектораль зі сценами", "maker": "Невідомий майстер", "object_type": "пектораль",
     "materials": "золото", "measurements": "діаметр 30,6 см", "inventory_numbers": "АЗС-2494", "origin": "UA"},
    {"id": "<b>X</b>\u202e", "title": _HOSTILE, "maker": _HOSTILE, "object_type": "mask", "materials": "wood",
     "description": _HOSTILE * 3, "url": "javascript:alert(1)", "inscriptions": "=cmd|' /C calc'!A0"},
    {"id": "R-9", "title": "Angel with lute", "object_type": "sculpture", "materials": "wood", "status": "recovered"},
)  # fmt: skip

CHECKS = {
    "hold": ("oil painting on canvas, Heron at Dusk, Ilse Varga, 41 x 33 cm",),
    "possible": ("silver bowl with fish, 12 cm high",),
    "nothing": ("wicker chair", "--border", "EU"),
    "control": ("Nok terracotta head", "--origin", "NG", "--from", "NG", "--to", "US", "--border", "US",
                "--paper", "export-licence=missing", "--indicator", "X01=yes", "--reading", "zn=34"),
    "photo": ("--photo", "table.jpg"),
    "photo-unusable": ("Heron at Dusk by Ilse Varga", "--photo", "dark.jpg"),
    "arabic": ("إناء فخاري ذو مقبضين 12.5 سم", "--inventory-no", "IM 1897-42", "--origin", "IQ", "--border", "EU"),
    "persian": ("کاسهٔ سفالی با نقش پرنده، قطر 21 cm", "--inventory-no", "NMI-3021"),
    "cyrillic": ("Золота пектораль зі сценами, АЗС-2494",),
    "hostile": (f"wooden mask {_HOSTILE}", "--title", _HOSTILE),
    "recovered": ("wooden sculpture, Angel with lute",),
}  # fmt: skip


def write_samples(folder: Path) -> list[Path]:
    """Every kind of report, through the command line."""
    _draw(folder)
    with Path(folder, "records.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, _COLUMNS)
        rows.writeheader()
        rows.writerows(RECORDS)
    _fieldcheck(folder, "lists", "import", "records.csv", "--list", "museum", "--images", ".")
    for name, arguments in CHECKS.items():
        _fieldcheck(folder, "check", *arguments, "--html", f"{name}.html")
    _fieldcheck(folder, "show", "museum/IQ-1897-42", "--html", "record.html")
    _fieldcheck(folder, "batch", "shipment.csv", "--html", "shipment.html")
    return sorted(folder.glob("*.html"))


def _draw(folder: Path) -> None:
    heron, jar = engraving(1), engraving(2, (300, 420))
    heron.save(folder / "heron.jpg", quality=88)
    jar.save(folder / "jar.jpg", quality=88)
    noisy(on_a_table(heron)).save(folder / "table.jpg", quality=80)
    heron.point(lambda value: value // 40).save(folder / "dark.jpg")
    lines = [
        "ref,text,photos,origin",
        "box 1,Heron at Dusk by Ilse Varga,table.jpg,",
        "صندوق 12,إناء فخاري ذو مقبضين,,IQ",
    ]
    lines += ['"<script>alert(1)</script>",wooden mask,,', "no photo,old vase,none.jpg,"]
    lines += [f"parcel {number},wicker chair number {number},," for number in range(36)]
    Path(folder, "shipment.csv").write_text("\n".join(lines), encoding="utf-8")


def _fieldcheck(folder: Path, *arguments: str) -> None:
    environment = {
        **os.environ, "FIELDCHECK_HOME": str(folder / "home"), "FIELDCHECK_CONFIG": str(folder / "config.toml"),
    }  # fmt: skip
    command = [sys.executable, "-m", "fieldcheck", *arguments]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    shown = " ".join(arguments)[:_MOST_ARGUMENTS]
    print(f"{ended.returncode:4}  {shown}", ended.stderr.strip() if ended.returncode in {1, 2, 4} else "")


def look(folder: Path, browser: str, reports: list[Path]) -> int:
    """Open the reports; screenshots and printed pages lie beside them."""
    npm, node = (shutil.which(name) for name in ("npm", "node"))
    if not npm or not node:
        print("passed: there is no npm")
        return 0
    with tempfile.TemporaryDirectory() as installed:
        environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
        install = [npm, "install", "--silent", "--no-audit", "--no-fund", *_PACKAGES]
        subprocess.run(install, cwd=installed, env=environment, check=True)
        command = [node, str(_SCRIPT), browser, str(folder), *map(str, reports)]
        return subprocess.run(command, cwd=installed, check=False).returncode


def main() -> int:
    """Make the reports and look at them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="Where reports and screenshots are left.")
    parser.add_argument("--browser", default=shutil.which("chromium") or shutil.which("google-chrome"), metavar="PATH")
    arguments = parser.parse_args()
    if not arguments.browser:
        print("passed: there is no browser")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.keep or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return look(folder, arguments.browser, write_samples(folder))


if __name__ == "__main__":
    sys.exit(main())
