# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import errors
from ...models.create_run_request import CreateRunRequest
from ...models.error_response import ErrorResponse
from ...models.run import Run
from ...types import UNSET, Response, Unset, path_segment, plain

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def _get_kwargs(
    thread_id: str,
    *,
    body: CreateRunRequest,
    include: list[str] | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    json_include: list[str] | Unset = UNSET
    if not isinstance(include, Unset):
        json_include = include

    params["include[]"] = json_include

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/threads/{thread_id}/runs".format(
            thread_id=path_segment("thread_id", thread_id),
        ),
        "params": params,
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = plain(body)
        headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | Run | None:
    content_type = response.headers.get("Content-Type", "")
    if response.is_success and content_type.startswith("text/event-stream"):
        return None

    if response.status_code == 200:
        response_200 = Run.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = Run.from_dict(response.json())

        return response_201

    if response.status_code == 429:
        response_429 = ErrorResponse.from_dict(response.json())

        return response_429

    if 400 <= response.status_code <= 499:
        response_4xx = ErrorResponse.from_dict(response.json())

        return response_4xx

    if 500 <= response.status_code <= 599:
        response_5xx = ErrorResponse.from_dict(response.json())

        return response_5xx

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorResponse | Run]:
    try:
        parsed = _parse_response(client=client, response=response)
    except errors.UnexpectedStatus:
        raise
    except (
        *(ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
    ) as cause:
        raise errors.UnparsableResponse(
            response.status_code, response.headers, response.content, cause
        ) from cause
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=parsed,
    )


def sync_detailed(
    thread_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateRunRequest,
    include: list[str] | Unset = UNSET,
) -> Response[ErrorResponse | Run]:
    """Put an assistant to work on a thread

     The run starts as `queued`: read it again until its status is one that stays, or follow its events
    with `stream`. Refused with 400 while another run is active on the thread.

    Not idempotent: a repeated call makes a second run.

    Args:
        thread_id (str): The id of the thread, up to 1,000 characters (our limit).
        include (list[str] | Unset): More to put into steps. The one known value,
            `step_details.tool_calls[*].file_search.results[*].content`, asks for the words that a
            file search found.
        body (CreateRunRequest): Which assistant runs, and what differs from its settings in this
            run.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | Run]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        body=body,
        include=include,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateRunRequest,
    include: list[str] | Unset = UNSET,
) -> ErrorResponse | Run | None:
    """Put an assistant to work on a thread

     The run starts as `queued`: read it again until its status is one that stays, or follow its events
    with `stream`. Refused with 400 while another run is active on the thread.

    Not idempotent: a repeated call makes a second run.

    Args:
        thread_id (str): The id of the thread, up to 1,000 characters (our limit).
        include (list[str] | Unset): More to put into steps. The one known value,
            `step_details.tool_calls[*].file_search.results[*].content`, asks for the words that a
            file search found.
        body (CreateRunRequest): Which assistant runs, and what differs from its settings in this
            run.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | Run
    """

    return sync_detailed(
        thread_id=thread_id,
        client=client,
        body=body,
        include=include,
    ).parsed


async def asyncio_detailed(
    thread_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateRunRequest,
    include: list[str] | Unset = UNSET,
) -> Response[ErrorResponse | Run]:
    """Put an assistant to work on a thread

     The run starts as `queued`: read it again until its status is one that stays, or follow its events
    with `stream`. Refused with 400 while another run is active on the thread.

    Not idempotent: a repeated call makes a second run.

    Args:
        thread_id (str): The id of the thread, up to 1,000 characters (our limit).
        include (list[str] | Unset): More to put into steps. The one known value,
            `step_details.tool_calls[*].file_search.results[*].content`, asks for the words that a
            file search found.
        body (CreateRunRequest): Which assistant runs, and what differs from its settings in this
            run.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | Run]
    """

    kwargs = _get_kwargs(
        thread_id=thread_id,
        body=body,
        include=include,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateRunRequest,
    include: list[str] | Unset = UNSET,
) -> ErrorResponse | Run | None:
    """Put an assistant to work on a thread

     The run starts as `queued`: read it again until its status is one that stays, or follow its events
    with `stream`. Refused with 400 while another run is active on the thread.

    Not idempotent: a repeated call makes a second run.

    Args:
        thread_id (str): The id of the thread, up to 1,000 characters (our limit).
        include (list[str] | Unset): More to put into steps. The one known value,
            `step_details.tool_calls[*].file_search.results[*].content`, asks for the words that a
            file search found.
        body (CreateRunRequest): Which assistant runs, and what differs from its settings in this
            run.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | Run
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            client=client,
            body=body,
            include=include,
        )
    ).parsed
