"""Models of other libraries as workers. Each needs its library only when it is called; an extra brings it."""

from __future__ import annotations

from office.work.adapters.foreign import Foreign
from office.work.adapters.from_jax import from_jax
from office.work.adapters.from_thinc import from_thinc
from office.work.adapters.from_torch import from_torch

__all__ = ["Foreign", "from_jax", "from_thinc", "from_torch"]
