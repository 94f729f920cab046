"""Everything that can go wrong in an office, as a tree.

OfficeError
├── BadChart
├── BadConditions
├── BadTime
├── BadFault
├── BadClient
├── BadJournal
├── BadOrder
├── BadGrid
├── BadWeights
├── NothingToDraw
├── RefusedMessage
│   ├── UnknownTask
│   ├── AlreadyAnswered
│   ├── DuplicateTask
│   ├── WrongShape
│   ├── WrongType
│   ├── NotANumber
│   ├── StaleFeedback
│   ├── BadAllocation
│   └── BadTaskID
├── Deadlock
├── EscapedWait
├── TimeStandsStill
├── FeedbackNeverCame
├── OrderFailed
├── WrongGradient
└── BrokenContract
UserWarning
├── AllAtOnce
├── StepTooLong
└── SumDropped
"""

from __future__ import annotations

from collections.abc import Sequence

from office.ids import TaskID

__all__ = [
    "AllAtOnce",
    "AlreadyAnswered",
    "BadAllocation",
    "BadChart",
    "BadClient",
    "BadConditions",
    "BadFault",
    "BadGrid",
    "BadJournal",
    "BadOrder",
    "BadTaskID",
    "BadTime",
    "BadWeights",
    "BrokenContract",
    "Deadlock",
    "DuplicateTask",
    "EscapedWait",
    "FeedbackNeverCame",
    "NotANumber",
    "NothingToDraw",
    "OfficeError",
    "OrderFailed",
    "RefusedMessage",
    "StaleFeedback",
    "StepTooLong",
    "SumDropped",
    "TimeStandsStill",
    "UnknownTask",
    "WrongGradient",
    "WrongShape",
    "WrongType",
    "as_raised",
    "is_divergence",
    "locate",
    "shortened",
]


LONGEST_LINE = 400
"""Of a longer line of a message, what is in the middle is left out: somebody's text may be of any length."""


class OfficeError(Exception):
    """What an office raises on its own account."""

    def __str__(self) -> str:
        return shortened(super().__str__())


def shortened(message: str) -> str:
    """A message of which no line is very long: "…" stands for what is left out of one."""
    return "\n".join(
        line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 82]} … {line[-79:]}"
        for line in message.split("\n")
    )


class AllAtOnce(UserWarning):
    """A warning, not an error: nobody said how many tasks are in flight, and so much of what was learnt came late."""


class StepTooLong(UserWarning):
    """A warning, not an error: steps that, by theory, do not lead down with feedback as late as it was."""


class SumDropped(UserWarning):
    """A warning, not an error: a run has begun, and feedback that an earlier one kept for a step is dropped."""


class BadChart(OfficeError, ValueError):
    """The organisation chart cannot be drawn as asked."""


class BadConditions(OfficeError, ValueError):
    """Mail conditions that cannot be read; the message quotes the word that cannot."""


class BadTime(OfficeError, ValueError):
    """A time that is not a whole number of nanoseconds, or is negative."""


class BadFault(OfficeError, ValueError):
    """A fault that befalls no desk of the office, or at no time."""


class BadClient(OfficeError, ValueError):
    """A client whose wishes contradict each other or make no sense."""


class BadJournal(OfficeError, ValueError):
    """A file that is no journal of ours."""


class BadOrder(OfficeError, ValueError):
    """A delivery order that cannot be read, or that the mail cannot follow; the message quotes it."""


class BadGrid(OfficeError, ValueError):
    """Points, a cell or kept cells of which no grid can be made; the message says what is wrong with them."""


class BadWeights(OfficeError, ValueError):
    """A file of weights that cannot be read, or that is of another chart; the message says where they differ."""


class NothingToDraw(OfficeError, ValueError):
    """A journal without anything of what a plot shows, or none that fits; the message says what is not there."""


class RefusedMessage(OfficeError):
    """A message that was not taken. Pending table and weights are as they were before it came.

    The desk at which it is raised adds its own name and the task's ID on the way out, if they are not there yet.

    Args:
        subject: what is wrong: ``"feedback"``.
        complaint: what is wrong with it: ``" has a NaN in it"``.
    """

    def __init__(self, subject: str, complaint: str) -> None:
        super().__init__(subject, complaint)
        self.subject = subject
        self.complaint = complaint
        self.desk: str | None = None
        self.task_id: TaskID | None = None

    def at(self, desk: str, task_id: TaskID) -> RefusedMessage:
        """The same error, which now says where it happened, unless it did already."""
        if self.desk is None:
            self.desk, self.task_id = desk, task_id
        return self

    def __str__(self) -> str:
        where = "" if self.desk is None else f"{self.desk}: "
        task = "" if self.task_id is None else f" for task {self.task_id!r}"
        return shortened(f"{where}{self.subject}{task}{self.complaint}")


