"""How words are pronounced: by the company, the dictionary, their parts, and rules at last."""

import pytest

from voice_agent.speech.sphinx.pronounce import Pronouncer, by_rule, read_dictionary

KNOWN = {
    "high": ("HH AY",),
    "touch": ("T AH CH",),
    "data": ("D EY T AH", "D AE T AH"),
    "sync": ("S IH NG K",),
}


@pytest.fixture
def pronouncer() -> Pronouncer:
    return Pronouncer(KNOWN, {"Zapier": "Z EY P IY ER"})


def test_the_company_folder_has_the_last_word(pronouncer: Pronouncer):
    assert pronouncer.of("zapier") == ("Z EY P IY ER",)


def test_all_pronunciations_of_the_dictionary_are_kept(pronouncer: Pronouncer):
    assert pronouncer.of("data") == ("D EY T AH", "D AE T AH")


def test_a_name_of_two_known_words_sounds_like_both(pronouncer: Pronouncer):
    assert pronouncer.of("hightouch") == ("HH AY T AH CH",)


def test_a_known_word_with_an_ending_keeps_its_sound(pronouncer: Pronouncer):
    assert pronouncer.of("syncing") == ("S IH NG K IH NG",)


def test_an_abbreviation_is_spelled(pronouncer: Pronouncer):
    assert pronouncer.of("crm", spelled=True) == ("S IY AA R EH M",)


def test_an_abbreviation_people_pronounce_has_both_ways(pronouncer: Pronouncer):
    assert pronouncer.of("saml", spelled=True) == ("S AE M AH L", "EH S EY EH M EH L")


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("knell", "N EH L"),
        ("brake", "B R EY K"),
        ("photon", "F OW T AA N"),
        ("chip", "CH IH P"),
        ("nation", "N EY SH AH N"),
    ],
)
def test_unknown_words_follow_the_rules_of_spelling(word: str, phones: str):
    said = by_rule(word).split()
    differing = sum(a != b for a, b in zip(said, phones.split(), strict=False))
    assert differing + abs(len(said) - len(phones.split())) <= 2


@pytest.mark.parametrize("word", ["xqzt", "brrr", "o", "ee", "yyy", "1234", ""])
def test_every_word_sounds_like_something(word: str):
    assert by_rule(word)


def test_a_dictionary_file_gives_words_with_their_variants(tmp_path):
    path = tmp_path / "some.dict"
    path.write_text("route R UW T\nroute(2) R AW T\n")
    assert read_dictionary(path) == {"route": ("R UW T", "R AW T")}
