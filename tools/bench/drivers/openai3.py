"""The openai package, through its public calls; `decode` is its own way from JSON to models."""

import json
import warnings

import work
from openai import AsyncOpenAI, OpenAI

VENV, DIST, IMPORT = "openai3", "openai", "from openai import AsyncOpenAI, OpenAI"

warnings.simplefilter("ignore", DeprecationWarning)  # the package calls the whole API deprecated


def _options(base_url):
    return {"api_key": work.KEY, "base_url": f"{base_url}/v1"}


def construct(base_url):
    return OpenAI(**_options(base_url))


def dispose(client):
    client.close()


def setup(base_url):
    global _client, _messages, _url
    _url, _client = base_url, construct(base_url)
    _messages = _client.beta.threads.messages


def teardown():
    _client.close()


def _new():
    return {"role": work.ROLE, "content": work.CONTENT, "metadata": work.METADATA}


def create():
    return _messages.create(work.THREAD, **_new())


def retrieve():
    return _messages.retrieve(work.MESSAGE_ID, thread_id=work.THREAD)


def update():
    return _messages.update(work.MESSAGE_ID, thread_id=work.THREAD, metadata={"k": "v"})


def delete():
    return _messages.delete(work.MESSAGE_ID, thread_id=work.THREAD).deleted


def _list():
    return _messages.list(work.THREAD, limit=work.LIMIT, order="asc")


def list_page():
    return _list().data


def iterate_all():
    return iter(_list())


async def create_many(n, concurrency):
    async with AsyncOpenAI(**_options(_url)) as client:
        messages = client.beta.threads.messages

        def call():
            return messages.create(work.THREAD, **_new())

        return await work.run_pool(n, concurrency, call)


def decode(data):
    from openai._models import construct_type
    from openai.pagination import SyncCursorPage
    from openai.types.beta.threads import Message

    return construct_type(value=json.loads(data), type_=SyncCursorPage[Message]).data


def id_of(message):
    return message.id


def text_of(message):
    return message.content[0].text.value
