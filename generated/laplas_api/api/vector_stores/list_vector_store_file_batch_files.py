# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import errors
from ...models.error_response import ErrorResponse
from ...models.list_order import ListOrder
from ...models.vector_store_file_list import VectorStoreFileList
from ...models.vector_store_file_status import VectorStoreFileStatus
from ...types import UNSET, Response, Unset, path_segment

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def _get_kwargs(
    vector_store_id: str,
    batch_id: str,
    *,
    limit: int | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    filter_: VectorStoreFileStatus | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order

    params["order"] = json_order

    params["after"] = after

    params["before"] = before

    json_filter_: str | Unset = UNSET
    if not isinstance(filter_, Unset):
        json_filter_ = filter_

    params["filter"] = json_filter_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/vector_stores/{vector_store_id}/file_batches/{batch_id}/files".format(
            vector_store_id=path_segment("vector_store_id", vector_store_id),
            batch_id=path_segment("batch_id", batch_id),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | VectorStoreFileList | None:
    if response.status_code == 200:
        response_200 = VectorStoreFileList.from_dict(response.json())

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
) -> Response[ErrorResponse | VectorStoreFileList]:
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
    vector_store_id: str,
    batch_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    filter_: VectorStoreFileStatus | Unset = UNSET,
) -> Response[ErrorResponse | VectorStoreFileList]:
    """List the files of a file batch

     The newest comes first unless `order` says otherwise.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        batch_id (str): The id of the file batch, up to 1,000 characters (our limit).
        limit (int | Unset): The largest number of items on the page, 1 to 100. Left out, the
            server takes 20. Limits and default: the vendor's published schema.
        order (ListOrder | Unset): The order of a list by creation time: `asc` oldest first,
            `desc` newest first. Left out, the server takes `desc`.
        after (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page starts right after this item, in the given order.
        before (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page ends right before this item, in the given order.
        filter_ (VectorStoreFileStatus | Unset): How far the server is with a file or a batch of
            files. In responses an open set: readers must accept other values.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | VectorStoreFileList]
    """

    kwargs = _get_kwargs(
        vector_store_id=vector_store_id,
        batch_id=batch_id,
        limit=limit,
        order=order,
        after=after,
        before=before,
        filter_=filter_,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    vector_store_id: str,
    batch_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    filter_: VectorStoreFileStatus | Unset = UNSET,
) -> ErrorResponse | VectorStoreFileList | None:
    """List the files of a file batch

     The newest comes first unless `order` says otherwise.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        batch_id (str): The id of the file batch, up to 1,000 characters (our limit).
        limit (int | Unset): The largest number of items on the page, 1 to 100. Left out, the
            server takes 20. Limits and default: the vendor's published schema.
        order (ListOrder | Unset): The order of a list by creation time: `asc` oldest first,
            `desc` newest first. Left out, the server takes `desc`.
        after (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page starts right after this item, in the given order.
        before (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page ends right before this item, in the given order.
        filter_ (VectorStoreFileStatus | Unset): How far the server is with a file or a batch of
            files. In responses an open set: readers must accept other values.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | VectorStoreFileList
    """

    return sync_detailed(
        vector_store_id=vector_store_id,
        batch_id=batch_id,
        client=client,
        limit=limit,
        order=order,
        after=after,
        before=before,
        filter_=filter_,
    ).parsed


async def asyncio_detailed(
    vector_store_id: str,
    batch_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    filter_: VectorStoreFileStatus | Unset = UNSET,
) -> Response[ErrorResponse | VectorStoreFileList]:
    """List the files of a file batch

     The newest comes first unless `order` says otherwise.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        batch_id (str): The id of the file batch, up to 1,000 characters (our limit).
        limit (int | Unset): The largest number of items on the page, 1 to 100. Left out, the
            server takes 20. Limits and default: the vendor's published schema.
        order (ListOrder | Unset): The order of a list by creation time: `asc` oldest first,
            `desc` newest first. Left out, the server takes `desc`.
        after (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page starts right after this item, in the given order.
        before (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page ends right before this item, in the given order.
        filter_ (VectorStoreFileStatus | Unset): How far the server is with a file or a batch of
            files. In responses an open set: readers must accept other values.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | VectorStoreFileList]
    """

    kwargs = _get_kwargs(
        vector_store_id=vector_store_id,
        batch_id=batch_id,
        limit=limit,
        order=order,
        after=after,
        before=before,
        filter_=filter_,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    vector_store_id: str,
    batch_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    order: ListOrder | Unset = UNSET,
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    filter_: VectorStoreFileStatus | Unset = UNSET,
) -> ErrorResponse | VectorStoreFileList | None:
    """List the files of a file batch

     The newest comes first unless `order` says otherwise.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        batch_id (str): The id of the file batch, up to 1,000 characters (our limit).
        limit (int | Unset): The largest number of items on the page, 1 to 100. Left out, the
            server takes 20. Limits and default: the vendor's published schema.
        order (ListOrder | Unset): The order of a list by creation time: `asc` oldest first,
            `desc` newest first. Left out, the server takes `desc`.
        after (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page starts right after this item, in the given order.
        before (str | Unset): A cursor: the id of an item, up to 1,000 characters (our limit). The
            page ends right before this item, in the given order.
        filter_ (VectorStoreFileStatus | Unset): How far the server is with a file or a batch of
            files. In responses an open set: readers must accept other values.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | VectorStoreFileList
    """

    return (
        await asyncio_detailed(
            vector_store_id=vector_store_id,
            batch_id=batch_id,
            client=client,
            limit=limit,
            order=order,
            after=after,
            before=before,
            filter_=filter_,
        )
    ).parsed
