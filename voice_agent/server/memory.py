"""Limits how much memory the C library keeps after calls have freed it."""

import ctypes
import sys

M_ARENA_MAX = -8
"""From glibc's malloc.h; other C libraries reject it, which does no harm."""
ARENAS = 2
"""Heaps shared by all threads. By default glibc makes eight per core, and each keeps its peak size:
memory then grows as long as threads come and go."""


def share_heaps() -> None:
    """Make threads share a few heaps. Call before any thread has made its own."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(M_ARENA_MAX, ARENAS)
