"""Feedback in words: what comes from above is not what goes below.

Covers: Worker, Chain, feedback_from_above, feedback_to_below, bodies that are no numbers.
Scenario: the legal department sums up a client's letter, and Alex writes a proposal from the summary. "Not ambitious
enough", say the people above. Only Alex can tell what that means for the summary, and only legal for the letter.
"""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from office import Chain, Client, Worker, simulate

MAIL = "delay 20ms"  # of every link
LETTER = "a new stadium, risk sanctioned"
WISH = "bold"  # what the client turns out to have meant

Words = tuple[str, Callable[[str], str]]
letters: dict[str, str] = {}
"""What was written, by the name of the link it went on."""


def legal(letter: str) -> Words:
    """Sum up a letter."""
    context = letter.partition(", ")[2]

    def handle_feedback(re_context: str) -> str:
        letters["alex.feedback_to_below"] = re_context
        letters["legal.feedback_to_below"] = f'next time, please do not write "{context}"'
        return letters["legal.feedback_to_below"]

    letters["legal.inbox"] = letter
    return f"client context: {context}", handle_feedback


def alex(context: str) -> Words:
    """Write a proposal, and note which words of the context it was so cautious about."""
    cautious = context.partition(": ")[2]

    def handle_feedback(re_proposal: str) -> str:
        letters["alex.feedback_from_above"] = re_proposal
        return f'"{cautious}" is ambiguous: allowed, or punished?'

    letters["alex.inbox"] = context
    letters["alex.outbox"] = "a small stadium, well under budget"
    return letters["alex.outbox"], handle_feedback


def people_above(proposal: str, wish: str) -> tuple[float, str]:
    """Say what they think of a proposal."""
    return (0.0, "just right") if wish in proposal else (1.0, f"not ambitious enough; client asked for {wish}")


def main(seed: int = 0, mail: str | dict[str, str] | None = None, journal: Path | None = None) -> dict[str, Any]:
    """Run one task through both departments, and print every letter in order of arrival."""
    chart = Chain([Worker(legal), Worker(alex)])
    run = simulate(chart, Client([(LETTER, WISH)], people_above), mail=MAIL if mail is None else mail, seed=seed)
    if journal is not None:
        run.journal.save(journal)

    names = [run.journal.links[link].name for link in run.journal.mail.link]
    for name in names:
        print(f"{name:24}   {letters[name]}")
    feedback = [letters[name] for name in names if "feedback" in name]
    changed = sum(came != went for came, went in pairwise(feedback))
    print(
        f"\n{changed} of 2 departments passed down something else than they had heard: of what the people above said"
        f"\nabout the proposal, the client hears what it means for the letter."
    )
    return {"from_above": feedback[0], "to_below": feedback[-1], "changed": changed, "holds": changed == 2}


if __name__ == "__main__":
    main()
