"""Does an estimator keep to the contract that the desks rely on?"""

from __future__ import annotations

from typing import Any

import numpy as np

from office.errors import BrokenContract
from office.testing.nested import mapped, paired
from office.work import NO_FEEDBACK, Estimator

__all__ = ["check_contract"]


def check_contract(estimator: Estimator, inputs: Any, re_output: Any) -> None:
    """Raise `BrokenContract`, with all that is amiss in words, unless the estimator keeps to the contract.

    It answers `inputs` and hears `re_output` three times, and learns from it each time. What is looked at: nothing
    given or received is changed in place; what was returned once does not change later, nor does writing into it reach
    the estimator; feedback on the inputs has their shape and a real floating dtype; the answer is as late feedback
    finds it: what is said about the inputs belongs to the weights that gave the answer.
    """
    amiss: list[str] = []
    given = _copied(inputs), _copied(re_output)
    output, late = estimator(inputs)
    other, prompt = estimator(inputs)
    said = _copied(output)
    if not _same(other, said):
        amiss.append("it answers differently when asked again before any feedback: look at it while it draws nothing")
    re_prompt = prompt(re_output)
    if not _same(output, said):
        amiss.append("an earlier output is changed by later feedback")
    _, third = estimator(inputs)
    _scribble(other)
    _scribble(output)
    re_late = late(re_output)
    told = _copied(re_late)
    if not amiss and not _same(re_late, re_prompt):
        amiss.append("late feedback is told otherwise than prompt feedback on the same answer: by other weights")
    if not (_same(inputs, given[0]) and _same(re_output, given[1])):
        amiss.append("what it was given is changed in place")
    amiss += _unlike(inputs, re_prompt)
    third(re_output)
    if not _same(re_late, told):
        amiss.append("earlier feedback on the inputs is changed by a later one")
    if amiss:
        raise BrokenContract("the estimator breaks the contract: " + "; ".join(amiss))


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
        parts = [one for one in paired(inputs, re_inputs) if re_inputs is not NO_FEEDBACK]
    except (ValueError, TypeError) as error:
        return [str(error)]
    return [
        f"feedback{where} on the inputs has dtype {np.asarray(said).dtype}, and no real floating one"
        for where, part, said in parts
        if isinstance(part, (np.ndarray, float)) and np.asarray(said).dtype.kind != "f"
    ]
