"""The command `laplas`: one module a subcommand, loaded when it is used.

Such a module has a docstring, whose first line is the subcommand's help, `add_arguments(parser)`,
and `run(options)`, which returns the exit status:

    0  done
    1  it ended with an error, or what was compared differs
    2  wrong usage, or something given cannot be read or written
    3  done in part: run it again to go on
"""

from __future__ import annotations

import argparse
import ast
import os
import sys
from importlib import import_module
from pathlib import Path

from ... import ConfigurationError, InvalidArgumentError, LaplasError, __version__
from .._format import ArchiveError

COMMANDS = (
    *("export", "verify", "list", "show", "tail", "ask"),
    *("view", "convert", "import", "local"),
)
"""In the order of the help. The module of each is named after it, as in `export_command`."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    name = next((word for word in arguments if word in COMMANDS), None)
    parser = argparse.ArgumentParser("laplas", description="Conversations of the Message API.")
    parser.add_argument("--version", action="version", version=f"laplas {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        help_ = _first_line(command)
        sub = subparsers.add_parser(command, help=help_, description=help_)
        if command == name:
            module = import_module(f".{command}_command", __package__)
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:  # as in `laplas show ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ArchiveError, ConfigurationError, InvalidArgumentError) as error:
        print(f"laplas {name}: {error}", file=sys.stderr)
        return 2
    except (LaplasError, OSError) as error:
        print(f"laplas {name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _first_line(command: str) -> str:
    source = Path(__file__).with_name(f"{command}_command.py").read_text("utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
