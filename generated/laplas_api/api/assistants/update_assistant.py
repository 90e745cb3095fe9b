# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import errors
from ...models.assistant import Assistant
from ...models.error_response import ErrorResponse
from ...models.update_assistant_request import UpdateAssistantRequest
from ...types import Response, Unset, path_segment, plain

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def _get_kwargs(
    assistant_id: str,
    *,
    body: UpdateAssistantRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/assistants/{assistant_id}".format(
            assistant_id=path_segment("assistant_id", assistant_id),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = plain(body)
        headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Assistant | ErrorResponse | None:
    if response.status_code == 200:
        response_200 = Assistant.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = Assistant.from_dict(response.json())

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
) -> Response[Assistant | ErrorResponse]:
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
    body: UpdateAssistantRequest,
) -> Response[Assistant | ErrorResponse]:
    """Change an assistant

     Fields that are left out stay as they are; a list of tools replaces the old list.

    Args:
        assistant_id (str): The id of the assistant, up to 1,000 characters (our limit).
        body (UpdateAssistantRequest): The changes to an assistant.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Assistant | ErrorResponse]
    """

    kwargs = _get_kwargs(
        assistant_id=assistant_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    assistant_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateAssistantRequest,
) -> Assistant | ErrorResponse | None:
    """Change an assistant

     Fields that are left out stay as they are; a list of tools replaces the old list.

    Args:
        assistant_id (str): The id of the assistant, up to 1,000 characters (our limit).
        body (UpdateAssistantRequest): The changes to an assistant.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Assistant | ErrorResponse
    """

    return sync_detailed(
        assistant_id=assistant_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    assistant_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateAssistantRequest,
) -> Response[Assistant | ErrorResponse]:
    """Change an assistant

     Fields that are left out stay as they are; a list of tools replaces the old list.

    Args:
        assistant_id (str): The id of the assistant, up to 1,000 characters (our limit).
        body (UpdateAssistantRequest): The changes to an assistant.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Assistant | ErrorResponse]
    """

    kwargs = _get_kwargs(
        assistant_id=assistant_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    assistant_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateAssistantRequest,
) -> Assistant | ErrorResponse | None:
    """Change an assistant

     Fields that are left out stay as they are; a list of tools replaces the old list.

    Args:
        assistant_id (str): The id of the assistant, up to 1,000 characters (our limit).
        body (UpdateAssistantRequest): The changes to an assistant.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Assistant | ErrorResponse
    """

    return (
        await asyncio_detailed(
            assistant_id=assistant_id,
            client=client,
            body=body,
        )
    ).parsed
