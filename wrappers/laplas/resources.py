"""The classes behind ``client.messages`` and ``client.threads``, to annotate with."""

from __future__ import annotations

from ._async.pages import AsyncPage as AsyncPage
from ._async.pages import AsyncPages as AsyncPages
from ._async.resources import AsyncMessages as AsyncMessages
from ._async.resources import AsyncThreadHandle as AsyncThreadHandle
from ._async.resources import AsyncThreads as AsyncThreads
from ._sync.pages import Page as Page
from ._sync.resources import Messages as Messages
from ._sync.resources import ThreadHandle as ThreadHandle
from ._sync.resources import Threads as Threads
