import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.desks import (
    ALARM,
    FEEDBACK_FROM_ABOVE,
    FEEDBACK_TO_BELOW,
    INBOX,
    OUTBOX,
    ManagerDesk,
    WorkerDesk,
    by,
    everyone,
)
from office.errors import AlreadyAnswered, DuplicateTask, NotANumber, RefusedMessage, UnknownTask, WrongShape, WrongType
from office.work import NO_FEEDBACK, add_up, addition, average, combine, maximum, soft_maximum
from tests.desks.small_office import NAMES, SmallOffice, Wordy, chorus, manager_of, orders, size, state

result_of, reply_of = OUTBOX.of_member, FEEDBACK_TO_BELOW.of_member
"""What the manager hears from member k."""
to_member = FEEDBACK_FROM_ABOVE.of_member
"""What member k hears from the manager."""


@st.composite
def assignments(draw, at_most=6):
    """How many members, and which of them do which task."""
    members = draw(st.integers(1, 4))
    several = st.sets(st.integers(0, members - 1), min_size=1).map(sorted)
    return members, {task_id: draw(several) for task_id in range(draw(st.integers(1, at_most)))}


def wordy_office(members, who, **manager):
    """Member k says 2 to the power k about any inputs, so that a sum tells who is in it."""
    team = [Wordy(name, 2.0**k) for k, name in enumerate(NAMES[:members])]
    office = SmallOffice(team, allocate=by(lambda task_id, inputs: who[task_id]), **manager)
    for task_id in who:
        office.submit(task_id, f"table {task_id}")
    return office, team


def only_for(concerned):
    """A combination of words of which only some members hear what becomes."""

    def choir(outputs):
        return tuple(outputs), lambda feedback: [
            (feedback, answer) if answer.split()[0] in concerned else NO_FEEDBACK for answer in outputs
        ]

    return choir


@given(assignments(), st.sets(st.sampled_from(NAMES)), orders)
def test_each_hears_exactly_the_feedback_of_his_own_tasks_in_any_order_of_the_mail(assignment, concerned, order):
    members, who = assignment
    office, team = wordy_office(members, who, combine=only_for(concerned))
    office.run(order)
    for k, alex in enumerate(team):
        mine = [task_id for task_id in who if k in who[task_id]]
        assert sorted(alex.asked) == [f"table {task_id}" for task_id in mine]
        expected = [(f"re {task_id}", f"{alex.name} on table {task_id}") for task_id in mine]
        assert sorted(alex.heard) == (expected if alex.name in concerned else [])
    for task_id, doing in who.items():
        assert office.results[task_id] == tuple(f"{NAMES[k]} on table {task_id}" for k in doing)
        total = sum(2.0**k for k in doing if NAMES[k] in concerned)
        assert office.below[task_id] == (total or NO_FEEDBACK)


@given(assignments(), st.sets(st.sampled_from(NAMES)), orders)
def test_nothing_stays_pending_when_all_is_told(assignment, concerned, order):
    members, who = assignment
    office, _ = wordy_office(members, who, combine=only_for(concerned))
    after_one, _ = wordy_office(members, {0: [0]})
    for each in (office, after_one):
        each.run(order)
    desk = office.manager
    assert office.pending == [0] * (members + 1)
    assert desk.table.statistics.size == 0
    assert desk.books.in_hand == [0] * members
    assert size(state(desk)) == size(state(after_one.manager))


@given(assignments(), orders)
def test_the_books_say_who_has_how_many_tasks_in_hand_at_every_moment(assignment, order):
    members, who = assignment
    office, _ = wordy_office(members, who)
    desk, submitted = office.manager, len(who)

    def check(office):
        not_handed_out = {task_id for at, channel, task_id, _ in office.bag if at is desk and channel == INBOX}
        in_hand = [task_id for task_id in who if task_id not in not_handed_out and task_id not in office.below]
        assert desk.books.in_hand == [sum(k in who[task_id] for task_id in in_hand) for k in range(members)]
        assert desk.pending == len(in_hand)
        assert desk.books.tasks == submitted - len(not_handed_out)

    office.run(order, check)


