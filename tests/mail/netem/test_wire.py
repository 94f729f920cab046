"""A wire against the kernel's own queue (net/sched/sch_netem.c), written down event by event."""

from itertools import count
from math import inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from office.mail.netem import conditions, stream
from office.mail.netem.wire import Wire

SECOND = 10**9


def arrivals(text, mail, seed=0):
    """When each copy of each message arrives; None where it is lost. `mail`: when each is sent, and its bytes."""
    wire = Wire(conditions(text), seed, "bo.inbox")
    return [[arrives for arrives, _ in wire.send(at, size)] for at, size in mail]


class Kernel:
    """The queue of netem, where everything takes the same delay."""

    def __init__(self, mail):
        self.mail = mail
        self.queue, self.left, self.order = [], {}, count()
        self.gaps = mail.slot and mail.slot.gaps(stream(0, "bo.inbox", "slot"))
        self.opens, self.room = 0, self.full_room()
        self.drawn, self.looked_again = 0, False

    def full_room(self):
        slot = self.mail.slot
        return [inf, inf] if slot is None else [slot.packets or inf, slot.bytes or inf]

    def run(self, messages):
        """When each copy leaves, by (number, copy)."""
        for number, (at, size) in enumerate(messages):
            self.watch(at)
            waits = self.queue[:1]
            self.enqueue(number, at, size)
            drawn = self.drawn
            self.dequeue(at)
            self.looked_again |= bool(waits) and self.queue[:1] == waits and self.drawn != drawn
        self.watch(inf)
        return self.left

    def enqueue(self, number, at, size):
        if len(self.queue) >= (self.mail.limit or inf):
            return
        if self.mail.duplicate is not None:
            self.put((number, 1), at, size)
        self.put((number, 0), at, size)

    def put(self, what, at, size):
        ready = at + self.mail.delay.time
        if self.mail.rate is not None:
            last = max((waiting[0] for waiting in self.queue), default=0)
            ready = max(ready, last) + self.mail.rate.time(size)
        self.queue.append((ready, next(self.order), what, size))
        self.queue.sort()

    def watch(self, until):
        """What the timer does up to a time: it rings when the first in the queue is ready and its slot is open."""
        while self.queue:
            rings = max(self.queue[0][0], self.opens)
            if rings > until:
                return
            self.dequeue(rings)

    def dequeue(self, now):
        while self.queue:
            ready, _, what, size = self.queue[0]
            if self.mail.slot is not None and self.opens < ready:
                self.next_slot(now)
            if ready > now or (self.mail.slot is not None and self.opens > now):
                return
            del self.queue[0]
            self.left[what] = now
            self.room = [self.room[0] - 1, self.room[1] - size]
            if min(self.room) <= 0:
                self.next_slot(now)

    def next_slot(self, now):
        self.opens = now + next(self.gaps)
        self.drawn += 1
        self.room = self.full_room()


def texts():
    number = st.integers(1, 40)
    parts = [
        st.builds("delay {}ns".format, st.integers(0, 60)),
        st.builds("slot {}ns".format, number)
        | st.builds("slot 3ns {}ns".format, number.map(lambda longest: longest + 3))
        | st.builds("slot {}ns packets {}".format, number, st.integers(1, 4))
        | st.builds("slot {}ns bytes {}".format, number, number),
        st.builds("rate {}gbit {} {}".format, st.integers(1, 8), st.integers(-9, 9), st.integers(0, 9)),
        st.builds("limit {}".format, st.integers(1, 6)),
        st.just("duplicate 100%"),
    ]
    return st.tuples(*(st.just("") | part for part in parts)).map(lambda words: " ".join(filter(None, words)))


@given(texts(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20)), max_size=20))
def test_messages_arrive_as_they_leave_the_kernels_queue_unless_it_looks_at_one_again(text, waits):
    now, messages = 0, []
    for wait, size in waits:
        now += wait
        messages.append((now, size))
    kernel = Kernel(conditions(text))
    left = kernel.run(messages)
    assume(not kernel.looked_again)
    came = {
        (number, copy): arrives
        for number, copies in enumerate(arrivals(text, messages))
        for copy, arrives in enumerate(copies)
        if arrives is not None
    }
    assert came == left


