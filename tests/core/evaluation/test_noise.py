"""Misheard words sound alike, are about as many as requested, and are the same each time."""

from core.evaluation.noise import Noise, as_spoken, sound

TEXT = (
    "We have about two hundred people and we would like to sync from Snowflake to Salesforce. " * 20
)


def test_words_are_written_as_a_recogniser_writes_them():
    assert as_spoken("Hi, we're on S3 - 1,200 people! tom@acme.org") == (
        "hi we're on s3 1 200 people tom@acme.org"
    )


def test_about_the_asked_share_goes_wrong():
    heard = Noise(0.1, 1, [TEXT]).misheard(TEXT, "a", 1).split()
    words = as_spoken(TEXT).split()
    kept = sum(w in words for w in heard)
    assert 0.9 <= kept / len(words) < 1.0 and heard != words


def test_the_same_seed_gives_the_same_errors_and_another_gives_others():
    first = Noise(0.3, 1, [TEXT]).misheard(TEXT, "a", 1)
    assert first == Noise(0.3, 1, [TEXT]).misheard(TEXT, "a", 1)
    assert first != Noise(0.3, 2, [TEXT]).misheard(TEXT, "a", 1)


def test_no_noise_changes_nothing_and_full_noise_leaves_words():
    assert Noise(0.0, 1, [TEXT]).misheard("one two", "a", 1) == "one two"
    assert Noise(1.0, 1, [TEXT]).misheard("the", "a", 1)


def test_words_that_sound_alike_share_a_key():
    assert sound("write") == sound("ride") and sound("phone") == sound("fun")
    assert sound("sales") != sound("price")
