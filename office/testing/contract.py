"""Does an estimator keep to the contract that the desks rely on?"""

from __future__ import annotations

from typing import Any

import numpy as np

from office.errors import BrokenContract
from office.testing.nested import mapped, paired
from office.work import NO_FEEDBACK, Estimator

__all__ = ["check_contract"]


def check_contract(estimator: Estimator, inputs: Any, re_output: Any) -> None:
    """Raise `BrokenContract`, which lists every fault, unless the estimator keeps to the contract.

    It answers three times and learns from each feedback. The contract: nothing given or received is changed in place;
    what was returned once does not change later, and writing into it does not reach the estimator; feedback on the
    inputs has their shape and a real floating dtype; late feedback on an answer comes back by the weights that gave the
    answer.

    Args:
        estimator: what is checked.
        inputs: a task for it: an array or a number, or a list of them.
        re_output: feedback on the output for it, of the output's shape.
    """
    faults: list[str] = []
    given = _copied(inputs), _copied(re_output)
    output, late = estimator(inputs)
    other, prompt = estimator(inputs)
    first_output = _copied(output)
    if not _same(other, first_output):
        faults.append("it answers differently when asked again before any feedback: look at it while it draws nothing")
    re_prompt = prompt(re_output)
    if not _same(output, first_output):
        faults.append("an earlier output is changed by later feedback")
    _, third = estimator(inputs)
    _scribble(other)
    _scribble(output)
    re_late = late(re_output)
    first_re_late = _copied(re_late)
    if not faults and not _same(re_late, re_prompt):
        faults.append("late feedback comes back otherwise than prompt feedback on the same answer: by other weights")
    if not (_same(inputs, given[0]) and _same(re_output, given[1])):
        faults.append("what it was given is changed in place")
    faults += _unlike(inputs, re_prompt)
    third(re_output)
    if not _same(re_late, first_re_late):
        faults.append("earlier feedback on the inputs is changed by a later one")
    if faults:
        raise BrokenContract("the estimator breaks the contract: " + "; ".join(faults))


def _copied(body: Any) -> Any:
    return mapped(body, lambda part: np.array(part) if isinstance(part, np.ndarray) else part)


def _same(body: Any, other: Any) -> bool:
    if isinstance(body, (list, tuple)):
        return len(body) == len(other) and all(map(_same, body, other))
    if isinstance(body, np.ndarray):
        return isinstance(other, np.ndarray) and body.dtype == other.dtype and body.tobytes() == other.tobytes()
    return bool(body is other or body == other)


def _scribble(body: Any) -> None:
    """Write over whatever can be written to."""
    mapped(body, lambda part: part.fill(7) if isinstance(part, np.ndarray) and part.flags.writeable else None)


def _unlike(inputs: Any, re_inputs: Any) -> list[str]:
    try:
        parts = list(paired(inputs, re_inputs)) if re_inputs is not NO_FEEDBACK else []
    except (ValueError, TypeError) as error:
        return [str(error)]
    return [
        f"feedback{where} on the inputs has dtype {np.asarray(re_part).dtype}, and no real floating one"
        for where, part, re_part in parts
        if isinstance(part, (np.ndarray, float)) and np.asarray(re_part).dtype.kind != "f"
    ]
