"""Cards are found however they are given; phone numbers and order ids are left alone."""

import random
import re
from pathlib import Path

import pytest

from core.privacy.cards import CARD, DETAIL, find, is_card, luhn, redacted
from core.privacy.digits import runs

VISA, MASTER, AMEX = "4111111111111111", "5555555555554444", "378282246310005"
TEST_CARDS = (
    VISA, "4012888888881881", MASTER, "5105105105105100", "2223003122003222", AMEX,
    "371449635398431", "6011111111111117", "6011000990139424", "30569309025904", "38520000023237",
    "3530111333300000", "3566002020360505", "6200000000000005",
)  # fmt: skip
WORDS = dict(
    zip("0123456789", "zero one two three four five six seven eight nine".split(), strict=True)
)


def spoken(digits: str) -> str:
    return " ".join(WORDS[d] for d in digits)


def grouped(digits: str, by: str, size: int = 4) -> str:
    return by.join(digits[n : n + size] for n in range(0, len(digits), size))


@pytest.mark.parametrize("card", TEST_CARDS)
def test_every_brand_is_found_typed_grouped_and_spoken(card: str) -> None:
    assert is_card(card)
    for given in (card, grouped(card, " "), grouped(card, "-"), grouped(card, " - "),
                  grouped(card, ". "), grouped(card, ", "), spoken(card)):  # fmt: skip
        kept = redacted(f"it is {given} thanks")
        assert kept == f"it is {CARD} thanks", given


@pytest.mark.parametrize(
    "said",
    [
        "four one one one uh one one one one um one one one one and one one one one",
        "four triple one double one double one double one double one quadruple one",
        "forty one eleven eleven eleven eleven eleven eleven eleven",
        "four one one one dash one one one one dash one one one one dash one one one one",
        "Four, one, one, one. One one one one. One one one one. One one one one.",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "41 11 11 11 11 11 11 11",
        "4111 eleven eleven 1111 one one one one",
        "number 4111\u20131111\u20131111\u20131111",
        "4111 1111 11\n11 1111",
    ],
)  # fmt: skip
def test_a_card_is_found_as_people_dictate_it(said: str) -> None:
    kept = redacted(said)
    assert CARD in kept and not runs(kept), kept


def test_words_a_recogniser_writes_for_digits_count_inside_a_number() -> None:
    assert redacted("for one one one one one one one won one one one one one one one") != ""
    assert CARD in redacted("four one one one one one one one won one one one one one one one")
    assert CARD in redacted("four oh one too eight ate eight eight eight eight eight eight one "
                            "ate eight one")  # fmt: skip
    assert redacted("for two weeks") == "for two weeks"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"{VISA} 123", f"{CARD} {DETAIL}"),
        (f"{VISA}, exp 04/27, cvv 123", f"{CARD}, exp {DETAIL}, cvv {DETAIL}"),
        (f"{VISA} expires oh four twenty seven", f"{CARD} expires {DETAIL}"),
        (f"card {AMEX} and the security code is one two three four",
         f"card {CARD} and the security code is {DETAIL}"),
        (f"exp 04/27 card {VISA}", f"exp {DETAIL} card {CARD}"),
        (f"{VISA} april twenty seven", f"{CARD} april {DETAIL}"),
        ("the cvv is 987", f"the cvv is {DETAIL}"),
        ("my cvc, it's nine eight seven", f"my cvc, it's {DETAIL}"),
        (f"my card is {VISA} and then 123", f"my card is {CARD} and then {DETAIL}"),
        (f"my card is {VISA} and we have about 200 people", f"my card is {CARD} and we have about "
         "200 people"),
    ],
)  # fmt: skip
def test_code_and_date_go_with_their_card(said: str, kept: str) -> None:
    assert redacted(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "my credit card number is four one one one one one one one",
        "it's a visa, 4111 1111 1111 1112",
        "my card is 4111 1111 1111 111",
        "the card number: four one one one five one one one one one one one one one one one",
    ],
)
def test_where_a_card_is_named_a_misheard_or_unfinished_number_counts(said: str) -> None:
    assert CARD in redacted(said) and not runs(redacted(said))


