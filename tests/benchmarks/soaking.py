"""Random offices, larger than the tests' own, for a while: `python -m tests.benchmarks.soaking --minutes 10`.

Each has up to 50 desks and 500 tasks, learns or passes words on, and has every fault: mail of any conditions that
loses, repeats, damages and overtakes, delivery at most or at least once, desks that stall, crash and give up,
partitions, a client with some patience. Each must run to its end with every task done or given up, pass every check,
write the same journal one instant at a time, and read it back. An office is known by its number: `--first 1234
--offices 1` runs it again.
"""

import argparse
import time
from random import Random
from tempfile import NamedTemporaryFile
from typing import Any

from office import Journal
from office.study import check
from office.testing.recipes import ALLOCATIONS, COMBINATIONS, estimator_of, nudge, reply
from tests.engines.building import FAULTS, office_of

TIMES = 0, 1, "1ms", "5ms", "2ms 1ms", "3ms 3ms distribution exponential"
DELAYS = "", "delay 1ms", "delay 5ms 3ms", "delay 9ms 6ms 30% distribution pareto", "delay 9ms 9ms distribution normal"
IMPAIRMENTS = (
    "loss 3%", "loss 10% 50%", "loss gemodel 2% 30%", "loss state 2% 10% 30% 40% 1%", "duplicate 10%", "corrupt 3%",
    "rate 10mbit 20", "rate 1mbit 0 48 5", "slot 2ms 6ms packets 9", "slot 5ms bytes 400", "limit 200", "limit 40",
)  # fmt: skip
FOR_SURE = ("loss", "duplicate", "corrupt", "reorder")
"""What mail may do that is sent again until it is acknowledged: no rate, no slots, no limit."""
MOMENTS = 0, 1, "3ms", "33333us", "70ms", "300ms", "2s"


class Draw(Random):
    """Draws an office as plain data, see `tests.engines.building.office_of`."""

    def office(self, desks: int, tasks: int) -> dict[str, Any]:
        """All of an office: with words, or with numbers that are learnt from."""
        self.left = self.randint(1, desks)
        self.in_words = self.random() < 0.3
        in_flight = self.choice([None, 1, 2, 5, 20, 100])
        together = self.choice(["newest first", "random pick"]), self.randint(1, in_flight or 20)
        sure = self.random() < 0.4
        return {
            "chart": self.chart(4, "words" if self.in_words else self.choice(["table", "row", "total"])),
            "mail": (self.mail(sure=sure), [(self.randint(0, 300), self.mail(sure=sure)) for _ in range(4)]),
            "delivery": ("at least once" if sure else "at most once", ()),
            "faults": [
                (self.choice([*FAULTS]), self.randint(0, 99), self.choice(MOMENTS), self.choice(MOMENTS))
                for _ in range(self.randint(0, 12))
            ],
            "expire": self.choice([None, "30ms", "100ms", "1s", 1]),
            "seed": self.randint(0, 10**6),
            "client": {
                "tasks": self.randint(0, tasks),
                "in_flight": in_flight,
                "epochs": self.choice([1, 1, 2]),
                "shuffle": self.random() < 0.5,
                "patience": self.choice(["40ms", "100ms", "1s"]),
                "arrivals": self.choice([["all at once"], ["every", "1ms"], ["every", "5ms"], ["poisson", 400]]),
                "replies": self.choice([["at once"], ["after", "5ms 5ms distribution exponential"], [*together]]),
            },
        }  # fmt: skip

    def mail(self, *, sure: bool) -> str:
        """Conditions of one link."""
        delay = self.choice(DELAYS)
        others = {text.split()[0]: text for text in self.sample(IMPAIRMENTS, self.randint(0, 3))}
        if delay and self.random() < 0.2:
            others["reorder"] = self.choice(["reorder 20%", "reorder 30% 50% gap 3", "reorder gap 4"])
        return " ".join([delay, *(text for name, text in others.items() if not sure or name in FOR_SURE)])

    def chart(self, depth: int, kind: str) -> tuple[Any, ...]:
        """A worker, a team or a chain, as plain data."""
        self.left -= 1
        shape = self.choice(["team", "team", "chain"]) if depth and self.left > 0 else "worker"
        if shape == "worker":
            return "worker", kind, self.randint(0, 99), self.pace()
        size = self.randint(1, min(self.left, 6))
        if shape == "chain":
            kinds = ["words" if kind == "words" else "table"] * (size - 1) + [kind]
            return "chain", self.random() < 0.5, [self.chart(depth - 1, each) for each in kinds]
        to_one = ["in turn", "at random", "least busy"]
        allocate = self.choice(to_one if kind == "words" else [*ALLOCATIONS])
        combine = "addition" if kind == "words" else self.choice([*COMBINATIONS])
        members = [self.chart(depth - 1, kind) for _ in range(size)]
        return "team", allocate, combine, members, self.choice([None, None, None, 3])

    def pace(self) -> dict[str, Any]:
        """What a worker takes time for, and what it prefers."""
        if self.random() < 0.6:
            return {}
        return {
            "answer_time": self.choice(TIMES),
            "reply_time": self.choice(TIMES),
            "learn_time": self.choice(TIMES),
            "prefers": self.choice(["first come", "feedback first", "tasks first"]),
            "max_pending": self.choice([None, 3, 20]),
        }


def soak(number: int, desks: int, tasks: int) -> tuple[int, int]:
    """Run one office, and raise if anything is wrong with it: how many desks and messages it had."""
    draw = Draw(number)
    data = draw.office(desks, tasks)
    feedback = reply if draw.in_words else nudge
    run, _ = office_of(data, make_estimator=estimator_of, feedback=feedback)
    again, _ = office_of(data, make_estimator=estimator_of, feedback=feedback, lookahead=False)
    saved = run.journal.to_bytes()
    assert again.journal.to_bytes() == saved, "one instant at a time the journal is another"
    with NamedTemporaryFile() as file:
        run.journal.save(file.name)
        assert Journal.load(file.name).to_bytes() == saved, "the journal reads back as another"
    complaints = check(run.journal)
    assert not complaints, "\n".join(map(str, complaints[:5]))
    all_tasks = set(range(data["client"]["tasks"] * data["client"]["epochs"]))
    assert set(run.feedback_below) | run.given_up == all_tasks, "tasks are neither done nor given up"
    return len(run.tables), len(run.journal)


def main() -> None:
    """Run offices until the time is over; print the first that fails, with its number, and how many there were."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--first", type=int, default=0, help="the number of the first office")
    parser.add_argument("--offices", type=int, default=None, help="so many at most")
    parser.add_argument("--desks", type=int, default=50)
    parser.add_argument("--tasks", type=int, default=500)
    options = parser.parse_args()
    end, done, most_desks, messages = time.monotonic() + 60 * options.minutes, 0, 0, 0
    while time.monotonic() < end and (options.offices is None or done < options.offices):
        try:
            desks, of_this = soak(options.first + done, options.desks, options.tasks)
        except BaseException:
            print(f"office {options.first + done} failed", flush=True)
            raise
        done, most_desks, messages = done + 1, max(most_desks, desks), messages + of_this
    print(f"{done} offices from {options.first} on, {most_desks} desks at most, {messages} messages: no failure")


if __name__ == "__main__":
    main()
