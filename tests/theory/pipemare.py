"""PipeMare's example: a stage that answers with weights 10 updates old, and differentiates others, 6 updates old.

B. Yang et al., *PipeMare: Asynchronous Pipeline Parallel DNN Training* (arXiv 1910.05124): on ½λw², with λ = 1, a
gradient is (λ + Δ) · (weights of the answer) − Δ · (weights differentiated), and the discrepancy Δ is 5. Technique T2
corrects the second; it is `DiscrepancyCorrection`.
"""

import numpy as np

from office import Chain, Client, Worker, after, every, simulate
from office.work import NO_FEEDBACK, Parameters

FORWARD, BACKWARD, DISCREPANCY = 10, 6, 5.0
MAIL = {"above.feedback_to_below": "delay 6.2ms"}  # which is six updates, one a ms


def discrepant(decay, *, drift_of_then=False):
    """Its polynomial, with T2 if there is a decay. The drift is that of now, or as old as the weights it corrects."""
    shift = lambda powers: np.concatenate([[1.0], np.zeros(powers)])  # noqa: E731

    def rule(step, forward):
        late = forward - BACKWARD
        keep = 0.0 if decay is None else decay ** (1 / late)
        polynomial = np.polymul(np.polysub(shift(forward + 1), shift(forward)), [1.0, -keep])
        answers = np.polysub([1.0 + DISCREPANCY], DISCREPANCY * shift(late))
        drift = 0.0 if decay is None else late * DISCREPANCY * (1 - keep)
        moved = np.polymul(shift(late if drift_of_then else forward), [1.0, -1.0])
        corrected = np.polyadd(np.polymul(answers, [1.0, -keep]), drift * moved)
        return np.polyadd(polynomial, step * corrected)

    return rule


def pipeline(steps, rule, tasks, *, drift_of_then=False, policy="live"):
    """The run, and its answers `(tasks, steps)`: two desks have one array of weights in common, a weight for each step.

    Below, tasks are answered, and the weights learn. Above, when feedback passes, what is live goes down with it, and
    is six updates old when it comes there. It is corrected there, by the drift of now, as the paper says; or above, by
    the drift of then, as `Parameters` does under `live`.
    """
    parameters = Parameters([np.ones(len(steps))], rule, policy=policy)

    def below(_task):
        notes = parameters.answer()

        def handle_feedback(live):
            back = live if drift_of_then else parameters.rules[0].differentiate_with(live, FORWARD - BACKWARD)
            gradient = (1.0 + DISCREPANCY) * notes.weights[0] - DISCREPANCY * back
            parameters.learn([steps * gradient], notes)
            return NO_FEEDBACK

        return notes, handle_feedback

    def above(notes):
        def handle_feedback(_feedback):
            return parameters.differentiated(notes)[0] if drift_of_then else parameters.arrays[0]

        return notes.weights[0], handle_feedback

    client = Client([("a project", None)] * tasks, lambda *_: (0.0, "go on"), every("1ms"), replies=after("4.2ms"))
    run = simulate(Chain([Worker(below, "below"), Worker(above, "above")]), client, mail=MAIL)
    return run, np.array([run.outputs[task] for task in range(tasks)])
