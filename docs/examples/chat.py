"""Chat in the terminal: answers appear as they are written, an empty line ends it.

Without LAPLAS_API_KEY it talks to an echo on this machine: pip install "laplas[stream]"
"""

import os

from laplas import Laplas

with Laplas() if os.environ.get("LAPLAS_API_KEY") else Laplas.local() as client:
    assistant = client.assistants.create("gpt-4o", instructions="Answer in one sentence.")
    thread = client.start_thread()
    while question := input("> "):
        for piece in thread.ask_stream(question, assistant=assistant.id):
            print(piece, end="", flush=True)
        print()
    client.assistants.delete(assistant.id)
