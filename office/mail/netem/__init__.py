"""Mail conditions: how long messages take and what else happens to them, in tc-netem's words.

A small library of its own: it knows no office, only times, texts and random numbers. In the field: link impairments.
Of Linux's tc-netem (its manual page, and `net/sched/sch_netem.c`) it has:

delay      time, jitter, correlation, and the distributions uniform, normal, pareto and paretonormal, as in the kernel
           and iproute2; ``exponential`` is ours
loss       ``random`` with correlation, ``state`` (four states) and ``gemodel`` (Gilbert and Elliott); no ``ecn``
duplicate, corrupt, reorder    percentage and correlation; ``reorder`` with ``gap``
rate       bits or bytes a second; no overhead and no cells
slot       ``MIN [MAX]`` or a distribution, with ``packets`` and ``bytes``
limit      how many messages may be under way

Distributions from files are replaced by `trace`, which replays recorded delays. Instead of netem's one random seed,
each use on each link has a `stream` of its own, known by its name.
"""

from office.mail.netem.conditions import Conditions, conditions, delay
from office.mail.netem.delays import Delay
from office.mail.netem.streams import stream
from office.mail.netem.traces import trace

__all__ = ["Conditions", "Delay", "conditions", "delay", "stream", "trace"]
