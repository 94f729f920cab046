"""Charts, and what else a printed test takes from its user, in a module like the user's. `MANAGER`
is the class that is tried.
"""

from office import Client, Team, Worker, in_turn
from office.desks import ManagerDesk
from tests.orders import practising

MANAGER = ManagerDesk


def words():
    return practising.words(MANAGER)


def rows():
    return practising.rows(MANAGER)


def totals():
    return practising.totals(MANAGER)


def say(output, target):
    return 0.0, f"re {output}"


WORDS = Client(practising.WORDS.tasks, say)


class Staff:
    @staticmethod
    def alone():
        return Team([Worker(practising.estimator("alex"), "alex")], allocate=in_turn, manager=MANAGER)


def client(output, target):
    """A function with a name that the printed test has for something else."""
    return say(output, target)


def is_heard_by_who_did_it(outcome):
    for task_id, output in outcome.outputs.items():
        assert outcome.feedback_below[task_id].endswith(f"re {output}"), "another one heard"
