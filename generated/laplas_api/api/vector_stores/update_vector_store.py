# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import errors
from ...models.error_response import ErrorResponse
from ...models.update_vector_store_request import UpdateVectorStoreRequest
from ...models.vector_store import VectorStore
from ...types import Response, Unset, path_segment, plain

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def _get_kwargs(
    vector_store_id: str,
    *,
    body: UpdateVectorStoreRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/vector_stores/{vector_store_id}".format(
            vector_store_id=path_segment("vector_store_id", vector_store_id),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = plain(body)
        headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | VectorStore | None:
    if response.status_code == 200:
        response_200 = VectorStore.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = VectorStore.from_dict(response.json())

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
) -> Response[ErrorResponse | VectorStore]:
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
    *,
    client: AuthenticatedClient,
    body: UpdateVectorStoreRequest,
) -> Response[ErrorResponse | VectorStore]:
    """Change a vector store

     Set its name, metadata or expiry. Fields that are left out stay as they are.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        body (UpdateVectorStoreRequest): The changes to a vector store. No other fields are
            allowed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | VectorStore]
    """

    kwargs = _get_kwargs(
        vector_store_id=vector_store_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    vector_store_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateVectorStoreRequest,
) -> ErrorResponse | VectorStore | None:
    """Change a vector store

     Set its name, metadata or expiry. Fields that are left out stay as they are.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        body (UpdateVectorStoreRequest): The changes to a vector store. No other fields are
            allowed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | VectorStore
    """

    return sync_detailed(
        vector_store_id=vector_store_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    vector_store_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateVectorStoreRequest,
) -> Response[ErrorResponse | VectorStore]:
    """Change a vector store

     Set its name, metadata or expiry. Fields that are left out stay as they are.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        body (UpdateVectorStoreRequest): The changes to a vector store. No other fields are
            allowed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | VectorStore]
    """

    kwargs = _get_kwargs(
        vector_store_id=vector_store_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    vector_store_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateVectorStoreRequest,
) -> ErrorResponse | VectorStore | None:
    """Change a vector store

     Set its name, metadata or expiry. Fields that are left out stay as they are.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        body (UpdateVectorStoreRequest): The changes to a vector store. No other fields are
            allowed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | VectorStore
    """

    return (
        await asyncio_detailed(
            vector_store_id=vector_store_id,
            client=client,
            body=body,
        )
    ).parsed
