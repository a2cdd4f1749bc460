"""Payment cards dictated by phone and kept out of storage, through pocketsphinx.

Invented numbers with valid check digits, said digit by digit in their printed groups, with and
without a carrier sentence, in one turn. Voices and line as in `bench_wer`. Counts turns in which a
card was recognised as one, and those whose digits were all heard correctly.

Run: python -m tests.bench.bench_cards [--quick]
"""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from core.privacy.cards import luhn
from core.privacy.trail import Trail, read
from knowledge.load import load
from tests.bench import rig
from tests.bench.bench_wer import FRAME, VOICES, spoken
from voice_agent.audio.pcm import Pcm
from voice_agent.config import SAMPLE_COMPANY
from voice_agent.speech.sphinx import caller_language
from voice_agent.speech.sphinx.caller_language import phrases_of
from voice_agent.speech.sphinx.decoder import SphinxDecoder

DIGITS = "zero one two three four five six seven eight nine".split()
BRANDS = {"4": (4, 4, 4, 4), "53": (4, 4, 4, 4), "37": (4, 6, 5)}
"""First digits, and the groups in which the number is printed: Visa, Mastercard, American
Express."""
EACH = 4
"""Numbers per brand."""
SAID = ("my card number is {}", "{}")


def numbers() -> list[tuple[str, tuple[int, ...]]]:
    """The same cards in every run."""
    chance = random.Random(20)
    found = []
    for first, groups in BRANDS.items():
        for _ in range(EACH):
            length = sum(groups)
            body = first + "".join(chance.choice("0123456789") for _ in range(length - 1))
            found.append((_checked(body[: length - 1]), groups))
    return found


def _checked(body: str) -> str:
    """The number with its check digit (Luhn, ISO/IEC 7812-1)."""
    return next(body + digit for digit in "0123456789" if luhn(body + digit))


def dictated(number: str, groups: tuple[int, ...]) -> str:
    """The number as it is read out: a short pause after each group."""
    parts, at = [], 0
    for size in groups:
        parts.append(" ".join(DIGITS[int(d)] for d in number[at : at + size]))
        at += size
    return ", ".join(parts)


def heard(decoder: SphinxDecoder, pcm: Pcm) -> str:
    decoder.begin("")
    for at in range(0, len(pcm), FRAME):
        decoder.feed(pcm[at : at + FRAME])
    text = decoder.finish().text
    decoder.abandon()
    return text


def measured(options: argparse.Namespace) -> rig.Result:
    for tool in ("flite", "espeak-ng", "sox"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed")
    loaded = load(SAMPLE_COMPANY)
    cards = numbers()[::3] if options.quick else numbers()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        language = caller_language.prepare(
            loaded.company, phrases_of(loaded.articles), home, caller_language.wordings_of(loaded)
        )
        decoder = SphinxDecoder(language.hmm, language.lm, language.dictionary)
        tell, seen, n = {}, 0, 0
        for voice in VOICES:
            kept = exact = 0
            for number, groups in cards:
                digits = dictated(number, groups)
                for carrier in SAID:
                    text = heard(decoder, spoken(carrier.format(digits), voice, home))
                    kept += bool(read(Trail(), 1, text, spoken=True).hidden)
                    exact += text.endswith(digits.replace(",", ""))
            of = len(cards) * len(SAID)
            tell[voice] = {"kept_out": kept, "all_digits_right": exact, "of": of}
            rig.say(f"{voice}: {tell[voice]}")
            seen, n = seen + kept, n + of
    share = 100 * seen / n
    return rig.Result("cards kept out", share, None, n, "%", "100 %", seen == n, {"voices": tell})


def main() -> None:
    rig.run(measured, rig.arguments(__doc__))


if __name__ == "__main__":
    main()