def told_apart(numbers):
    """A member who never learns, and whose sums differ by the order in which they are done."""
    gradients = {}

    def estimate(inputs):
        def handle_feedback(feedback):
            gradients[inputs.tobytes()] = feedback @ inputs
            return np.outer(feedback, numbers)

        return inputs @ numbers, handle_feedback

    return estimate, gradients


COMBINATIONS = {"addition": addition, "average": average, "maximum": maximum, "soft maximum": soft_maximum(2.0)}


@pytest.mark.parametrize("combination", COMBINATIONS.values(), ids=COMBINATIONS)
@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 2**32), orders)
def test_results_and_replies_combine_in_the_order_of_the_team_to_the_last_bit(combination, members, tasks, seed, order):
    random = np.random.default_rng(seed)
    weights = random.normal(size=(members, 2)) * 10.0 ** random.integers(-3, 4, size=(members, 1))
    tables = random.normal(size=(tasks, 3, 2))
    team = [told_apart(numbers) for numbers in weights]
    office = SmallOffice(
        [estimate for estimate, _ in team], combine=combination, reply=lambda task_id, output: output - 1.0
    )
    for task_id, table in enumerate(tables):
        office.submit(task_id, table)
    office.run(order)

    oracles = [told_apart(numbers) for numbers in weights]
    composed = combine([estimate for estimate, _ in oracles], combination)
    for task_id, table in enumerate(tables):
        output, handle_feedback = composed(table)
        assert office.results[task_id].tobytes() == output.tobytes()
        assert office.below[task_id].tobytes() == handle_feedback(output - 1.0).tobytes()
    for (_, gradients), (_, expected) in zip(team, oracles, strict=True):
        assert gradients.keys() == expected.keys()
        in_task_order, expected_sum = (
            add_up([NO_FEEDBACK, *(each[table.tobytes()] for table in tables if table.tobytes() in each)])
            for each in (gradients, expected)
        )
        assert np.asarray(in_task_order).tobytes() == np.asarray(expected_sum).tobytes()


def test_the_order_of_adding_up_makes_a_difference_that_would_be_seen():
    numbers = [1e16, 1.0, -1e16]
    assert add_up(numbers) != add_up([numbers[0], numbers[2], numbers[1]])
    desk = manager_of(3, combine=addition)
    desk.read(INBOX, 3, "table")
    for k in (2, 0):
        assert desk.read(result_of(k), 3, numbers[k]) == []
    assert desk.read(result_of(1), 3, numbers[1]) == [(OUTBOX, 3, add_up(numbers))]
    desk.read(FEEDBACK_FROM_ABOVE, 3, 1.0)
    for k in (2, 0):
        assert desk.read(reply_of(k), 3, numbers[k]) == []
    assert desk.read(reply_of(1), 3, numbers[1]) == [(FEEDBACK_TO_BELOW, 3, add_up(numbers))]


def listening(office):
    """The channels on which the manager of an office has read letters about each task."""
    log = {}

    def deliver(place):
        desk, channel, task_id, _ = office.bag[place]
        SmallOffice.deliver(office, place)
        if desk is office.manager:
            log.setdefault(task_id, []).append(channel)

    office.deliver = deliver
    return log


def refused_now(members, who, log):
    """Letters that a manager who has read this much ought to refuse, and as what."""
    from_members = [read_from(k) for k in range(members) for read_from in (result_of, reply_of)]
    channels = [INBOX, FEEDBACK_FROM_ABOVE, *from_members]
    for task_id in [*who, "never seen"]:
        doing, read = who.get(task_id, ()), log.get(task_id, ())
        answered = all(result_of(k) in read for k in doing)
        if not read or all(reply_of(k) in read for k in doing):  # unseen, or done
            yield from ((channel, task_id, UnknownTask) for channel in channels if channel != INBOX)
            continue
        yield INBOX, task_id, DuplicateTask
        has_feedback = FEEDBACK_FROM_ABOVE in read
        if has_feedback or not answered:
            yield FEEDBACK_FROM_ABOVE, task_id, UnknownTask
        for k in range(members):
            for channel, in_time in ((result_of(k), not answered), (reply_of(k), has_feedback)):
                if k not in doing or not in_time:
                    yield channel, task_id, UnknownTask
                elif channel in read:
                    yield channel, task_id, AlreadyAnswered


