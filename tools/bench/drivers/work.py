"""The work that every driver does, and how many calls are kept going at a time."""

import asyncio
import time

KEY = "sk-benchmark"
THREAD = "thread_10000"
"""The server reads from the name how many messages there are."""
LIMIT = 100
MESSAGE_ID = f"msg_{5000:024d}"
ROLE = "user"
CONTENT = (
    "The delivery note lists four boxes, but only three were unloaded on Tuesday morning. Could "
    "you look up which carrier signed for the fourth one, and draft a short answer to the "
    "customer that says when we expect it? Keep it friendly, and do not promise a refund yet."
)
METADATA = {"customer": "c_48151623", "channel": "mail", "ticket": "7f3a9d52c1e84b60"}


async def run_pool(n, concurrency, call):
    """Make `n` calls, `concurrency` at a time, after a wave that opens the connections."""

    async def lane(turns):
        for _ in turns:
            await call()

    for count in (concurrency, n):
        turns = iter(range(count))  # one for all lanes
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        await asyncio.gather(*(lane(turns) for _ in range(concurrency)))
        cpu, wall = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
    return {"wall_ns": wall, "cpu_ns": cpu}
