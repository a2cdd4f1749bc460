"""Names are pronounced as the company folder says, by voices that accept phonemes."""

import numpy as np
import pytest

from tests.fakes.tiny_voice import make_tiny_voice
from voice_agent.speech.ports import Synthesizer, voiced
from voice_agent.speech.pronunciations import Pronunciations
from voice_agent.speech.tts_espeak import EspeakSynthesizer
from voice_agent.speech.tts_piper import PiperSynthesizer

OWN = {
    "Postgres": "P OW1 S T G R EH2 S",
    "Xero": "Z IH1 R OW0",
    "Xero Plus": "Z IH1 R OW0 P L AH1 S",
    "Duc": "D UH1 K",
    "Marketo": "M AA R K EH T OW",
}


@pytest.mark.parametrize(("said", "put"), [
    ("We read Postgres.", "We read [[p'oUstgr,Es]]."),
    ("postgres and XERO", "[[p'oUstgr,Es]] and [[z'IroU]]"),
    ("Xero Plus, not Xero", "[[z'IroUpl'Vs]], not [[z'IroU]]"),
    ("Postgres's, Xero's and Duc's", "[[p'oUstgr,EsIz]], [[z'IroUz]] and [[d'Uks]]"),
    ("PostgreSQL, Ducati, Xerox", "PostgreSQL, Ducati, Xerox"),
    ("Marketo", "Marketo"),
    ("[[not sounds]]", "  not sounds  "),
])  # fmt: skip
def test_a_name_is_put_as_it_sounds_where_its_stress_is_told(said: str, put: str):
    assert Pronunciations(OWN, "espeak").put(said) == put


def test_weak_vowels_are_weak_and_piper_is_given_the_ipa():
    own = {"Tableau Prep": "T AE0 B L OW1 P R EH2 P", "Asana": "AH0 S AA1 N AH0"}
    names = Pronunciations(own, "ipa")
    assert names.put("Asana") == "[[əsˈɑːnə]]"
    assert names.put("tableau prep") == "[[tæblˈoʊpɹˌɛp]]"


def test_nothing_told_changes_nothing():
    assert Pronunciations({}, "espeak").put("We read Postgres.") == "We read Postgres."


async def samples(voice: Synthesizer, text: str) -> int:
    await voice.load()
    pcm = np.concatenate(await voiced(voice, text))
    await voice.aclose()
    return len(pcm)


@pytest.mark.engine
async def test_espeak_says_the_sounds_and_not_the_brackets():
    own = {"Kazoo": "K AH0 Z UW1"}
    told = await samples(EspeakSynthesizer(own=own), "Kazoo")
    plain = await samples(EspeakSynthesizer(), "Kazoo")
    long = await samples(EspeakSynthesizer(own={"Kazoo": "K AH0 Z UW1 K AH0 Z UW1"}), "Kazoo")
    assert abs(told - plain) < 0.2 * plain, "the same sounds take about the same time"
    assert long > 1.4 * told


@pytest.mark.engine
async def test_piper_says_the_sounds_and_not_the_brackets(tmp_path):
    path = make_tiny_voice(tmp_path)
    short = await samples(PiperSynthesizer(path, own={"Kazoo": "K AH0 Z UW1"}), "Kazoo")
    long = await samples(PiperSynthesizer(path, own={"Kazoo": "K AH0 Z UW1 " * 4}), "Kazoo")
    assert long > 2 * short