@given(assignments(at_most=4), orders)
def test_messages_that_are_refused_make_no_difference_to_any_later_one(assignment, order):
    """Two offices get the same mail in the same order; one manager gets, in between, all that it ought to refuse."""
    members, who = assignment
    (quiet, quiet_team), (pestered, pestered_team) = (wordy_office(members, who) for _ in range(2))
    log = listening(pestered)

    def pester(office):
        before = state(office.manager)
        for channel, task_id, kind in refused_now(members, who, log):
            with pytest.raises(kind) as caught:
                office.manager.read(channel, task_id, "pest")
            assert (caught.value.desk, caught.value.task_id) == ("estimates", task_id)
            assert str(caught.value).startswith("estimates: ")
        assert state(office.manager) == before

    quiet.run(order)
    pestered.run(order, pester)
    assert (pestered.results, pestered.below, pestered.order) == (quiet.results, quiet.below, quiet.order)
    assert [(each.asked, each.heard) for each in pestered_team] == [(each.asked, each.heard) for each in quiet_team]
    assert pestered.pending == quiet.pending == [0] * (members + 1)
    assert pestered.manager.table.statistics == quiet.manager.table.statistics


def half_way(at, members=2, combine=chorus, **manager):
    """A manager with task 3 at some point of its way, and 4 at its beginning."""
    desk = manager_of(members, combine=combine, **manager)
    steps = [(INBOX, "table"), *((result_of(k), f"by {k}") for k in range(members)), (FEEDBACK_FROM_ABOVE, "bolder")]
    for channel, body in [*steps, *((reply_of(k), float(k)) for k in range(members))][:at]:
        desk.read(channel, 3, body)
    desk.read(INBOX, 4, "table")
    return desk


def refuses(desk, kind, *letter):
    """What a desk says that refuses a letter and is unchanged by it."""
    before = state(desk)
    with pytest.raises(kind) as caught:
        desk.read(*letter)
    assert state(desk) == before
    return str(caught.value)


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_a_task_in_hand_is_refused_a_second_time_wherever_it_is(at):
    asked = []
    desk = half_way(at, allocate=by(lambda task_id, inputs: asked.append(task_id) or [0, 1]))
    assert refuses(desk, DuplicateTask, INBOX, 3, "table") == "estimates: task 3 is already pending"
    assert refuses(desk, DuplicateTask, INBOX, 4, "table") == "estimates: task 4 is already pending"
    assert asked == [3, 4]
    assert desk.books.tasks == 2


def test_a_task_that_is_done_may_come_again_under_its_id():
    desk = half_way(6)
    assert desk.pending == 1
    assert desk.read(INBOX, 3, "table") == [(INBOX.of_member(k), 3, "table") for k in (0, 1)]
    assert [desk.read(result_of(k), 3, f"again by {k}") for k in (1, 0)] == [
        [],
        [(OUTBOX, 3, ("again by 0", "again by 1"))],
    ]


def test_feedback_for_a_task_that_is_not_pending_says_which_are():
    desk = manager_of(1)
    for task_id in (3, 4):
        desk.read(INBOX, task_id, "table")
        desk.read(result_of(0), task_id, "estimate")
    message = refuses(desk, UnknownTask, FEEDBACK_FROM_ABOVE, 9, "bolder")
    assert message == "estimates: feedback for task 9, which is not pending here (pending: 3, 4)"
    desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder")
    message = refuses(desk, UnknownTask, FEEDBACK_FROM_ABOVE, 3, "bolder")
    assert message == "estimates: feedback for task 3, which is not pending here (pending: 4)"


