import pytest

from office.show.placing import Line, Placing, crossing
from office.study import diagram
from tests.study.journals import INBOX, clerk, made_up, run


@pytest.mark.parametrize(
    ("line", "crossed", "point"),
    [
        (Line(0, 0, 10, 10), Line(0, 10, 10, 0), (5, 5)),
        (Line(0, 0, 10, 10), Line(0, 2, 10, 12), None),
        (Line(0, 0, 10, 10), Line(0, 0, 10, 20), None),  # a common end is no crossing
        (Line(0, 0, 10, 10), Line(0, 5, 10, 10), None),
        (Line(0, 0, 10, 10), Line(0, 30, 10, 20), None),
        (Line(0, 0, 10, 0), Line(0, -5, 10, 5), (5, 0)),
    ],
)
def test_lines_cross_between_their_ends_or_not_at_all(line, crossed, point):
    assert crossing(line, crossed) == crossing(crossed, line) == point


def test_what_comes_in_and_goes_on_is_at_one_height_and_what_turns_back_is_not():
    team = diagram(run(tasks=1).journal)
    place = Placing(team)
    assert place.arrived[1] == place.sent[2] < place.sent[3]
    alex = Placing(diagram(run(clerk("alex"), tasks=1).journal))
    assert alex.arrived[1] < alex.sent[2]


def test_a_message_that_takes_no_time_runs_straight_across():
    place = Placing(diagram(made_up([(5, 5, INBOX, 7)])))
    assert place.sent == place.arrived


def test_each_time_stands_where_the_first_thing_happens_then():
    place = Placing(diagram(made_up([(0, 5, INBOX, 7), (0, 6, INBOX, 8)])))
    assert [time for _, time in place.times] == ["0 ns", "5 ns", "6 ns"]
    assert [height for height, _ in place.times] == [place.sent[1], place.arrived[1], place.arrived[2]]
