# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import errors
from ...models.error_response import ErrorResponse
from ...models.vector_store_file_content_page import VectorStoreFileContentPage
from ...types import Response, path_segment

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def _get_kwargs(
    vector_store_id: str,
    file_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/vector_stores/{vector_store_id}/files/{file_id}/content".format(
            vector_store_id=path_segment("vector_store_id", vector_store_id),
            file_id=path_segment("file_id", file_id),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | VectorStoreFileContentPage | None:
    if response.status_code == 200:
        response_200 = VectorStoreFileContentPage.from_dict(response.json())

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
) -> Response[ErrorResponse | VectorStoreFileContentPage]:
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
    file_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[ErrorResponse | VectorStoreFileContentPage]:
    """Get the text of a file in a vector store

     The text as the server has read it from the file. The answer is one page: no parameter is
    known that asks for the page after it.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        file_id (str): The id of the file, up to 1,000 characters (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | VectorStoreFileContentPage]
    """

    kwargs = _get_kwargs(
        vector_store_id=vector_store_id,
        file_id=file_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    vector_store_id: str,
    file_id: str,
    *,
    client: AuthenticatedClient,
) -> ErrorResponse | VectorStoreFileContentPage | None:
    """Get the text of a file in a vector store

     The text as the server has read it from the file. The answer is one page: no parameter is
    known that asks for the page after it.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        file_id (str): The id of the file, up to 1,000 characters (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | VectorStoreFileContentPage
    """

    return sync_detailed(
        vector_store_id=vector_store_id,
        file_id=file_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    vector_store_id: str,
    file_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[ErrorResponse | VectorStoreFileContentPage]:
    """Get the text of a file in a vector store

     The text as the server has read it from the file. The answer is one page: no parameter is
    known that asks for the page after it.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        file_id (str): The id of the file, up to 1,000 characters (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | VectorStoreFileContentPage]
    """

    kwargs = _get_kwargs(
        vector_store_id=vector_store_id,
        file_id=file_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    vector_store_id: str,
    file_id: str,
    *,
    client: AuthenticatedClient,
) -> ErrorResponse | VectorStoreFileContentPage | None:
    """Get the text of a file in a vector store

     The text as the server has read it from the file. The answer is one page: no parameter is
    known that asks for the page after it.

    Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

    Args:
        vector_store_id (str): The id of the vector store, up to 1,000 characters (our limit).
        file_id (str): The id of the file, up to 1,000 characters (our limit).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | VectorStoreFileContentPage
    """

    return (
        await asyncio_detailed(
            vector_store_id=vector_store_id,
            file_id=file_id,
            client=client,
        )
    ).parsed
