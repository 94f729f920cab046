"""Files that are written whole, or not at all.

What is written goes to a hidden file beside the old one, then to the disk, and then takes the old one's place in one
step. Whatever happens meanwhile (an error, a full disk, kill -9), the old file is as it was. An error leaves no hidden
file behind; a process that is killed leaves one, ``.office-….tmp``.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from os import PathLike
from pathlib import Path

__all__ = ["check_writable", "write_whole"]

LINKS = 40
"""So many symbolic links in a row are followed, as Linux does."""


def write_whole(path: str | PathLike[str], parts: Iterable[bytes]) -> None:
    """Write a file whole, or leave it as it was.

    A new file has the permissions that `open` would give it, another those of the file that it replaces. The file that
    a symbolic link leads to is replaced, and the link stays. Devices, pipes and open files such as /dev/stdout are
    written straight.

    Args:
        path: The file.
        parts: Its bytes, one after another. What they raise comes out.

    Raises:
        OSError: The file cannot be written; the error names it.
    """
    try:
        target = _replaceable(Path(path))
        if target is None:
            _write_straight(Path(path), parts)
        else:
            _replace(target, parts)
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


def check_writable(path: str | PathLike[str]) -> None:
    """Raise the `OSError` that `write_whole` would raise, as far as it is known before anything is written."""
    _replaceable(Path(path))


def _replaceable(path: Path) -> Path | None:
    """The regular file, with all links followed, that is to be replaced or made; None for what is written straight."""
    number = _descriptor(path)
    if number is not None:
        os.fstat(number)
        return None
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    else:
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    if not stat.S_ISREG(mode):
        return None
    target = path.resolve()
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no folder for it", str(path))
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "nothing may be written in its folder", str(path))
    return target


def _descriptor(path: Path) -> int | None:
    """The number of the open file of this process that a path stands for: 1 for /dev/stdout, 3 for /dev/fd/3."""
    own = Path("/dev/fd").resolve(), Path("/proc/self/fd").resolve()
    for _ in range(LINKS):
        if path.name.isdecimal() and path.parent.resolve() in own:
            return int(path.name)
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    return None


def _write_straight(path: Path, parts: Iterable[bytes]) -> None:
    number = _descriptor(path)
    if number is not None:
        sys.stdout.flush()  # what was printed before comes first
    with path.open("wb") if number is None else os.fdopen(os.dup(number), "wb") as file:
        file.writelines(parts)


def _replace(target: Path, parts: Iterable[bytes]) -> None:
    beside = target.with_name(f".office-{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as file:
            _make_alike(beside, target)
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _make_alike(new: Path, old: Path) -> None:
    """Give a new file the permissions of an old one, if there is one, and its owner, as far as that is allowed."""
    with suppress(FileNotFoundError):
        status = old.stat()
        with suppress(PermissionError):
            os.chown(new, status.st_uid, status.st_gid)
        new.chmod(stat.S_IMODE(status.st_mode))
