# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""What an event handler is told: a method for each, to override; those here do nothing."""

from __future__ import annotations

from typing import Any


class Callbacks:
    """The methods of an event handler.

    Their arguments are models; their types are loose, so that you may annotate your own methods
    with the classes of another package.
    """

    def on_event(self, event: Any) -> None:
        """Take any event, before its other methods are called."""

    def on_run_step_created(self, run_step: Any) -> None:
        """Take a step that begins."""

    def on_run_step_delta(self, delta: Any, snapshot: Any) -> None:
        """Take what is new in a step, and the step so far."""

    def on_run_step_done(self, run_step: Any) -> None:
        """Take a step that ended, well or not."""

    def on_tool_call_created(self, tool_call: Any) -> None:
        """Take a tool call that begins; its first delta is in it."""

    def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
        """Take what is new in a tool call, and the call so far."""

    def on_tool_call_done(self, tool_call: Any) -> None:
        """Take a tool call that ended; called again when later steps and the run end."""

    def on_exception(self, exception: Exception) -> None:
        """Take an error of the stream or of your own methods; it is raised afterwards."""

    def on_timeout(self) -> None:
        """Take note that something took too long; `on_exception` follows."""

    def on_message_created(self, message: Any) -> None:
        """Take a message that begins."""

    def on_message_delta(self, delta: Any, snapshot: Any) -> None:
        """Take what is new in a message, and the message so far."""

    def on_message_done(self, message: Any) -> None:
        """Take a message that is complete, or ended as incomplete."""

    def on_text_created(self, text: Any) -> None:
        """Take a text that begins; its first piece is in it."""

    def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        """Take a piece of a text, and the text so far."""

    def on_text_done(self, text: Any) -> None:
        """Take a text that is complete."""

    def on_image_file_done(self, image_file: Any) -> None:
        """Take an image that is complete."""

    def on_end(self) -> None:
        """Take note that nothing more comes, whether it ended well or with an error."""


class AsyncCallbacks:
    """The methods of an event handler, for async code.

    Their arguments are models; their types are loose, so that you may annotate your own methods
    with the classes of another package.
    """

    async def on_event(self, event: Any) -> None:
        """Take any event, before its other methods are called."""

    async def on_run_step_created(self, run_step: Any) -> None:
        """Take a step that begins."""

    async def on_run_step_delta(self, delta: Any, snapshot: Any) -> None:
        """Take what is new in a step, and the step so far."""

    async def on_run_step_done(self, run_step: Any) -> None:
        """Take a step that ended, well or not."""

    async def on_tool_call_created(self, tool_call: Any) -> None:
        """Take a tool call that begins; its first delta is in it."""

    async def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
        """Take what is new in a tool call, and the call so far."""

    async def on_tool_call_done(self, tool_call: Any) -> None:
        """Take a tool call that ended; called again when later steps and the run end."""

    async def on_exception(self, exception: Exception) -> None:
        """Take an error of the stream or of your own methods; it is raised afterwards."""

    async def on_timeout(self) -> None:
        """Take note that something took too long; `on_exception` follows."""

    async def on_message_created(self, message: Any) -> None:
        """Take a message that begins."""

    async def on_message_delta(self, delta: Any, snapshot: Any) -> None:
        """Take what is new in a message, and the message so far."""

    async def on_message_done(self, message: Any) -> None:
        """Take a message that is complete, or ended as incomplete."""

    async def on_text_created(self, text: Any) -> None:
        """Take a text that begins; its first piece is in it."""

    async def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        """Take a piece of a text, and the text so far."""

    async def on_text_done(self, text: Any) -> None:
        """Take a text that is complete."""

    async def on_image_file_done(self, image_file: Any) -> None:
        """Take an image that is complete."""

    async def on_end(self) -> None:
        """Take note that nothing more comes, whether it ended well or with an error."""
