from laplas import APIConnectionError, Laplas
from laplas.local import LocalServer

# The server stores the message, then the connection breaks: no answer reaches the client.
LOST_ANSWER = "create_message: reset-after-commit"

with LocalServer() as server, Laplas.local(server) as client:
    thread = client.start_thread()

    server.faults.add(LOST_ANSWER)
    try:
        thread.messages.create("Pay the invoice")
    except APIConnectionError as error:
        print("a plain create:", error.kind, "error; may be stored:", error.may_have_taken_effect)

    server.faults.add(LOST_ANSWER)
    message = thread.messages.create("Pay the other invoice", once=True)
    print("create with once:", message.text)

    print([message.text for message in thread.messages.list(order="asc")])
    print("faults that struck:", server.faults.struck.total())