@pytest.mark.parametrize(
    "said",
    [
        "my number is 415 555 2671", "+44 20 7946 0958", "call +49 30 901820 or +4915112345678",
        "two one two five five five oh one four two", "415 555 2671 or 212 555 0142",
        "four one five five five five two six seven one and two one two five five five oh one two two",  # noqa: E501
        "order 4111111111111112", "invoice 4111 1111 1111 1112 from may",
        "we paid order 1234567890123456 by card",
        "ORD4111111111111111", "token 4111111111111111abcdef", "id_4111111111111111",
        "we have 200 people and 40 engineers", "growth is $1,200 a month", "3.141592653589793",
        "between two hundred and three hundred million rows a month",
        "it's 2026-11-25 22:10:46", "10.0.0.1 and 192.168.111.111", "one two three four five six",
        "I'd like two of those for one to three weeks", "the tenth at four thirty, or two fifteen",
        "1234 5678 9012 3456 7890 1234 5678", "discover what four one one means",
        "expires in march 27", "the code is 123",
    ],
)  # fmt: skip
def test_what_is_no_card_is_let_alone(said: str) -> None:
    assert redacted(said) == said


def test_order_ids_that_fail_the_check_digit_stay() -> None:
    dice = random.Random(7)
    ids = ["".join(dice.choices("0123456789", k=16)) for _ in range(3000)]
    wrong = [one for one in ids if not luhn(one)]
    assert len(wrong) > 2500
    assert not [one for one in wrong if find(f"our order {one}") or find(f"it is {one}")]


def test_of_ten_thousand_telephone_numbers_none_is_taken_for_a_card() -> None:
    dice = random.Random(11)
    taken = []
    for _ in range(10_000):
        style = dice.randrange(5)
        if style == 0:
            said = "".join(dice.choices("0123456789", k=10))
        elif style == 1:
            said = f"{dice.randint(200, 999)}-{dice.randint(200, 999)}-{dice.randint(0, 9999):04}"
        elif style == 2:
            said = f"+{dice.randint(1, 99)} {''.join(dice.choices('0123456789', k=10))}"
        elif style == 3:
            said = f"00{dice.choice((44, 49, 33, 34, 36, 39, 353, 358, 380))} " + "".join(
                dice.choices("0123456789", k=dice.randint(8, 10))
            )
        else:
            said = spoken("".join(dice.choices("0123456789", k=dice.randint(7, 12))))
        if find(f"you can reach me on {said}"):
            taken.append(said)
    assert taken == []


def test_of_two_thousand_pairs_of_american_numbers_hardly_any_is_taken_for_a_card() -> None:
    dice = random.Random(13)

    def number() -> str:
        area = dice.choice((212, 415, 512, 646, 303))
        return f"{area}{dice.randint(200, 999)}{dice.randint(0, 9999):04}"

    pairs = [f"{number()} or {number()}" for _ in range(1000)]
    pairs += [f"{spoken(number())} and {spoken(number())}" for _ in range(1000)]
    assert len([said for said in pairs if find(said)]) <= 2


def test_no_number_the_sample_company_and_its_callers_give_is_a_card() -> None:
    root = Path(__file__).parents[3]
    texts = [p.read_text() for p in (root / "knowledge/company").rglob("*") if p.is_file()]
    texts += [p.read_text() for p in (root / "audio_fixtures").rglob("*.json")]
    said = [
        line for text in texts for line in text.splitlines() if re.search(r"\d|five|nine", line)
    ]
    assert len(said) > 100
    assert [line for line in said if find(line)] == []


def test_a_long_text_of_digits_takes_no_long_time() -> None:
    find("1 " * 20_000)
    find("one " * 5_000)
    find("4111 1111 1111 111 " * 500)


@pytest.mark.parametrize(
    "heard",
    [
        f"{'five ' * 13}four four four and thanks",
        f"it's studies in freight {spoken('539148834346467')}",
        "4539 1488 0343 6466",
    ],
)
def test_a_misheard_card_counts_where_it_was_spoken_and_not_where_it_was_typed(heard: str) -> None:
    hidden = find(heard, spoken=True)
    assert [h.mark for h in hidden][:1] == [CARD] and not runs(redacted(heard, hidden))
    assert redacted(heard) == heard


@pytest.mark.parametrize(
    "heard",
    [
        "four one five five five four one five five five five two six seven one",
        "our order is four one one one one one one one one one one one one one one two",
        "zero one one four four two zero seven nine four six zero nine five eight",
        "one two three four five six seven eight nine one two three four five six",
        "you can reach me on four one five five five five two six seven one",
    ],
)
def test_what_else_is_dictated_stays(heard: str) -> None:
    assert find(heard, spoken=True) == ()


def test_of_five_thousand_dictated_telephone_numbers_none_is_taken_for_a_card() -> None:
    dice = random.Random(17)
    for _ in range(5000):
        number = "".join(dice.choices("0123456789", k=dice.randint(7, 13)))
        assert find(f"my number is {spoken(number)}", spoken=True) == ()
