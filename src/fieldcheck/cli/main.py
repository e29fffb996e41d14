"""The command line: which commands there are, and how any of them may end."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from fieldcheck.cli.output import note, prepare_streams, show_error
from fieldcheck.errors import ExitCode, FieldcheckError, StorageError, UsageError
from fieldcheck.version import __version__

DEBUG_VARIABLE = "FIELDCHECK_DEBUG"
EXAMPLE = 'fieldcheck check "bronze horse, 12 cm" --origin IQ'

COMMANDS = (
    "check", "batch", "sync", "lists", "show", "search", "explain", "decide", "case", "law", "pack", "doctor", "config",
)  # fmt: skip
"""In the order of the help; each is a module beside this one, with a function of its name or an ``app`` of its own."""


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"fieldcheck {__version__}")
        raise typer.Exit


def _root(
    *,
    version: Annotated[  # its callback does the work
        bool,
        typer.Option("--version", help="Print the version and end.", callback=lambda wanted: _version(wanted=wanted)),
    ] = False,
) -> None:
    """Check a cultural object against lists of stolen and at-risk heritage, without a network."""


def whole_app() -> typer.Typer:
    """The command line with every command."""
    return _app_with(COMMANDS)


def _app_with(names: Sequence[str]) -> typer.Typer:
    app = typer.Typer(
        name="fieldcheck",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Check a cultural object against lists of stolen and at-risk heritage, without a network.",
        epilog="Exit codes: 0 nothing found, 10 possible, 20 strong, 11 control or referral, 3 not fully checked, "
        "2 usage, 4 integrity, 5 network, 6 nothing to update, 1 internal, 130 interrupted.",
    )
    app.callback()(_root)
    for name in names:
        module = import_module(f"fieldcheck.cli.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def _asked(arguments: Sequence[str]) -> Sequence[str]:
    """The one command that is typed, so that no other is loaded; every command where help may be wanted."""
    return arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS


# The base of what typer raises for a wrong command line, whose module is private.
_CommandLineError: type[Exception] = typer.BadParameter.__mro__[2]


def run(arguments: Sequence[str]) -> int:
    """Run one command and return how it ended; nothing that goes wrong gets past this."""
    try:
        app = _app_with(_asked(arguments))
        code = int(app(args=list(arguments), prog_name="fieldcheck", standalone_mode=False) or 0)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        code = int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the report has gone; Python would complain once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.INTERNAL)
    except Exception as error:  # noqa: BLE001  # an officer never sees a traceback
        shown = _in_words(error)
        if shown:
            show_error(shown, as_json="--json" in arguments)
        return int(shown.exit_code if shown else ExitCode.USAGE)
    if code == ExitCode.INTERRUPTED:
        note("Interrupted.")
    return code


def _in_words(error: Exception) -> FieldcheckError | None:
    """What went wrong and what to do about it; None where the help that was shown says so."""
    if isinstance(error, FieldcheckError):
        return error
    if isinstance(error, _CommandLineError):
        return _usage(error)
    if os.environ.get(DEBUG_VARIABLE):
        raise error
    if isinstance(error, OSError):
        return StorageError(
            f"The system refused: {error}.", next_step="Run `fieldcheck doctor`; it tests the folders and lists."
        )
    return FieldcheckError(
        f"Something unexpected happened ({type(error).__name__}: {error}). No result was given.",
        next_step=f"Try again; if it stays, set {DEBUG_VARIABLE}=1, repeat it and report what is printed.",
    )


def _usage(error: Exception) -> UsageError | None:
    message = getattr(error, "format_message", lambda: str(error))()
    context = getattr(error, "ctx", None)
    if context is not None and message == context.get_help():
        sys.stderr.write(f"{message}\n")
        return None
    if context is None:
        return UsageError(message, next_step="See the command's --help.")
    order = "" if context.parent else f" The command comes first, as in {EXAMPLE}."
    return UsageError(message, next_step=f"See `{context.command_path} --help`.{order}")


def main() -> None:
    """Run the command that was typed."""
    prepare_streams()
    sys.exit(run(sys.argv[1:]))
