"""``fieldcheck config``: the settings in force."""

import typer

from fieldcheck.cli import output
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.session import Session

app = typer.Typer(help="The settings in force.", no_args_is_help=True, rich_markup_mode=None)


@app.command("show")
def show(*, home: Home = None, as_json: AsJson = False, plain: Plain = None) -> None:
    """Show every setting and where it came from: flag, environment, file or default."""
    from fieldcheck.report.views import SettingView

    settings = Session.start({"home": home, "plain": plain}).settings
    views = [
        SettingView(entry.name, "" if entry.value is None else str(entry.value), f"{entry.origin} ({entry.variable})")
        for entry in settings.entries
    ]
    if as_json:
        from fieldcheck.report.json_tables import settings_to_dict

        output.print_json(settings_to_dict(views))
    else:
        from fieldcheck.report.content_tables import settings_page

        output.present(settings_page(views), plain=settings["plain"])
