# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import errors
from ...models.error_response import ErrorResponse
from ...models.file_list import FileList
from ...models.list_order import ListOrder
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def _get_kwargs(
    *,
    limit: int | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    after: str | Unset = UNSET,
    purpose: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order

    params["order"] = json_order

    params["after"] = after

    params["purpose"] = purpose

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/files",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | FileList | None:
    if response.status_code == 200:
        response_200 = FileList.from_dict(response.json())

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
) -> Response[ErrorResponse | FileList]:
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
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    after: str | Unset = UNSET,
    purpose: str | Unset = UNSET,
) -> Response[ErrorResponse | FileList]:
    """List the files of the account

     The newest comes first unless `order` says otherwise.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        limit (int | Unset): The largest number of items on the page, 1 to 10,000. Left out, the
            server takes 10,000. Limits and default: upstream documentation.
        order (ListOrder | Unset): The order of a list by creation time: `asc` oldest first,
            `desc` newest first. Left out, the server takes `desc`.
        after (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page starts right after this item, in the given order.
        purpose (str | Unset): Only the files with this purpose. It must not be empty (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | FileList]
    """

    kwargs = _get_kwargs(
        limit=limit,
        order=order,
        after=after,
        purpose=purpose,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    after: str | Unset = UNSET,
    purpose: str | Unset = UNSET,
) -> ErrorResponse | FileList | None:
    """List the files of the account

     The newest comes first unless `order` says otherwise.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        limit (int | Unset): The largest number of items on the page, 1 to 10,000. Left out, the
            server takes 10,000. Limits and default: upstream documentation.
        order (ListOrder | Unset): The order of a list by creation time: `asc` oldest first,
            `desc` newest first. Left out, the server takes `desc`.
        after (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page starts right after this item, in the given order.
        purpose (str | Unset): Only the files with this purpose. It must not be empty (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | FileList
    """

    return sync_detailed(
        client=client,
        limit=limit,
        order=order,
        after=after,
        purpose=purpose,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    after: str | Unset = UNSET,
    purpose: str | Unset = UNSET,
) -> Response[ErrorResponse | FileList]:
    """List the files of the account

     The newest comes first unless `order` says otherwise.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        limit (int | Unset): The largest number of items on the page, 1 to 10,000. Left out, the
            server takes 10,000. Limits and default: upstream documentation.
        order (ListOrder | Unset): The order of a list by creation time: `asc` oldest first,
            `desc` newest first. Left out, the server takes `desc`.
        after (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page starts right after this item, in the given order.
        purpose (str | Unset): Only the files with this purpose. It must not be empty (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | FileList]
    """

    kwargs = _get_kwargs(
        limit=limit,
        order=order,
        after=after,
        purpose=purpose,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    after: str | Unset = UNSET,
    purpose: str | Unset = UNSET,
) -> ErrorResponse | FileList | None:
    """List the files of the account

     The newest comes first unless `order` says otherwise.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        limit (int | Unset): The largest number of items on the page, 1 to 10,000. Left out, the
            server takes 10,000. Limits and default: upstream documentation.
        order (ListOrder | Unset): The order of a list by creation time: `asc` oldest first,
            `desc` newest first. Left out, the server takes `desc`.
        after (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page starts right after this item, in the given order.
        purpose (str | Unset): Only the files with this purpose. It must not be empty (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | FileList
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            order=order,
            after=after,
            purpose=purpose,
        )
    ).parsed
