from laplas import Laplas, image_url, text

with Laplas.local() as client:
    thread = client.start_thread()
    message = thread.messages.create(
        [text("Whose portrait is this?"), image_url("https://example.com/portrait.png")],
        metadata={"room": "12"},
    )
    print(message.role, message.text, message.metadata)

    message = thread.messages.update(message.id, metadata={"room": "13"})
    print(thread.messages.retrieve(message.id).metadata)

    print("deleted:", thread.messages.delete(message.id).deleted)
