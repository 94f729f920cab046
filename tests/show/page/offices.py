"""Journals for pages: of small runs, and with names that no run would let through."""

from functools import cache
from itertools import count

from office import Chain, Client, Stall, Team, every, in_turn, simulate
from office.journal import LinkEnds
from tests.study.checks.doctoring import Doctored
from tests.study.journals import clerk, learner

HOSTILE = '<script>document.title = "run"</script>'
"""A name that must stay text."""


def falling_losses():
    """Feedback whose loss goes down from task to task."""
    tasks = count(1)
    return lambda output, target: (1 / next(tasks), 1.0)


@cache
def mixed():
    """An office with everything: a chain of teams and a worker, a chain in a team, mail that is lost and repeated."""
    team = Team(
        [learner("alex", answer_time="2ms"), Chain([clerk("bo"), clerk("casey")]), Team([clerk("dani")], "night")],
        "estimates",
    )
    chart = Chain([team, learner("legal"), Team([clerk("ely"), clerk("fei")], "print", allocate=in_turn)])
    client = Client([(1.0, None)] * 60, falling_losses(), arrivals=every("5ms"), keep=False)
    return simulate(
        chart, client, mail="delay 20ms 10ms distribution exponential loss 2% duplicate 5% corrupt 1%",
        delivery="at least once", faults=[Stall("estimates/alex", at="100ms", lasts="50ms")], expire="5s", seed=3,
    ).journal  # fmt: skip


@cache
def teams(groups, members):
    """A team of teams."""
    inner = [
        Team([clerk(f"w{k}") for k in range(members)], f"group{group}", allocate=in_turn) for group in range(groups)
    ]
    client = Client([(1.0, None)] * 50, lambda output, target: (0.5, 1.0), arrivals=every("1ms"), keep=False)
    return simulate(Team(inner, "works", allocate=in_turn), client, mail="delay 5ms 2ms").journal


@cache
def stages(number):
    """A chain of so many departments."""
    client = Client([(1.0, None)] * 3, lambda output, target: (0.5, 1.0), keep=False)
    return simulate(Chain([clerk(f"s{k}") for k in range(number)]), client, mail="delay 5ms").journal


def hostile():
    """A journal in which a desk, a task and what is said in the head are markup."""
    doctored = Doctored(mixed())
    doctored.desks = [desk.replace("casey", HOSTILE) for desk in doctored.desks]
    doctored.links = [LinkEnds(*(text.replace("casey", HOSTILE) for text in link)) for link in doctored.links]
    doctored.rows = [[*row[:3], HOSTILE if row[3] == 7 else row[3], *row[4:]] for row in doctored.rows]
    doctored.losses = [(time, HOSTILE if task == 7 else task, loss) for time, task, loss in doctored.losses]
    doctored.learnt = {
        desk: [row._replace(task_id=HOSTILE) if row.task_id == 7 else row for row in rows]
        for desk, rows in doctored.learnt.items()
    }
    doctored.head["settings"]["mail"] = dict.fromkeys([link.name for link in doctored.links], HOSTILE)
    doctored.head["remark"] = [HOSTILE]
    return doctored.journal
