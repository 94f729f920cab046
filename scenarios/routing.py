"""Feedback out of order finds whoever did the task.

Covers: Team, in_turn, newest_first, the pending table, late feedback.
Scenario: Alex, Bo and Casey take turns at six estimates; the client speaks of three at a time, the newest first.
"""

from pathlib import Path
from typing import Any

from office import Client, Team, Worker, every, in_turn, newest_first, simulate
from office.study import reordered

TASKS = 6
GAP = "10ms"  # between one task and the next
HELD = 3  # results the client collects before speaking of them
MAIL = "delay 20ms"  # of every link


class Estimator:
    """Answers in words, and notes whose feedback this is."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.heard: list[str] = []

    def __call__(self, task: str) -> tuple[str, Any]:
        """Return the estimate, and the callback that remembers what it was."""
        estimate = f"{self.name}'s estimate of {task}"

        def handle_feedback(feedback: str) -> str:
            self.heard.append(feedback)
            return f"{self.name} on {task}"

        return estimate, handle_feedback


def feedback(estimate: str, _target: None) -> tuple[float, str]:
    """Say something about an estimate, but not whose it is: the people above neither know nor care."""
    return 0.0, f"re {estimate.partition(' of ')[2]}"


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Run the office once; print who did what, and who heard what in which order."""
    estimators = [Estimator(name) for name in ("alex", "bo", "casey")]
    team = Team([Worker(estimator, estimator.name) for estimator in estimators], "estimates", allocate=in_turn)
    tasks = [(f"project {task}", None) for task in range(TASKS)]
    client = Client(tasks, feedback, arrivals=every(GAP), replies=newest_first(HELD))
    run = simulate(team, client, mail=MAIL if mail is None else mail, seed=seed)
    if journal is not None:
        run.journal.save(journal)

    done = {task: output.partition("'")[0] for task, output in run.outputs.items()}
    letters = run.journal.mail
    order = letters.task[letters.link == run.journal.place_of("estimates.feedback_from_above")]
    print("feedback on   came   reached   who had answered")
    rightly = 0
    for place, (task, late) in enumerate(zip(order.tolist(), reordered(order).tolist(), strict=True), start=1):
        heard = [estimator.name for estimator in estimators if f"re project {task}" in estimator.heard]
        rightly += heard == [done[task]]
        order_of_it = "   out of order" if late else ""
        print(f"project {task}     {place:4}   {', '.join(heard):7}   {done[task]:5}{order_of_it}".rstrip())

    late = int(reordered(order).sum())
    peak = run.tables["estimates"].peak
    print(
        f"\n{rightly} of {len(order)} feedbacks, {late} of them out of order, reached whoever had done the task:"
        f" up to {peak} were pending\nat once, and {sum(run.pending.values())} are at the end."
    )
    return {
        "order": " ".join(map(str, order.tolist())),
        "reordered": late,
        "rightly": rightly,
        "peak_pending": peak,
        "holds": rightly == TASKS,
    }


if __name__ == "__main__":
    main()
