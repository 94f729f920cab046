"""What Perfetto makes of a trace, as far as our events go: an oracle for machines that cannot have its trace processor.

As in its importer of JSON (src/trace_processor/importers: json_trace_parser, slice_tracker, flow_tracker): events are
sorted by time, and stay in the order of the file where that is the same; a flow binds to the slice that was begun last
on its thread and has not ended, and leads from slice to slice; flows are told apart by id, category and name. Whatever
it would count as an error is an error here.
"""

from dataclasses import dataclass, field


@dataclass
class Slice:
    tid: int
    name: str
    category: str
    begin: int
    depth: int
    args: dict
    end: int | None = None


@dataclass
class Imported:
    slices: list = field(default_factory=list)
    flows: list = field(default_factory=list)
    """From slice to slice."""
    counters: dict = field(default_factory=dict)
    instants: list = field(default_factory=list)
    threads: dict = field(default_factory=dict)
    processes: dict = field(default_factory=dict)


def nanoseconds(microseconds):
    return round(microseconds * 1000)


def imported(trace):
    made, stacks, at = Imported(), {}, {}
    for event in sorted(trace["traceEvents"], key=lambda record: nanoseconds(record.get("ts", 0))):
        phase, name, tid = event["ph"], event.get("name"), event.get("tid")
        time, stack = nanoseconds(event.get("ts", 0)), stacks.setdefault(tid, [])
        if phase == "M":
            names = {"thread_name": made.threads, "process_name": made.processes}.get(name, {})
            names[tid if name == "thread_name" else event["pid"]] = event["args"].get("name")
        elif phase == "B":
            assert len(stack) < 512, "slice_max_depth_exceeded"
            stack.append(Slice(tid, name, event["cat"], time, len(stack), event.get("args", {})))
            made.slices.append(stack[-1])
        elif phase == "E":
            assert stack, "an end of nothing"
            assert stack[-1].begin <= time, "slice_negative_duration"
            stack.pop().end = time
        elif phase in "stf":
            assert stack, "flow_no_enclosing_slice"
            flow = event["id"], event["cat"], name
            if phase == "s":
                assert flow not in at, "flow_duplicate_id"
            else:
                assert flow in at, "flow_step_without_start, or flow_end_without_start"
                assert event["bp"] == "e", "bound to the next slice, and not to the one around it"
                made.flows.append((at[flow], stack[-1]))
            at[flow] = stack[-1]
        elif phase == "C":
            for what, value in event["args"].items():
                made.counters.setdefault((name, what), []).append((time, value))
        else:
            assert (phase, event["s"]) == ("i", "t")
            made.instants.append((time, tid, name))
    assert not any(stacks.values()), "slices that do not end"
    return made