@pytest.mark.parametrize("feedback", ["bolder", NO_FEEDBACK])
@pytest.mark.parametrize("at", [1, 2, 4, 5, 6])
def test_feedback_before_the_result_and_after_the_feedback_is_refused(at, feedback):
    message = refuses(half_way(at), UnknownTask, FEEDBACK_FROM_ABOVE, 3, feedback)
    assert message == "estimates: feedback for task 3, which is not pending here (pending: none)"


def test_a_member_speaking_of_a_task_nobody_was_given_is_told_so_by_name():
    desk = half_way(6)
    for task_id in (3, "never seen"):
        message = refuses(desk, UnknownTask, result_of(1), task_id, "by 1")
        assert message == f"estimates: bo's result for task {task_id!r}, which is not pending here (pending: 4)"
        message = refuses(desk, UnknownTask, reply_of(0), task_id, 1.0)
        assert message.startswith(
            f"estimates: alex's feedback to below for task {task_id!r}, which is not pending here"
        )


def test_a_member_speaking_of_an_unknown_task_is_told_of_those_of_which_it_is_time_to_speak():
    desk = half_way(4)  # 3 waits for replies, 4 for results
    assert refuses(desk, UnknownTask, result_of(0), 9, "by 0").endswith("(pending: 4)")
    assert refuses(desk, UnknownTask, reply_of(0), 9, 1.0).endswith("(pending: 3)")


def test_what_a_member_says_of_a_task_that_it_was_not_given_is_refused_and_says_so():
    desk = manager_of(3, allocate=by(lambda task_id, inputs: inputs))
    desk.read(INBOX, 3, ["casey", "alex"])
    desk.read(INBOX, 4, ["casey"])
    for task_id in (3, 4):
        message = refuses(desk, UnknownTask, result_of(1), task_id, "by bo")
        assert message == f"estimates: bo's result for task {task_id}, which it was not given"
    assert desk.read(result_of(2), 3, "by casey") == []
    assert desk.read(result_of(0), 3, "by alex") == [(OUTBOX, 3, ("by alex", "by casey"))]
    desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder")
    message = refuses(desk, UnknownTask, reply_of(1), 3, 1.0)
    assert message == "estimates: bo's feedback to below for task 3, which it was not given"


@pytest.mark.parametrize(("members", "at"), [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (2, 5), (2, 6)])
def test_a_result_that_comes_again_after_all_are_in_is_refused_and_not_combined(members, at):
    combined = []
    desk = half_way(at, members, combine=lambda outputs: combined.append(outputs) or chorus(outputs))
    assert refuses(desk, UnknownTask, result_of(0), 3, "again by 0").startswith("estimates: alex's result for task 3")
    assert len(combined) == 1


@pytest.mark.parametrize(("members", "at"), [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3)])
def test_a_reply_to_feedback_that_was_never_given_is_refused(members, at):
    message = refuses(half_way(at, members), UnknownTask, reply_of(0), 3, 1.0)
    assert message.startswith("estimates: alex's feedback to below for task 3, which is not pending here")


def test_a_member_who_speaks_twice_before_the_others_have_spoken_is_told_so_and_his_first_word_stands():
    desk = half_way(1)
    desk.read(result_of(1), 3, "by 1")
    message = refuses(desk, AlreadyAnswered, result_of(1), 3, "better by 1")
    assert message == "estimates: bo's second result for task 3"
    assert desk.read(result_of(0), 3, "by 0") == [(OUTBOX, 3, ("by 0", "by 1"))]
    desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder")
    desk.read(reply_of(1), 3, 1.0)
    message = refuses(desk, AlreadyAnswered, reply_of(1), 3, 5.0)
    assert message == "estimates: bo's second feedback to below for task 3"
    assert desk.read(reply_of(0), 3, 0.5) == [(FEEDBACK_TO_BELOW, 3, 1.5)]


BAD_LAST_WORD = {
    "another shape": (np.ones(2), WrongShape),
    "a number": (1.0, WrongShape),
    "words": ("estimate", WrongType),
    "nothing": (None, WrongType),
}


