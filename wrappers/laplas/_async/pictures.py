"""Upload the pictures of a message before it is sent."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from .._core.config import CallOptions, for_further_requests
from .._core.pictures import unsent_pictures
from .._core.request import CHECKER
from .._core.response import Response, decode_response
from ..generated import Call, files

if TYPE_CHECKING:
    from .sending import AsyncSender


async def send_with_pictures(
    sender: AsyncSender, call: Call[Any], options: CallOptions
) -> Response:
    """Upload what a call's messages show, each once however often this is tried, then send it."""
    sender.plan(call, options)  # nothing is uploaded if the call itself cannot be sent
    ids = call.features["pictures"]
    for unsent in unsent_pictures(call.body or {}):
        if id(unsent) not in ids:
            upload = files.upload_file(CHECKER, unsent.file, purpose="vision")
            answer = await sender._send_with_retries(upload, for_further_requests(options))
            ids[id(unsent)] = decode_response(upload, answer).id
    # What the memo of a copy has already is put in the place of the original.
    ready = call._replace(body=copy.deepcopy(call.body, {**ids}))
    return await sender._send_with_retries(ready, options)
