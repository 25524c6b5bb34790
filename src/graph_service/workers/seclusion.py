"""Seclusion: a process that may read the files of one directory, and can open nothing else and no connection.

A worker over memory gives up descriptors altogether (RLIMIT_NOFILE 0). One over a store on disk cannot: RocksDB opens
the first tables of a column family when the store is opened, and the others when a query first needs them, so that from
some millions of triples on such a worker would fail. The Linux kernel can be asked to forbid less than that:

- Landlock (since Linux 5.13) for files: reading below one directory.
- seccomp (Linux, SECCOMP_MODE_FILTER) for sockets: `socket` and `io_uring_setup` fail with EMFILE, as they do for a
  worker over memory, so that both give the same answer to a query that asks for a connection.

Both are given up for good, and children inherit that.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from pathlib import Path

_NO_NEW_PRIVILEGES = 38
_SECCOMP, _FILTER = 22, 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
# All rights over files of the first version of Landlock: what a ruleset handles is denied unless a rule allows it.
_ALL_RIGHTS = (1 << 13) - 1
# By machine: the architecture as the kernel's audit names it, and the number of `socket`.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_IO_URING_SETUP = 425
# Numbers from here on are those of the 32-bit calls of x86_64.
_OTHER_CALLS = 0x40000000
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000


def is_possible() -> bool:
    """Whether this kernel and machine can do it."""
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    return int(_libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))) > 0


def seclude(directory: Path) -> None:
    """From now on this thread can read files below a directory; any other file, and any connection, fails.

    Args:
        directory: what may still be read.

    Raises:
        OSError: the kernel refused.
    """
    _done(_libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _read_only_below(directory)
    _without_sockets()


def _read_only_below(directory: Path) -> None:
    handled = struct.pack("=Q", _ALL_RIGHTS)
    ruleset = _done(_libc().syscall(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), ctypes.c_uint32(0)))
    place = os.open(directory, os.O_PATH | os.O_DIRECTORY)
    rule = struct.pack("=Qi", _READ_FILE | _READ_DIRECTORY, place)
    _done(_libc().syscall(_ADD_RULE, ruleset, 1, rule, ctypes.c_uint32(0)))
    _done(_libc().syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)))
    os.close(place)
    os.close(ruleset)


class _Program(ctypes.Structure):
    """`struct sock_fprog`: how many instructions, and where."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _without_sockets() -> None:
    """A filter in classic BPF over `struct seccomp_data`: call number at 0, architecture at 4."""
    machine, socket_call = _MACHINES[platform.machine()]
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    # Code, jump if true, jump if not, operand; jumps count from the next instruction.
    instructions = (
        (load, 0, 0, 4),
        (equal, 0, 5, machine),
        (load, 0, 0, 0),
        (at_least, 3, 0, _OTHER_CALLS),
        (equal, 2, 0, socket_call),
        (equal, 1, 0, _IO_URING_SETUP),
        (answer, 0, 0, _ALLOW),
        (answer, 0, 0, _FAIL | errno.EMFILE),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *one) for one in instructions))
    program = _Program(len(instructions), ctypes.addressof(code))
    _done(_libc().prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0))


def _done(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
