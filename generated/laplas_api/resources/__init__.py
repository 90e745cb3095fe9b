# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""The resources of the document, as methods: one module for each, imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .forms import cached_property

if TYPE_CHECKING:
    from ..calls import AsyncCarrier, Carrier
    from .assistants import Assistants, AsyncAssistants, AsyncOpenAIAssistants, OpenAIAssistants
    from .files import AsyncFiles, AsyncOpenAIFiles, Files, OpenAIFiles
    from .messages import AsyncMessages, Messages
    from .runs import AsyncRuns, Runs
    from .threads import AsyncOpenAIThreads, AsyncThreads, OpenAIThreads, Threads
    from .vector_stores import (
        AsyncOpenAIVectorStores,
        AsyncVectorStores,
        OpenAIVectorStores,
        VectorStores,
    )

__all__ = ("AsyncOpenAIResources", "AsyncResources", "OpenAIResources", "Resources")


class Resources:
    """All resources."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    @cached_property
    def messages(self) -> Messages:
        """The messages of a thread."""
        from .messages import Messages

        return Messages(self._carrier)

    @cached_property
    def threads(self) -> Threads:
        """Conversations, which hold messages and the files that tools may use."""
        from .threads import Threads

        return Threads(self._carrier)

    @cached_property
    def assistants(self) -> Assistants:
        """Models with instructions, tools and settings."""
        from .assistants import Assistants

        return Assistants(self._carrier)

    @cached_property
    def vector_stores(self) -> VectorStores:
        """Collections of files for the file search to look in."""
        from .vector_stores import VectorStores

        return VectorStores(self._carrier)

    @cached_property
    def runs(self) -> Runs:
        """The work of assistants on threads."""
        from .runs import Runs

        return Runs(self._carrier)

    @cached_property
    def files(self) -> Files:
        """Files that messages and tools use."""
        from .files import Files

        return Files(self._carrier)


class AsyncResources:
    """All resources, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    @cached_property
    def messages(self) -> AsyncMessages:
        """The messages of a thread."""
        from .messages import AsyncMessages

        return AsyncMessages(self._carrier)

    @cached_property
    def threads(self) -> AsyncThreads:
        """Conversations, which hold messages and the files that tools may use."""
        from .threads import AsyncThreads

        return AsyncThreads(self._carrier)

    @cached_property
    def assistants(self) -> AsyncAssistants:
        """Models with instructions, tools and settings."""
        from .assistants import AsyncAssistants

        return AsyncAssistants(self._carrier)

    @cached_property
    def vector_stores(self) -> AsyncVectorStores:
        """Collections of files for the file search to look in."""
        from .vector_stores import AsyncVectorStores

        return AsyncVectorStores(self._carrier)

    @cached_property
    def runs(self) -> AsyncRuns:
        """The work of assistants on threads."""
        from .runs import AsyncRuns

        return AsyncRuns(self._carrier)

    @cached_property
    def files(self) -> AsyncFiles:
        """Files that messages and tools use."""
        from .files import AsyncFiles

        return AsyncFiles(self._carrier)


class OpenAIResources:
    """All resources, as in the openai package."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    @cached_property
    def threads(self) -> OpenAIThreads:
        """Conversations, which hold messages and the files that tools may use."""
        from .threads import OpenAIThreads

        return OpenAIThreads(self._carrier)

    @cached_property
    def assistants(self) -> OpenAIAssistants:
        """Models with instructions, tools and settings."""
        from .assistants import OpenAIAssistants

        return OpenAIAssistants(self._carrier)

    @cached_property
    def vector_stores(self) -> OpenAIVectorStores:
        """Collections of files for the file search to look in."""
        from .vector_stores import OpenAIVectorStores

        return OpenAIVectorStores(self._carrier)

    @cached_property
    def files(self) -> OpenAIFiles:
        """Files that messages and tools use."""
        from .files import OpenAIFiles

        return OpenAIFiles(self._carrier)


class AsyncOpenAIResources:
    """All resources, as in the openai package, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    @cached_property
    def threads(self) -> AsyncOpenAIThreads:
        """Conversations, which hold messages and the files that tools may use."""
        from .threads import AsyncOpenAIThreads

        return AsyncOpenAIThreads(self._carrier)

    @cached_property
    def assistants(self) -> AsyncOpenAIAssistants:
        """Models with instructions, tools and settings."""
        from .assistants import AsyncOpenAIAssistants

        return AsyncOpenAIAssistants(self._carrier)

    @cached_property
    def vector_stores(self) -> AsyncOpenAIVectorStores:
        """Collections of files for the file search to look in."""
        from .vector_stores import AsyncOpenAIVectorStores

        return AsyncOpenAIVectorStores(self._carrier)

    @cached_property
    def files(self) -> AsyncOpenAIFiles:
        """Files that messages and tools use."""
        from .files import AsyncOpenAIFiles

        return AsyncOpenAIFiles(self._carrier)
