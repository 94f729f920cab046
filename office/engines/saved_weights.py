"""The weights of a chart in a file, to go on with them another day."""

from __future__ import annotations

import zipfile
from io import BytesIO
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from office.desks import Chart, Worker
from office.desks.chart import walk
from office.errors import BadWeights
from office.files import write_whole
from office.work import Estimator, Parameters, parameters_of

__all__ = ["load_weights", "save_weights"]


def save_weights(chart: Chart | Estimator, path: str | PathLike[str]) -> None:
    """Save today's weights of every desk to a file that numpy reads, whole or not at all.

    Each array is named after its desk: ``team/alex/0`` are the first of alex's weights, ``team/alex/1`` the second. Of
    desks that share weights, the first has them. What rules remember, and how many tasks there have been, is not in the
    file: `pickle` keeps the whole chart, if all its functions are at the top of a module.

    In the field: a checkpoint, or PyTorch's ``state_dict``.

    Args:
        chart: a chart, or a bare estimator.
        path: the file, ``NAME.npz``; one that is there is replaced.

    Raises:
        BadWeights: nothing in the chart has weights.
        OSError: the file cannot be written.
    """
    arrays = {name: owner.arrays[place] for name, (owner, place) in _named(chart).items()}
    if not arrays:
        raise BadWeights(f"{fspath(path)}: the chart has no weights to save")
    content = BytesIO()
    np.savez(content, **arrays)
    write_whole(path, [content.getvalue()])


def load_weights(chart: Chart | Estimator, path: str | PathLike[str]) -> None:
    """Put weights that were saved in the place of today's, in a chart of the same shape. All of them, or none.

    It is an update like any other: callbacks that are pending still differentiate the weights that gave their answers.

    Args:
        chart: a chart, or a bare estimator.
        path: a file that `save_weights` has made.

    Raises:
        BadWeights: the file is none of `save_weights`, or is of another chart. It says where they differ.
        OSError: the file cannot be read.
    """
    named, saved = _named(chart), _read(path)
    differing = [
        *(f"{name} is not in it" for name in named.keys() - saved.keys()),
        *(f"it has {name}, which the chart has not" for name in saved.keys() - named.keys()),
        *(_difference(name, *named[name], saved[name]) for name in named.keys() & saved.keys()),
    ]
    differing = sorted(filter(None, differing))
    if differing:
        more = f", and {len(differing) - 3} more" if len(differing) > 3 else ""
        raise BadWeights(f"{fspath(path)} is of another chart: {'; '.join(differing[:3])}{more}")
    for owner in dict.fromkeys(owner for owner, _ in named.values()):
        arrays = (saved[name] for name, (other, _) in named.items() if other is owner)
        owner.put(arrays)


def _named(chart: Chart | Estimator) -> dict[str, tuple[Parameters, int]]:
    """Every array of weights by its name in the file: whose it is, and which of its arrays."""
    drawn = Worker(chart) if callable(chart) else chart
    parts = ((path, part) for path, part in walk(drawn) if isinstance(part, Worker))
    seen: set[int] = set()
    named: dict[str, tuple[Parameters, int]] = {}
    for path, worker in parts:
        own = [owner for owner in parameters_of(worker.estimator) if id(owner) not in seen]
        seen |= set(map(id, own))
        places = [(owner, place) for owner in own for place in range(len(owner.arrays))]
        named |= {f"{path}/{number}": place for number, place in enumerate(places)}
    return named


def _difference(name: str, owner: Parameters, place: int, saved: Any) -> str:
    """Why saved weights cannot replace these: another shape or dtype, or what is not finite; "" if they can."""
    array = np.asarray(owner.arrays[place])
    if saved.shape == array.shape and saved.dtype == array.dtype:
        return "" if np.isfinite(saved).all() else f"{name} has a NaN or an infinity in it"
    return f"{name} is {saved.dtype} {saved.shape}, and {array.dtype} {array.shape} in the chart"


def _read(path: str | PathLike[str]) -> dict[str, Any]:
    content = BytesIO(Path(path).read_bytes())
    if not zipfile.is_zipfile(content):
        raise BadWeights(f"{fspath(path)} has no weights of ours: it is no .npz file, or was cut off")
    try:
        with np.load(content, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, EOFError, TypeError, AttributeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise BadWeights(f"{fspath(path)} has no weights of ours: {error}") from None