@pytest.mark.parametrize(("body", "kind"), BAD_LAST_WORD.values(), ids=BAD_LAST_WORD)
@pytest.mark.parametrize("last", [0, 1, 2])
def test_a_last_word_that_cannot_be_combined_is_refused_and_the_right_one_may_still_come(last, body, kind):
    desk = manager_of(3, combine=addition)
    desk.read(INBOX, 3, "table")
    for channel, done in ((result_of, OUTBOX), (reply_of, FEEDBACK_TO_BELOW)):
        for k in {0, 1, 2} - {last}:
            assert desk.read(channel(k), 3, np.full(3, 10.0**k)) == []
        for _ in range(2):
            refuses(desk, kind, channel(last), 3, body)
        ((out, task_id, total),) = desk.read(channel(last), 3, np.full(3, 10.0**last))
        assert (out, task_id, total.tolist()) == (done, 3, [111.0] * 3)
        if done == OUTBOX:
            desk.read(FEEDBACK_FROM_ABOVE, 3, np.ones(3))
    assert desk.pending == 0


def test_an_answer_that_is_nan_is_refused_by_a_maximum():
    desk = manager_of(2, combine=maximum)
    desk.read(INBOX, 3, "table")
    desk.read(result_of(1), 3, 1.0)
    message = refuses(desk, NotANumber, result_of(0), 3, float("nan"))
    assert message == "estimates: answers for task 3 have a NaN among them"
    assert desk.read(result_of(0), 3, 2.0) == [(OUTBOX, 3, 2.0)]


BAD_FEEDBACK = {
    "a number for a table's": (1.5, WrongShape),
    "too few": (np.ones(3), WrongShape),
    "a NaN": (np.array([1.0, np.nan, 1.0, 1.0]), NotANumber),
    "whole numbers": (np.ones(4, dtype=int), WrongType),
    "words": ("not ambitious enough", WrongType),
    "nothing": (None, WrongType),
}


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("combination", COMBINATIONS.values(), ids=COMBINATIONS)
@pytest.mark.parametrize(("feedback", "kind"), BAD_FEEDBACK.values(), ids=BAD_FEEDBACK)
def test_feedback_that_makes_no_sense_reaches_nobody_and_the_right_one_still_may(feedback, kind, combination, members):
    desk = manager_of(members, combine=combination)
    desk.read(INBOX, 3, "table")
    for k in range(members):
        desk.read(result_of(k), 3, np.arange(4.0) * k)
    for _ in range(2):
        assert refuses(desk, kind, FEEDBACK_FROM_ABOVE, 3, feedback).startswith("estimates: feedback for task 3 ")
    letters = desk.read(FEEDBACK_FROM_ABOVE, 3, np.ones(4))
    assert [letter[:2] for letter in letters] == [(to_member(k), 3) for k in range(members)]


def test_feedback_of_a_wrong_shape_is_told_with_both_shapes():
    desk = manager_of(1, combine=addition)
    desk.read(INBOX, 3, "table")
    desk.read(result_of(0), 3, np.ones(4))
    message = refuses(desk, WrongShape, FEEDBACK_FROM_ABOVE, 3, 1.0)
    assert message == "estimates: feedback for task 3 has shape (), but the output had shape (4,)"


class OutOfPaperError(Exception):
    pass


def test_a_combination_that_fails_in_its_own_way_leaves_the_task_where_it_was():
    sheets = []

    def use_a_sheet(what):
        if not sheets:
            raise OutOfPaperError(what)
        return sheets.pop()

    def on_paper(outputs):
        use_a_sheet("result")
        return chorus(outputs)[0], lambda feedback: use_a_sheet("feedback") and [feedback] * len(outputs)

    desk = manager_of(2, combine=on_paper)
    desk.read(INBOX, 3, "table")
    desk.read(result_of(1), 3, "by 1")
    refuses(desk, OutOfPaperError, result_of(0), 3, "by 0")
    sheets.append("a sheet")
    assert desk.read(result_of(0), 3, "by 0") == [(OUTBOX, 3, ("by 0", "by 1"))]
    refuses(desk, OutOfPaperError, FEEDBACK_FROM_ABOVE, 3, "bolder")
    sheets.append("a sheet")
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == [
        (to_member(0), 3, "bolder"),
        (to_member(1), 3, "bolder"),
    ]


