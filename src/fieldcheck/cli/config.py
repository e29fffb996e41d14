"""``fieldcheck config``: the settings in force."""

import typer

from fieldcheck.cli import output
from fieldcheck.cli.options import AsJson, Home, Plain
from fieldcheck.cli.session import Session
from fieldcheck.errors import FieldcheckError
from fieldcheck.settings import Origin

app = typer.Typer(help="The settings in force.", no_args_is_help=True, rich_markup_mode=None)


@app.command("show")
def show(*, home: Home = None, as_json: AsJson = False, plain: Plain = None) -> None:
    """Show every setting, and where it came from."""
    session = Session.start({"home": home, "plain": plain})
    entries = session.settings.entries
    if as_json:
        from fieldcheck.report.json_tables import settings_to_dict

        output.print_json(settings_to_dict(entries))
        return
    from fieldcheck.report.content_tables import settings_page
    from fieldcheck.report.views import SettingView

    views = [SettingView(entry.name, _shown(entry.value), _told(entry.origin, entry.variable)) for entry in entries]
    output.present(settings_page(views), plain=session.plain)
    output.note(_model_told(session))
    if session.settings.config_file:
        output.note(f"Settings are read from {session.settings.config_file}, where that file exists.")


def _model_told(session: Session) -> str:
    """Which model photos are read with: one that came through a channel is no setting."""
    from fieldcheck.diagnosis import model_in_use

    try:
        model, origin = model_in_use(session.settings)
    except FieldcheckError as error:
        return f"{error} {error.next_step}"
    return f"Photos are read with the model {model.key}, {origin}."


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not set" if value in {None, ""} else str(value)


def _told(origin: Origin, variable: str) -> str:
    return f"{origin} {variable}" if origin is Origin.ENVIRONMENT else origin
