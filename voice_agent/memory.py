"""How much of what calls have given back the C library keeps."""

import ctypes
import sys

M_ARENA_MAX = -8
"""Of glibc's malloc.h; other libraries refuse it, which changes nothing."""
ARENAS = 2
"""Heaps that all threads share. By itself glibc makes eight for each core, and every one of them
keeps what its busiest moment needed: memory then grows for as long as threads come and go."""


def share_heaps() -> None:
    """Have threads share a few heaps. To be called before any thread has made its own."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(M_ARENA_MAX, ARENAS)
