from laplas import APIConnectionError, Laplas
from laplas.local import LocalServer

# The server stores the message, but its answer never arrives.
LOST_ANSWER = "create_message: reset-after-commit"

with LocalServer() as server, Laplas.local(server) as client:
    thread = client.start_thread()

    server.faults.add(LOST_ANSWER)
    try:
        thread.messages.create("Pay the invoice")
    except APIConnectionError as error:
        print("create failed; maybe stored:", error.may_have_taken_effect)

    server.faults.add(LOST_ANSWER)
    message = thread.messages.create("Pay the other invoice", once=True)
    print("create with once:", message.text)

    print([message.text for message in thread.messages.list(order="asc")])
    print("faults that struck:", server.faults.struck.total())
