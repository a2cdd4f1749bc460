"""The words numbers are said in, with their values.

Two readers use them, because they answer different questions. `knowledge.retrieval.tokens` turns
numbers into digits, so that "five hundred rows" finds "500 rows"; core's `words.numbers` finds the
quantities a buyer states: where each stands, its bounds, and how sure they are.
"""


def _counted(first: int, words: str) -> dict[str, int]:
    return {word: n for n, word in enumerate(words.split(), first)}


UNITS = _counted(0, "zero one two three four five six seven eight nine")
TEENS = _counted(
    10, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
NUMBERS = UNITS | TEENS | TENS
LARGE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
