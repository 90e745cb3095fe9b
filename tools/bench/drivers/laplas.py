"""laplas, through its public calls; `decode` is what the client does with the bytes of a page."""

import os
import sys
from importlib.machinery import PathFinder

import work

VENV, DIST, IMPORT = "laplas", "laplas", "import laplas"
OPTIONS = {}

# The harness loads this file by the package's own name, before the package. So it becomes the
# package: the submodules are found, and the package's own code runs here.
_HERE = os.path.dirname(os.path.abspath(__file__))
_PACKAGE = PathFinder.find_spec("laplas", [p for p in sys.path if os.path.abspath(p) != _HERE])
__path__, __package__ = _PACKAGE.submodule_search_locations, "laplas"
exec(_PACKAGE.loader.get_code("laplas"), globals())


def construct(base_url):
    from laplas import Laplas

    return Laplas(api_key=work.KEY, base_url=base_url, **OPTIONS)


def dispose(client):
    client.close()


def setup(base_url):
    global _client, _url
    _url, _client = base_url, construct(base_url)


def teardown():
    _client.close()


def create():
    return _client.messages.create(
        work.THREAD, work.CONTENT, role=work.ROLE, metadata=work.METADATA
    )


def retrieve():
    return _client.messages.retrieve(work.THREAD, work.MESSAGE_ID)


def update():
    return _client.messages.update(work.THREAD, work.MESSAGE_ID, metadata={"k": "v"})


def delete():
    return _client.messages.delete(work.THREAD, work.MESSAGE_ID).deleted


def _list(**options):
    return _client.messages.list(work.THREAD, page_size=work.LIMIT, order="asc", **options)


def list_page():
    return _list().data


def iterate_all(**options):
    return iter(_list(**options))


async def create_many(n, concurrency):
    from laplas import AsyncLaplas

    async with AsyncLaplas(api_key=work.KEY, base_url=_url, **OPTIONS) as client:

        def call():
            return client.messages.create(
                work.THREAD, work.CONTENT, role=work.ROLE, metadata=work.METADATA
            )

        return await work.run_pool(n, concurrency, call)


def decode(data):
    from laplas._core.request import CHECKER
    from laplas._core.response import Response, decode_response
    from laplas_api.resources.messages import list_messages

    call = list_messages(CHECKER, work.THREAD, page_size=1, order="desc")
    return decode_response(call, Response(200, {}, data)).data


def id_of(message):
    return message.id


def text_of(message):
    return message.content[0].text.value
