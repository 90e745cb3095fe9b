# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import errors
from ...models.deleted_assistant import DeletedAssistant
from ...models.error_response import ErrorResponse
from ...types import Response, path_segment

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def _get_kwargs(
    assistant_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/assistants/{assistant_id}".format(
            assistant_id=path_segment("assistant_id", assistant_id),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeletedAssistant | ErrorResponse | None:
    if response.status_code == 200:
        response_200 = DeletedAssistant.from_dict(response.json())

        return response_200

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
) -> Response[DeletedAssistant | ErrorResponse]:
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
    assistant_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[DeletedAssistant | ErrorResponse]:
    """Delete an assistant

     This cannot be undone. A repeated attempt that finds it gone counts as done.

    The vendor's general pages also name 204 with an empty body as a success.

    Args:
        assistant_id (str): The id of the assistant, up to 1,000 characters (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeletedAssistant | ErrorResponse]
    """

    kwargs = _get_kwargs(
        assistant_id=assistant_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    assistant_id: str,
    *,
    client: AuthenticatedClient,
) -> DeletedAssistant | ErrorResponse | None:
    """Delete an assistant

     This cannot be undone. A repeated attempt that finds it gone counts as done.

    The vendor's general pages also name 204 with an empty body as a success.

    Args:
        assistant_id (str): The id of the assistant, up to 1,000 characters (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeletedAssistant | ErrorResponse
    """

    return sync_detailed(
        assistant_id=assistant_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    assistant_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[DeletedAssistant | ErrorResponse]:
    """Delete an assistant

     This cannot be undone. A repeated attempt that finds it gone counts as done.

    The vendor's general pages also name 204 with an empty body as a success.

    Args:
        assistant_id (str): The id of the assistant, up to 1,000 characters (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeletedAssistant | ErrorResponse]
    """

    kwargs = _get_kwargs(
        assistant_id=assistant_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    assistant_id: str,
    *,
    client: AuthenticatedClient,
) -> DeletedAssistant | ErrorResponse | None:
    """Delete an assistant

     This cannot be undone. A repeated attempt that finds it gone counts as done.

    The vendor's general pages also name 204 with an empty body as a success.

    Args:
        assistant_id (str): The id of the assistant, up to 1,000 characters (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeletedAssistant | ErrorResponse
    """

    return (
        await asyncio_detailed(
            assistant_id=assistant_id,
            client=client,
        )
    ).parsed
