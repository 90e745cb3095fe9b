"""httpx and json.loads, written by hand: what all ratios refer to."""

import json

import httpx
import work

VENV, DIST, IMPORT = "raw", "httpx", "import httpx"


def _options(base_url):
    headers = {"Authorization": f"Bearer {work.KEY}", "OpenAI-Beta": "assistants=v2"}
    return {"base_url": f"{base_url}/v1", "headers": headers, "timeout": 600}


def _messages():
    return f"/threads/{work.THREAD}/messages"


def _message():
    return f"{_messages()}/{work.MESSAGE_ID}"


def _read(response):
    response.raise_for_status()
    return json.loads(response.content)


def construct(base_url):
    return httpx.Client(**_options(base_url))


def dispose(client):
    client.close()


def setup(base_url):
    global _client, _url
    _url, _client = base_url, construct(base_url)


def teardown():
    _client.close()


def _body():
    return {"role": work.ROLE, "content": work.CONTENT, "metadata": work.METADATA}


def create():
    return _read(_client.post(_messages(), json=_body()))


def retrieve():
    return _read(_client.get(_message()))


def update():
    return _read(_client.post(_message(), json={"metadata": {"k": "v"}}))


def delete():
    return _read(_client.delete(_message()))["deleted"]


def _page(**cursor):
    params = {"limit": work.LIMIT, "order": "asc", **cursor}
    return _read(_client.get(_messages(), params=params))


def list_page():
    return _page()["data"]


def iterate_all():
    page = _page()
    yield from page["data"]
    while page["has_more"]:
        page = _page(after=page["last_id"])
        yield from page["data"]


async def create_many(n, concurrency):
    async with httpx.AsyncClient(**_options(_url)) as client:

        async def call():
            return _read(await client.post(_messages(), json=_body()))

        return await work.run_pool(n, concurrency, call)


def decode(data):
    return json.loads(data)["data"]


def id_of(message):
    return message["id"]


def text_of(message):
    return message["content"][0]["text"]["value"]
