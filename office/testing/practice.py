"""Wrong managers, for practice: each does one thing wrong, and `explore` finds the smallest order that shows it.

Put one into a team with ``Team(…, manager=RoutesByArrival)``. They are the proof that the checks can fail.

One mistake cannot be made here: to send a result before the callback is filed. A desk *returns* its letters, and none
of them is in the mail before it has; whatever `read` does, it has done by then. (Where it is a generator, it has run to
its end, or the letter is one that it had filed before.)
"""

from __future__ import annotations

from typing import Any

from office.desks import NO_FEEDBACK, Letter, ManagerDesk
from office.ids import TaskID
from office.work import add_up

__all__ = ["AddsAsTheyCome", "DropsDismissals", "ForgetsToPop", "RoutesByArrival", "SwapsFeedback"]


class RoutesByArrival(ManagerDesk):
    """Takes every feedback to be for the task that has waited longest, whatever ID it bears."""

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Route a feedback to the members that did the oldest task that waits for one."""
        return super().hear_feedback(next(iter(self.table), task_id), feedback)


class ForgetsToPop(ManagerDesk):
    """Leaves every callback in the table when it has been called."""

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Tell all members, and file the callback once more."""
        handle_feedback = self.table[task_id]
        letters = super().hear_feedback(task_id, feedback)
        self.table[task_id] = handle_feedback
        return letters


class SwapsFeedback(ManagerDesk):
    """Tells the first of several members what was meant for the last, and so on."""

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Tell each member what another should hear."""
        letters = super().hear_feedback(task_id, feedback)
        bodies = [body for _, _, body in reversed(letters)]
        return [(channel, about, body) for (channel, about, _), body in zip(letters, bodies, strict=True)]


class DropsDismissals(ManagerDesk):
    """Does not tell a member whose answer was not chosen, so that it waits for feedback for ever."""

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Tell the members for which there is feedback."""
        return [letter for letter in super().hear_feedback(task_id, feedback) if letter[2] is not NO_FEEDBACK]


class AddsAsTheyCome(ManagerDesk):
    """Adds up the replies of its members in the order in which they arrive. That is no mistake but for rounding.

    So it is not convicted: `as_composed` tells sums that differ in the order of addition from those that are wrong.
    """

    def hear_reply(self, member: int, task_id: TaskID, re_inputs: Any) -> list[Letter]:
        """Add a reply to those that are in; the last of them makes the sum.

        Args:
            member: the place of the member.
            task_id: the task's ID.
            re_inputs: its feedback on the inputs.
        """
        letters = super().hear_reply(member, task_id, re_inputs)
        sums = self.__dict__.setdefault("sums", {})
        sums[task_id] = add_up([sums[task_id], re_inputs]) if task_id in sums else re_inputs
        return [(channel, about, sums.pop(task_id)) for channel, about, _ in letters]
