"""Mail conditions: how long messages take and what else happens to them, in tc-netem's words.

A small library of its own: it knows no office, only times, texts and random numbers. In the field: link impairments.
Of Linux's tc-netem (its manual page, and `net/sched/sch_netem.c`) it has:

delay      time, jitter, correlation, and the distributions uniform, normal, pareto and paretonormal, as in the kernel
           and iproute2; ``exponential`` is ours
loss       ``random`` with correlation, ``state`` (four states) and ``gemodel`` (Gilbert and Elliott)
duplicate, corrupt, reorder    percentage and correlation; ``reorder`` with ``gap``, alone or after a percentage
rate       bits or bytes a second, with an overhead for each message, and cells with an overhead of their own
slot       ``MIN [MAX]`` or a distribution, with ``packets`` and ``bytes``
limit      how many messages may be under way
seed       that of the link's random numbers, whatever the seed of the run

It leaves out ``ecn``, which marks a message instead of losing it: no message here has a place for the mark.
Distributions from files are replaced by `trace`, which replays recorded delays. Each use on each link has a `stream`
of its own, known by its name, where netem draws everything from one.

A message takes its place when it is sent. So there are two things that netem does and this does not: a message with a
shorter delay leaves no earlier slot than one that was sent before it; and a message that waits for its slot gets none
anew because others are sent meanwhile.
"""

from office.mail.netem.conditions import Conditions, conditions, delay
from office.mail.netem.delays import Delay
from office.mail.netem.streams import stream
from office.mail.netem.traces import trace

__all__ = ["Conditions", "Delay", "conditions", "delay", "stream", "trace"]
