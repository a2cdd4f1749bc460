"""Threads share heaps, so that what they free is available to the next call."""

import subprocess
import sys

import pytest

ARENAS = """
import ctypes, threading
from voice_agent.server.memory import share_heaps
if {shared}:
    share_heaps()
libc = ctypes.CDLL(None)
together = threading.Barrier(12)
libc.malloc.restype = ctypes.c_void_p
def use():
    libc.free(ctypes.c_void_p(libc.malloc(100_000)))
    together.wait()
threads = [threading.Thread(target=use) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
libc.malloc_info(0, file)
libc.fflush(file)
"""


def heaps(shared: bool) -> int:
    program = ["-c", ARENAS.format(shared=shared)]
    told = subprocess.run([sys.executable, *program], capture_output=True, text=True, check=True)
    return told.stdout.count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's heaps")
def test_many_threads_make_no_more_than_two_heaps():
    alone = heaps(shared=False)
    if alone <= 2:
        pytest.skip("this C library keeps few heaps by itself")
    assert heaps(shared=True) <= 2
