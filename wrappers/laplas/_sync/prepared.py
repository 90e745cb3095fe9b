"""The methods of the resources, returning requests that are not sent.

They are the sync methods for both clients: nothing is awaited where nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, cast

from .._core.request import PreparedRequest
from .resources import Messages, Threads
from .run_resources import Assistants, Files, Runs, Steps

P = ParamSpec("P")


def _prepared(method: Callable[P, object]) -> Callable[P, PreparedRequest]:
    return cast("Callable[P, PreparedRequest]", method)


class PreparedMessages:
    """The calls of `Messages`, returning `PreparedRequest`."""

    def __init__(self, messages: Messages) -> None:
        self.create = _prepared(messages.create)
        self.list = _prepared(messages.list)
        self.retrieve = _prepared(messages.retrieve)
        self.update = _prepared(messages.update)
        self.delete = _prepared(messages.delete)


class PreparedThreads:
    """The calls of `Threads`, returning `PreparedRequest`."""

    def __init__(self, threads: Threads) -> None:
        self.create = _prepared(threads.create)
        self.retrieve = _prepared(threads.retrieve)
        self.update = _prepared(threads.update)
        self.delete = _prepared(threads.delete)
        self.create_and_run = _prepared(threads.create_and_run)


class PreparedAssistants:
    """The calls of `Assistants`, returning `PreparedRequest`."""

    def __init__(self, assistants: Assistants) -> None:
        self.create = _prepared(assistants.create)
        self.list = _prepared(assistants.list)
        self.retrieve = _prepared(assistants.retrieve)
        self.update = _prepared(assistants.update)
        self.delete = _prepared(assistants.delete)


class PreparedRuns:
    """The calls of `Runs`, returning `PreparedRequest`."""

    def __init__(self, runs: Runs) -> None:
        self.create = _prepared(runs.create)
        self.list = _prepared(runs.list)
        self.retrieve = _prepared(runs.retrieve)
        self.update = _prepared(runs.update)
        self.cancel = _prepared(runs.cancel)
        self.submit_tool_outputs = _prepared(runs.submit_tool_outputs)


class PreparedSteps:
    """The calls of `Steps`, returning `PreparedRequest`."""

    def __init__(self, steps: Steps) -> None:
        self.list = _prepared(steps.list)
        self.retrieve = _prepared(steps.retrieve)


class PreparedFiles:
    """The calls of `Files`, returning `PreparedRequest`."""

    def __init__(self, files: Files) -> None:
        self.upload = _prepared(files.upload)
        self.retrieve = _prepared(files.retrieve)
        self.delete = _prepared(files.delete)


def prepared_messages(preparer: Any) -> PreparedMessages:
    return PreparedMessages(Messages(preparer))


def prepared_threads(preparer: Any) -> PreparedThreads:
    return PreparedThreads(Threads(preparer, Messages(preparer)))


def prepared_assistants(preparer: Any) -> PreparedAssistants:
    return PreparedAssistants(Assistants(preparer))


def prepared_runs(preparer: Any) -> PreparedRuns:
    return PreparedRuns(Runs(preparer))


def prepared_steps(preparer: Any) -> PreparedSteps:
    return PreparedSteps(Steps(preparer))


def prepared_files(preparer: Any) -> PreparedFiles:
    return PreparedFiles(Files(preparer))
