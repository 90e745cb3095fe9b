from laplas import Laplas

with Laplas.local() as client:
    thread = client.start_thread()
    for number in range(1, 251):
        thread.messages.create(f"Message {number}")

    page = thread.messages.list(order="asc", page_size=100)
    print("one page:", len(page.data), page.data[-1].text)

    messages = list(page)  # the pages that follow are fetched as you reach them
    print("all:", len(messages), messages[-1].text)

    for message in thread.messages.list(order="desc", max_items=2):
        print("newest:", message.text)