def test_what_fails_in_its_own_way_says_at_which_desk_and_over_which_task():
    def fail(outputs):
        raise OutOfPaperError("result")

    desk = manager_of(1, combine=fail)
    desk.read(INBOX, 3, "table")
    with pytest.raises(OutOfPaperError) as caught:
        desk.read(result_of(0), 3, "by 0")
    assert (caught.value.args, caught.value.__notes__) == (("result",), ["desk estimates, task 3"])


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_callback_that_shares_out_among_too_many_or_too_few_leaves_the_task_pending(count):
    shares = [count]
    desk = half_way(3, combine=lambda outputs: ("one", lambda feedback: [feedback] * shares[0]))
    assert refuses(desk, WrongShape, FEEDBACK_FROM_ABOVE, 3, "bolder") == (
        f"estimates: the combination's feedback for task 3 is for {count} members, but 2 answered"
    )
    shares[0] = 2
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == [
        (to_member(0), 3, "bolder"),
        (to_member(1), 3, "bolder"),
    ]


def test_the_callback_is_on_file_when_the_result_is_returned_and_not_before_it_is_known():
    seen = []

    def look(outputs):
        seen.append((len(desk.table), desk.pending))
        return outputs[0], handle_feedback

    def handle_feedback(feedback):
        return [feedback, NO_FEEDBACK]

    desk = manager_of(2, combine=look)
    desk.read(INBOX, 3, "table")
    desk.read(result_of(0), 3, "by alex")
    letters = desk.read(result_of(1), 3, "by bo")
    assert seen == [(0, 1)]
    assert desk.table == {3: handle_feedback}
    # The result is still in our hands, and its feedback is read already.
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, "bolder") == [
        (to_member(0), 3, "bolder"),
        (to_member(1), 3, NO_FEEDBACK),
    ]
    assert letters == [(OUTBOX, 3, "by alex")]


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_only_the_loudest_hears_and_the_losers_are_told_that_there_is_no_feedback(outputs, random):
    desk = manager_of(len(outputs), combine=maximum)
    arrivals = random.sample(range(len(outputs)), len(outputs))
    desk.read(INBOX, 3, "table")
    for k in arrivals:
        letters = desk.read(result_of(k), 3, outputs[k])
    winner = outputs.index(max(outputs))
    assert letters == [(OUTBOX, 3, outputs[winner])]
    expected = [(to_member(k), 3, 1.5 if k == winner else NO_FEEDBACK) for k in range(len(outputs))]
    assert desk.read(FEEDBACK_FROM_ABOVE, 3, 1.5) == expected
    for k in arrivals:
        letters = desk.read(reply_of(k), 3, "a better table" if k == winner else NO_FEEDBACK)
    assert letters == [(FEEDBACK_TO_BELOW, 3, "a better table")]
    assert desk.pending == 0


@given(st.integers(1, 5), orders)
def test_a_manager_told_no_feedback_tells_everybody_and_passes_the_word_down(members, order):
    calls = []

    def silent(outputs):
        return outputs[0], calls.append

    team = [Wordy(name) for name in NAMES[:members]]
    office = SmallOffice(team, combine=silent, reply=lambda task_id, output: NO_FEEDBACK)
    office.submit(3, "table")
    office.run(order)
    assert office.below == {3: NO_FEEDBACK}
    assert calls == []
    assert [each.heard for each in team] == [[]] * members
    assert office.pending == [0] * (members + 1)


@given(st.integers(1, 4), st.integers(1, 3), orders)
def test_a_desk_keeps_no_more_after_many_tasks_than_after_a_few(members, in_flight, order):
    office, sizes = SmallOffice([Wordy(name) for name in NAMES[:members]]), []
    for batch in range(20):
        for task_id in range(in_flight):
            office.submit(f"{batch} {task_id}", "table")
        office.run(order)
        sizes.append(size(state(office.manager)))
    assert set(sizes) == {sizes[0]}
    assert office.manager.table.statistics.peak <= in_flight


