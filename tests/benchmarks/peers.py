"""The benchmark's office on SimPy, in two styles: as SimPy's own examples have it, and trimmed for speed.

Both draw the same kind of delays; neither keeps a journal.
"""

import random
from collections.abc import Callable
from itertools import count
from typing import Any

import simpy


def run_on_simpy(tasks: int, gap: float, least: float, mean: float, *, seed: int = 0, trimmed: bool) -> int:
    """Client, manager, three workers in turn; returns how many messages were sent. Times in seconds."""
    env, draw, sent = simpy.Environment(), random.Random(seed), count()
    rate = 1 / (mean - least)

    def latency(store: simpy.Store, letter: Any) -> Any:  # as in SimPy's example "Event Latency"
        yield env.timeout(least + draw.expovariate(rate))
        store.put(letter)

    def send_by_process(store: simpy.Store, letter: Any) -> None:
        next(sent)
        env.process(latency(store, letter))

    def send_by_callback(store: simpy.Store, letter: Any) -> None:
        next(sent)
        timeout = env.timeout(least + draw.expovariate(rate), letter)
        timeout.callbacks.append(lambda event: store.put(event.value))

    send: Callable[[simpy.Store, Any], None] = send_by_callback if trimmed else send_by_process
    client, manager, *workers = (simpy.Store(env) for _ in range(5))

    def sit_as_worker(place: int) -> Any:
        table: dict[int, Any] = {}
        while True:
            channel, task, body = yield workers[place].get()
            if channel == "inbox":
                table[task] = body
                send(manager, ("result", task, (place, body)))
            else:
                send(manager, ("reply", task, (table.pop(task), body)))

    def sit_as_manager() -> Any:
        table: dict[int, int] = {}
        while True:
            channel, task, body = yield manager.get()
            if channel == "inbox":
                table[task] = task % 3
                send(workers[table[task]], ("inbox", task, body))
            elif channel == "result":
                send(client, ("result", task, body))
            elif channel == "feedback":
                send(workers[table.pop(task)], ("feedback", task, body))
            else:
                send(client, ("reply", task, body))

    def submit() -> Any:
        for task in range(tasks):
            send(manager, ("inbox", task, "table"))
            yield env.timeout(gap)

    def attend() -> Any:
        done = 0
        while done < tasks:
            channel, task, _ = yield client.get()
            if channel == "result":
                send(manager, ("feedback", task, "bolder"))
            else:
                done += 1

    for place in range(3):
        env.process(sit_as_worker(place))
    env.process(sit_as_manager())
    env.process(submit())
    env.run(env.process(attend()))
    return next(sent)
