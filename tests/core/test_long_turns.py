"""Whatever a buyer says or writes, however long, is read about as fast as prose of that length."""

import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import anyio
import pytest

from core.talk import ConversationOpened
from core.text.legible import legible
from core.text.talk import TextTalk
from knowledge.retrieval.tokens import snowball, tokens
from tests.core.talk import MONDAY_NOON, engine

LONGEST = 4_000
PROSE = (
    "Hello, we are a logistics company in Denver with about 400 people and our ops team moves"
    " orders from Snowflake to HubSpot by hand every night. I read that you can sync every hour."
    " What would that cost us, and how long does it take to set up? We decide in March. "
)
ROOTS = ("normal", "central", "visual", "standard", "optim", "custom", "integr", "connect")
ENDS = ("ization", "ations", "ings", "fulness", "ities", "ousness", "ional", "izers", "ely", "ed")
SLOWER = 10
"""Times the processor time of prose that is still no trap."""
REPEATED = (
    "sorry ", "sorry, ", "best regards ", "one two ", "1 ", "$1 ", "a ", "a\n", "A B ", "sr ",
    "sales ", "or ", "how much? ", "what about ", "jane at acme dot com ", "10k-20k ",
    "next monday at 3 pm or ", "can you do by a", "no,", "so,", "we have ", "a, ", "a@", "a@b.c ",
    "a.", "a-", "9.", "a", "1", "\n", " \n", " ", "\t", "-", "_", "\"", "<a>", "(",
)  # fmt: skip


@pytest.fixture(scope="module")
def prose_s() -> float:
    """Processor seconds that prose of the greatest length takes."""
    _took_s(PROSE)  # builds what is built on first use
    return _took_s(_filled(PROSE))


@pytest.fixture
def brisk() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize("words", REPEATED)
def test_words_said_again_and_again_are_read_as_fast_as_prose(words: str, prose_s: float):
    with _at_most(SLOWER * prose_s):
        _took_s(_filled(words))


def test_runs_without_a_word_are_cut_short_and_lines_stay_lines():
    assert legible("Name:  Ann\n\n\n- one\n- two") == "Name:  Ann\n\n\n- one\n- two"
    assert legible("one" + "-" * 90 + "two") == f"one{'-' * 39} two"
    assert legible("one" + "-\n" * 90 + "two").endswith("\ntwo")


def test_a_word_without_an_end_is_cut_short():
    address = "https://acme.com/" + "a" * 400
    assert legible(f"see {address}") == f"see {address}"
    assert legible("a" * 4_000 + " and b") == "a" * 600 + " and b"


def test_a_thousand_numbers_in_a_row_are_read():
    assert tokens("one two " * 500) == ["1", "2"] * 500


def _filled(words: str) -> str:
    return (words * (LONGEST // len(words) + 1))[:LONGEST]


def _took_s(text: str) -> float:
    talk = TextTalk(engine(), ConversationOpened("c1", "email", "inbound", None, None, MONDAY_NOON))
    said = talk.said(legible(text))
    began = time.process_time()
    engine().think(talk.state, said)
    return time.process_time() - began


@contextmanager
def _at_most(cpu_s: float) -> Iterator[None]:
    """Fails once the processor has worked so long: a trap may keep it for ever."""

    def fail(*_: object) -> None:
        pytest.fail(f"took more than {cpu_s:.2f} s of the processor")

    before = signal.signal(signal.SIGPROF, fail)
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


async def test_the_server_goes_on_while_a_long_turn_is_read():
    opened = ConversationOpened("c1", "email", "inbound", None, None, MONDAY_NOON)
    talk = TextTalk(engine(), opened)
    read: list[bool] = []
    turns = 0
    async with anyio.create_task_group() as tasks:

        async def say() -> None:
            await talk.says(_filled(PROSE))
            read.append(True)

        tasks.start_soon(say)
        while not read:
            turns += 1
            await anyio.sleep(0.001)
    assert turns > 5


def test_words_are_stemmed_in_several_threads_as_they_are_in_one(brisk: None):
    words = [f"{root}{end}" for root in ROOTS for end in ENDS] * 3
    alone = [snowball(word) for word in words]
    with ThreadPoolExecutor(4) as threads:
        assert all(list(threads.map(snowball, words)) == alone for _ in range(5))
