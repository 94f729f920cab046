"""Python files that are loaded by their path: scenarios, and the files of grids."""

from __future__ import annotations

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

__all__ = ["load_file"]


def load_file(path: Path, name: str = "") -> ModuleType:
    """Run a Python file as a module, which can import what else is in its folder.

    The module has the `name`, or the file's own; a longer one where another file's module has that name already. A
    module of the same file is replaced.
    """
    file = str(path.absolute())
    name = name or path.stem
    while name in sys.modules and getattr(sys.modules[name], "__file__", None) != file:
        name += "_"
    folder = str(path.absolute().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    loader = SourceFileLoader(name, file)
    spec = spec_from_file_location(name, file, loader=loader)
    assert spec is not None
    module = module_from_spec(spec)
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except BaseException as error:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
        if isinstance(error, ImportError) and isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None  # of which a library that was interrupted has made this
        raise
    return module