def as_raised(error: BaseException) -> BaseException:
    """An exception as it was raised: Python makes a `RuntimeError` of a `StopIteration` that leaves a coroutine."""
    cause = error.__cause__
    return cause if type(error) is RuntimeError and isinstance(cause, StopIteration) else error


def locate(error: BaseException, desk: str, task_id: TaskID) -> None:
    """Have an error say at which desk and over which task it came up: in its text, or in a note; and know the task.

    Args:
        error: What was raised.
        desk: The desk's path.
        task_id: The task that the desk was at.
    """
    vars(error).setdefault("task_id", task_id)
    if isinstance(error, RefusedMessage):
        error.at(desk, task_id)
    elif not isinstance(error, EscapedWait):  # which says so already
        error.add_note(f"desk {desk}, task {task_id!r}")


class UnknownTask(RefusedMessage, LookupError):
    """Feedback for a task that is not pending here."""

    # LookupError comes second, so that str() is ours and not the quoted text of a KeyError.


class AlreadyAnswered(RefusedMessage):
    """Feedback for a task that has had its feedback; raised by a callback that is called again, too."""


class DuplicateTask(RefusedMessage):
    """A task whose ID is already pending here."""

    def __str__(self) -> str:
        where = "" if self.desk is None else f"{self.desk}: "
        return f"{where}{self.subject} {self.task_id!r}{self.complaint}"


class WrongShape(RefusedMessage, ValueError):
    """A body of another shape than was asked for."""


class WrongType(RefusedMessage, TypeError):
    """A body that is no array of real floating numbers, where one is asked for."""


class NotANumber(RefusedMessage, ValueError):
    """A NaN or an infinity where a finite number is asked for, or a number too large for its dtype: it would stick.

    Inputs, outputs, feedback, weights after a step and losses raise it, and nothing else does: a run that ends in it
    has diverged. In the field: divergence.
    """


def is_divergence(error: BaseException) -> bool:
    """Whether a run that raises this has diverged: an error of ours, numpy's or Python's, or a group of such."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(is_divergence, error.exceptions))
    return isinstance(error, (NotANumber, FloatingPointError, OverflowError))


class StaleFeedback(RefusedMessage):
    """Feedback on an answer that today's weights did not give, where such is refused; the message says how late it is.

    Args:
        staleness: how many updates there have been since that answer.
    """

    def __init__(self, staleness: int) -> None:
        super().__init__("feedback", f" is {staleness} update{'' if staleness == 1 else 's'} late, and late is refused")
        self.staleness = staleness
        self.args = (staleness,)  # of these a copy is made, in another process too


class BadAllocation(RefusedMessage, ValueError):
    """An allocation that chose no member, one member twice, or one that is not in the team."""


class BadTaskID(RefusedMessage, TypeError):
    """A task ID that is neither an int nor a str."""


class Deadlock(OfficeError):
    """All desks wait and no mail is on its way; the message says which waits for which, and where."""


class EscapedWait(OfficeError):
    """Code in the office waits for something that is not mail; the message says who does, over which task, and where.

    Args:
        message: all that it says.
        places: the file and line of each wait.
    """

    def __init__(self, message: str, places: Sequence[tuple[str, int]] = ()) -> None:
        super().__init__(message)
        self.places = tuple(places)


class TimeStandsStill(OfficeError):
    """The office handled more messages in one instant than it was allowed: it never leaves it."""


class FeedbackNeverCame(OfficeError):
    """The office closed with tasks still pending; the message lists them."""


class OrderFailed(OfficeError, AssertionError):
    """There is a delivery order in which something does not hold, or not all were tried; the message shows it."""

    def __str__(self) -> str:
        return Exception.__str__(self)  # with a test to be pasted, whole


class WrongGradient(OfficeError, AssertionError):
    """Feedback that is not the gradient; the message is the report of the check."""


class BrokenContract(OfficeError, AssertionError):
    """An estimator that does not keep to the contract; the message says in what."""