class PassesOnWhatItHeard(WorkerDesk):
    """The feedback into Alex is taken for the feedback out of Alex."""

    def read(self, channel, task_id, body):
        letters = super().read(channel, task_id, body)
        return [(FEEDBACK_TO_BELOW, task_id, body)] if channel == FEEDBACK_FROM_ABOVE else letters


class HearsWhatItSaid(WorkerDesk):
    """The worker hears, as feedback on its answer, its own feedback on the inputs."""

    def read(self, channel, task_id, body):
        return super().read(channel, task_id, self.estimator.number if channel == FEEDBACK_FROM_ABOVE else body)


class PassesDownWhatItHeard(ManagerDesk):
    """The feedback from above goes down in the place of the team's feedback on the inputs."""

    def read(self, channel, task_id, body):
        if channel == FEEDBACK_FROM_ABOVE:
            self.__dict__.setdefault("told", {})[task_id] = body
        letters = super().read(channel, task_id, body)
        return [
            (out, about, self.told[about] if out == FEEDBACK_TO_BELOW else letter) for out, about, letter in letters
        ]


class TellsTheWrongMember(ManagerDesk):
    """Each share of the feedback goes to another member of the team."""

    def read(self, channel, task_id, body):
        letters = super().read(channel, task_id, body)
        if channel != FEEDBACK_FROM_ABOVE:
            return letters
        shares = [share for *_, share in reversed(letters)]
        return [(out, about, share) for (out, about, _), share in zip(letters, shares, strict=True)]


class AnswersTheOldest(ManagerDesk):
    """Whatever task the feedback is about, it goes to whoever did the one that waits longest."""

    def read(self, channel, task_id, body):
        if channel == FEEDBACK_FROM_ABOVE:
            task_id = self.table.statistics.oldest
        return super().read(channel, task_id, body)


def check_that_feedback_goes_its_way(worker_desk=WorkerDesk, manager_desk=ManagerDesk):
    """Two tasks for two members; feedback comes newest first, and neither feedback is taken for the other."""
    team = [Wordy("alex", 1.0), Wordy("bo", 2.0)]
    office = SmallOffice(team, worker_desk=worker_desk, desk=manager_desk)
    for task_id in (3, 4):
        office.submit(task_id, f"table {task_id}")

    def newest_first(mail):
        desk, channel, task_id, _ = mail
        spoken_of = desk is office.manager and channel == FEEDBACK_FROM_ABOVE
        return spoken_of, -task_id if spoken_of else task_id

    office.run(b"", lambda office: office.bag.sort(key=newest_first))
    assert [each.heard for each in team] == [
        [(f"re {task_id}", f"{name} on table {task_id}") for task_id in (4, 3)] for name in ("alex", "bo")
    ]
    assert office.below == {3: 3.0, 4: 3.0}


def test_feedback_from_above_and_feedback_to_below_are_not_taken_for_each_other():
    check_that_feedback_goes_its_way()


@pytest.mark.parametrize(
    "desk",
    [
        {"worker_desk": PassesOnWhatItHeard},
        {"worker_desk": HearsWhatItSaid},
        {"manager_desk": PassesDownWhatItHeard},
        {"manager_desk": TellsTheWrongMember},
        {"manager_desk": AnswersTheOldest},
    ],
    ids=lambda desk: next(iter(desk.values())).__name__,
)
def test_a_desk_that_swaps_two_feedbacks_is_caught(desk):
    with pytest.raises((AssertionError, RefusedMessage)):
        check_that_feedback_goes_its_way(**desk)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_results_that_do_not_fit_together_are_told_with_whose_they_are_whichever_came_first(order):
    desk = ManagerDesk("team", ["alex", "bo"], everyone, addition, lambda: None)
    desk.read(INBOX, 0, "plan")
    results = np.ones(2), np.ones(3)
    with pytest.raises(WrongShape) as raised:  # noqa: PT012
        for member in order:
            desk.read(OUTBOX.of_member(member), 0, results[member])
    assert raised.value.__notes__ == ["alex's has shape (2,), and bo's (3,)"]
    assert desk.pending == 1
    desk.read(ALARM, 0, None)
