from laplas import Laplas
from laplas.local import LocalServer, Reply, ToolCall, Turn

PEOPLE = {"Oslo": 724_290, "Bergen": 294_029}


def population_of(city: str) -> int:
    """How many people live in a city."""
    print("called with", city)
    return PEOPLE[city]


def reply(turn: Turn) -> Reply:
    """Stand in for the model: call the function, then say what it returned."""
    if not turn.tool_outputs:
        return Reply(tool_calls=[ToolCall("population_of", {"city": "Bergen"})])
    return Reply(text=f"{turn.tool_outputs[0].output} people live there.")


with LocalServer(reply=reply) as server, Laplas.local(server) as client:
    assistant = client.assistants.create("gpt-4o")
    thread = client.start_thread()
    tools = [population_of]
    answer = thread.ask("How big is Bergen?", assistant=assistant.id, tools=tools)
    print(answer.text)