@pytest.mark.parametrize(
    ("text", "sent", "expected"),
    [
        ("delay 10ms slot 20ms", 0, 20),  # the slot is drawn as the message is sent
        ("delay 10ms slot 20ms", 3, 23),
        ("delay 50ms slot 20ms", 0, 70),  # it has opened too early, and the next is drawn when the message is ready
        ("slot 20ms", 0, 0),  # the first is open
        ("slot 20ms", 5, 25),
        ("delay 10ms slot 10ms", 0, 10),
        ("delay 10ms rate 8mbit slot 20ms", 0, 20),  # a thousand bytes take a millisecond
        ("delay 10ms rate 800kbit slot 20ms", 0, 20),
        ("delay 10ms rate 400kbit slot 20ms", 0, 50),
    ],
)
def test_a_message_alone_leaves_with_the_slot_that_was_drawn_when_it_was_first_looked_at(text, sent, expected):
    assert arrivals(text, [(sent * 10**6, 1000)]) == [[expected * 10**6]]


@pytest.mark.parametrize(
    ("rate", "size", "expected"),
    [
        ("8gbit", 100, 100),
        ("8gbit 20", 100, 120),
        ("8gbit -14", 100, 86),
        ("8gbit -14", 10, 0),  # there is no less than nothing
        ("8gbit 0 48", 50, 96),
        ("8gbit 0 48 5", 50, 106),  # ATM: two cells, as the manual page has it
        ("8gbit 0 48 5", 0, 0),
        ("8gbit 20 100 5", 81, 210),
        ("8gbit 0 48 -8", 50, 80),
        ("3gbit", 1, 2),  # 2 2/3 ns: whole ones, rounded down
    ],
)
def test_overhead_and_cells_add_bytes(rate, size, expected):
    assert arrivals(f"rate {rate}", [(0, size)]) == [[expected]]


@pytest.mark.parametrize("gap", [1, 2, 5])
def test_a_gap_alone_sends_every_so_manieth_message_at_once(gap):
    sent = [(number, 0) for number in range(40)]
    came = arrivals(f"delay 100ns reorder gap {gap}", sent)
    assert [arrives - at for [arrives], (at, _) in zip(came, sent, strict=True)] == [
        0 if number % gap == 0 else 100 for number in range(1, 41)
    ]


def test_a_seed_of_its_own_gives_a_link_the_same_fates_in_every_run():
    mail = [(number, 0) for number in range(200)]
    for text in ("delay 9us 3us", "delay 9us 3us loss 20% 10%", "slot 5ns 90ns duplicate 30%", "delay 9us reorder 30%"):
        assert arrivals(f"{text} seed 7", mail, seed=0) == arrivals(f"{text} seed 7", mail, seed=1)
        assert arrivals(f"{text} seed 7", mail, seed=0) == arrivals(text, mail, seed=7)
        assert arrivals(text, mail, seed=0) != arrivals(text, mail, seed=1)


@pytest.mark.unwatched
@pytest.mark.parametrize("loss", ["gemodel 1% 20%", "state 1% 20%", "random 40% 70%"])
def test_a_copy_falls_into_the_same_burst_of_losses_as_its_original(loss):
    """Where losses come in bursts, a copy of a message that came is lost less often than messages are on average."""
    wire = Wire(conditions(f"loss {loss} duplicate 100%"), 0, "bo.inbox")
    sent = [wire.send(number) for number in range(40_000)]
    copies = [copy for _, copy in (passages for passages in sent if len(passages) == 2)]
    lost = sum(arrives is None for arrives, _ in copies) / len(copies)
    alone = Wire(conditions(f"loss {loss}"), 0, "bo.inbox")
    average = sum(alone.send(number)[0][0] is None for number in range(40_000)) / 40_000
    assert 0 < lost < 0.75 * average


def test_losses_that_remember_nothing_are_drawn_for_copies_apart():
    mail = [(number, 0) for number in range(300)]
    alone = [arrives is None for [arrives] in arrivals("loss 30%", mail)]
    doubled = [len(copies) == 1 or copies[0] is None for copies in arrivals("loss 30% duplicate 100%", mail)]
    assert doubled == alone
