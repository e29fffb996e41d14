"""The command line: which commands there are, and how any of them may end."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from fieldcheck.cli import batch, check, config, doctor, explain, lists, search, show, sync
from fieldcheck.cli.output import note, prepare_streams, show_error
from fieldcheck.errors import ExitCode, FieldcheckError, StorageError
from fieldcheck.version import __version__

DEBUG_VARIABLE = "FIELDCHECK_DEBUG"

app = typer.Typer(
    name="fieldcheck",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Check a cultural object against lists of stolen and at-risk heritage, without a network.",
    epilog="Exit codes: 0 nothing found, 10 possible, 20 strong, 11 control or referral, 3 not fully checked, "
    "2 usage, 4 integrity, 5 network, 6 nothing to update, 1 internal, 130 interrupted.",
)
app.command("check")(check.check)
app.command("batch")(batch.batch)
app.command("sync")(sync.sync)
app.add_typer(lists.app, name="lists")
app.command("show")(show.show)
app.command("search")(search.search)
app.command("explain")(explain.explain)
app.command("doctor")(doctor.doctor)
app.add_typer(config.app, name="config")


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"fieldcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[  # noqa: ARG001  # its callback does the work
        bool, typer.Option("--version", help="Print the version and end.", callback=lambda wanted: _version(wanted=wanted))
    ] = False,
) -> None:
    """Check a cultural object against lists of stolen and at-risk heritage, without a network."""


# The base of what typer raises for a wrong command line, whose module is private.
_CommandLineError: type[Exception] = typer.BadParameter.__mro__[2]


def run(arguments: Sequence[str]) -> int:
    """Run one command and return how it ended; nothing that goes wrong gets past this."""
    as_json = "--json" in arguments
    try:
        code = app(args=list(arguments), prog_name="fieldcheck", standalone_mode=False)
        sys.stdout.flush()
    except FieldcheckError as error:
        show_error(error, as_json=as_json)
        return int(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        note("Interrupted.")
        return int(ExitCode.INTERRUPTED)
    except _CommandLineError as error:
        return _usage(error)
    except BrokenPipeError:
        # Whoever read the report has gone; Python would complain once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.INTERNAL)
    except Exception as error:  # noqa: BLE001  # an officer never sees a traceback
        return _unexpected(error, as_json=as_json)
    return int(code or 0)


def _usage(error: BaseException) -> int:
    format_message = getattr(error, "format_message", lambda: str(error))
    context = getattr(error, "ctx", None)
    if message := format_message():
        note(f"Error: {message}")
    if context is not None:
        note(f"Next: see `{context.command_path} --help`.")
    return int(ExitCode.USAGE)


def _unexpected(error: Exception, *, as_json: bool) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        raise error
    if isinstance(error, OSError):
        shown = StorageError(
            f"The system refused: {error}.", next_step="Run `fieldcheck doctor`; it tests the folders and lists."
        )
    else:
        shown = StorageError(
            f"Something unexpected happened ({type(error).__name__}: {error}). No result was given.",
            next_step=f"Try again; if it stays, set {DEBUG_VARIABLE}=1, repeat it and report what is printed.",
        )
    show_error(shown, as_json=as_json)
    return int(ExitCode.INTERNAL)


def main() -> None:
    """Run the command that was typed."""
    prepare_streams()
    sys.exit(run(sys.argv[1:]))
