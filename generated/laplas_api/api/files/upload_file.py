# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import errors
from ...models.error_response import ErrorResponse
from ...models.file_object import FileObject
from ...models.upload_file_request import UploadFileRequest
from ...types import Response, Unset, form, plain, spread

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def _get_kwargs(
    *,
    body: UploadFileRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/files",
    }

    if not isinstance(body, Unset):
        spread_body = spread(plain(body), {"expires_after": "expires_after[{}]"})
        _kwargs["data"], _kwargs["files"] = form(spread_body)

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | FileObject | None:
    if response.status_code == 200:
        response_200 = FileObject.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = FileObject.from_dict(response.json())

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
) -> Response[ErrorResponse | FileObject]:
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
    body: UploadFileRequest,
) -> Response[ErrorResponse | FileObject]:
    """Upload a file

     Messages, tools and vector stores can then use it by its id. At most 512 MB (upstream
    documentation). A path or an open file is read piece by piece while it is sent, from its
    start, wherever an open file stands. What cannot be rewound, such as a pipe, is read into
    memory.

    Not idempotent: a repeated call stores a second file.

    Args:
        body (UploadFileRequest): A file to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | FileObject]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: UploadFileRequest,
) -> ErrorResponse | FileObject | None:
    """Upload a file

     Messages, tools and vector stores can then use it by its id. At most 512 MB (upstream
    documentation). A path or an open file is read piece by piece while it is sent, from its
    start, wherever an open file stands. What cannot be rewound, such as a pipe, is read into
    memory.

    Not idempotent: a repeated call stores a second file.

    Args:
        body (UploadFileRequest): A file to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | FileObject
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadFileRequest,
) -> Response[ErrorResponse | FileObject]:
    """Upload a file

     Messages, tools and vector stores can then use it by its id. At most 512 MB (upstream
    documentation). A path or an open file is read piece by piece while it is sent, from its
    start, wherever an open file stands. What cannot be rewound, such as a pipe, is read into
    memory.

    Not idempotent: a repeated call stores a second file.

    Args:
        body (UploadFileRequest): A file to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | FileObject]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: UploadFileRequest,
) -> ErrorResponse | FileObject | None:
    """Upload a file

     Messages, tools and vector stores can then use it by its id. At most 512 MB (upstream
    documentation). A path or an open file is read piece by piece while it is sent, from its
    start, wherever an open file stands. What cannot be rewound, such as a pipe, is read into
    memory.

    Not idempotent: a repeated call stores a second file.

    Args:
        body (UploadFileRequest): A file to upload.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        errors.UnparsableResponse: If the body of a documented response is not as documented.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | FileObject
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
