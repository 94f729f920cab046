"""A pytest marker that runs a test in many delivery orders of its offices' mail, or in all of them.

How a test is run again. Every order needs the test as it is at the beginning, with fresh fixtures: else what one order
has left behind (a worker who has learnt, a clock that has moved) is there in the next. There are three ways:

- A test for each order (`pytest_generate_tests`): its fixtures are fresh, but one has to know beforehand how many
  orders there are, and for "all" one knows that when one has run them.
- The test function wrapped in a loop, inside one call, as Hypothesis does it: any number of times, but pytest sets the
  fixtures up once, before the loop; and what pytest-trio sets up are placeholders that come to life inside its
  ``trio.run``, once, so that a second turn would find events set and generators used up.
- The whole protocol of a test (setup, call, teardown) again for each order, as pytest-rerunfailures does it: any number
  of times, function-scoped fixtures of every kind and the instance of a test's class are fresh, and pytest-trio, which
  makes a new ``trio.run`` in each call, need not know of it. It is what is done here.

Fixtures of wider scope stay, as they do from one test to the next. The first runs are rehearsals without a
report; the last run, in the order that is to be reported, is the one whose reports pytest gets. As it has been run
before, that shows, too, whether the test does the same when it is run in the same order again.
"""

from office.orders.follower import Follower
from office.orders.searches import EverySearch, RandomSearch
from office.orders.smaller import make_smaller
from office.testing.delivery_orders.marker import Marker, marker_of
from office.testing.delivery_orders.plugin import DeliveryOrders

__all__ = ["DeliveryOrders", "EverySearch", "Follower", "Marker", "RandomSearch", "make_smaller", "marker_of"]
