import time

from laplas import Laplas
from laplas.local import LocalServer, Turn


def reply(turn: Turn) -> str:
    return f"You asked: {turn.question} Ask me something harder."


with LocalServer(reply=reply) as server, Laplas.local(server) as client:
    assistant = client.assistants.create("gpt-4o")
    thread = client.start_thread()
    with thread.ask_stream("Why is the sky blue?", assistant=assistant.id) as stream:
        for piece in stream:
            print(piece, end="|", flush=True)
            time.sleep(0.1)  # so that you can watch it
    print()
    print(stream.run.status, stream.message.role)
