"""The verbaliser: text written for the eye is said as a person would say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_agent.speech.verbalise.verbaliser import spoken

FOUR_ONE_FIVE = "four one five, five five five, two six seven one"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("+1 415 555 2671", f"plus one, {FOUR_ONE_FIVE}"),
        ("+14155552671", f"plus one, {FOUR_ONE_FIVE}"),
        ("(415) 555-2671", FOUR_ONE_FIVE),
        ("415-555-2671.", FOUR_ONE_FIVE + "."),
        ("415.555.2671, ext. 42", FOUR_ONE_FIVE + ", extension four two"),
        ("1-800-555-0199", "one, eight hundred, five five five, zero one nine nine"),
        ("555-0142", "five five five, zero one four two"),
        (
            "+442079460958",
            "plus four four, two zero, seven nine four six, zero nine five eight",
        ),
    ],
)
def test_phone_numbers_are_said_in_groups(written, said):
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("jane.doe@acme.com", "jane dot doe at acme dot com"),
        ("jane.doe@acme.com.", "jane dot doe at acme dot com."),
        ("jdoe42@mail.tideline.io", "J-D-O-E forty-two at mail dot tideline dot I-O"),
        (
            "sales_team+eu@x-ray.co.uk",
            "sales underscore team plus E-U at X dash ray dot co dot U-K",
        ),
        ("https://www.acme.com/pricing?x=1", "acme dot com slash pricing"),
        ("See docs.acme.io/api.", "See docs dot acme dot I-O slash api."),
        ("www.acme.com", "acme dot com"),
    ],
)
def test_addresses_are_said_by_their_marks_and_spelled_where_no_word(written, said):
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$1,250.50/mo", "one thousand two hundred fifty dollars and fifty cents per month"),
        ("$390 a month.", "three hundred ninety dollars a month."),
        ("$5/user", "five dollars per user"),
        ("$0.99", "ninety-nine cents"),
        ("$1", "one dollar"),
        ("$2.01", "two dollars and one cent"),
        ("$0.0025", "zero point zero zero two five dollars"),
        ("£1.50", "one pound and fifty pence"),
        ("€20", "twenty euros"),
        ("$1.5M", "one point five million dollars"),
        ("$10-20", "ten to twenty dollars"),
        ("$10–$20k/year", "ten to twenty thousand dollars per year"),
        ("500 USD", "five hundred U-S dollars"),
        ("99.9%", "ninety-nine point nine percent"),
        ("10-20%", "ten to twenty percent"),
    ],
)
def test_prices_and_percentages(written, said):
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-04-03", "April third, twenty twenty-six"),
        ("4/3/2026", "April third, twenty twenty-six"),
        ("Apr. 3rd", "April third"),
        ("April 3, 2026", "April third, twenty twenty-six"),
        ("3 April", "April third"),
        ("April 3-5", "April third to fifth"),
        ("March 2027", "March twenty twenty-seven"),
        ("Mon, May 4", "Monday, May fourth"),
        ("9:30 a.m. ET", "nine thirty A-M Eastern"),
        ("9:05 pm", "nine oh five P-M"),
        ("14:05 UTC", "two oh five P-M U-T-C"),
        ("9am PST", "nine A-M Pacific Standard Time"),
        ("9-11:30 a.m.", "nine to eleven thirty A-M."),
        ("9 a.m.–5 p.m. ET", "nine A-M to five P-M Eastern"),
        ("10:00", "ten o'clock"),
        ("since 2019", "since twenty nineteen"),
        ("in 2007", "in two thousand seven"),
    ],
)
def test_dates_and_times(written, said):
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "1st, 2nd, 3rd, 12th, 20th, 21st",
            "first, second, third, twelfth, twentieth, twenty-first",
        ),
        ("10-20 users", "ten to twenty users"),
        ("15GB", "fifteen gigabytes"),
        ("200 ms", "two hundred milliseconds"),
        ("1 GB", "one gigabyte"),
        ("16 kHz", "sixteen kilohertz"),
        ("a 15-minute call", "a fifteen-minute call"),
        ("v2.1", "version two point one"),
        ("TLS 1.3", "T-L-S one point three"),
        ("1.2.3", "one point two point three"),
        ("10k rows", "ten thousand rows"),
        ("5x", "five times"),
        ("1,000,000+ rows", "one million plus rows"),
        ("1/2", "one half"),
        ("4/5", "four out of five"),
        ("24/7", "twenty-four seven"),
        ("100 rows/day", "one hundred rows per day"),
        ("#1", "number one"),
        ("No. 5", "number five"),
        ("~15 minutes", "about fifteen minutes"),
        ("-5", "minus five"),
        ("Order 12345678", "Order one two three four five six seven eight"),
        ("007", "zero zero seven"),
    ],
)
def test_numbers_units_and_ranges(written, said):
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("SSO and APIs", "S-S-O and A-P-I's"),
        ("SOC 2 Type II", "sock two Type two"),
        ("are you soc 2, with AES-256", "are you sock two, with A-E-S two fifty-six"),
        ("HIPAA", "hippa"),
        ("GDPR-ready", "G-D-P-R-ready"),
        ("ISO 27001", "I-S-O twenty-seven thousand one"),
        ("OAuth2", "oh-auth two"),
        ("CI/CD", "C-I C-D"),
        ("B2B SaaS", "B two B sass"),
        ("PLEASE STOP", "please stop"),
        ("BigQuery and HubSpot", "Big Query and Hub Spot"),
        ("MySQL, McDonald", "my sequel, McDonald"),
        ("Dr. J. R. Smith", "Doctor J R Smith"),
        ("Acme Inc. vs. AT&T", "Acme Incorporated versus A-T and T"),
        ("e.g. this, etc.", "for example this, et cetera."),
        ("sales/marketing and/or ops", "sales or marketing and or ops"),
        ("**Bold** `code` sales_team 🙂", "Bold code sales_team"),
        ("It’s “fine”…", 'It\'s "fine"…'),
    ],
)
def test_acronyms_names_and_signs(written, said):
    assert spoken(written) == said


@given(st.lists(st.sampled_from("we help teams it's fine, yes. don't Jane really? a I".split())))
def test_plain_words_pass_unchanged(words):
    assert spoken(" ".join(words)) == " ".join(words)


@given(st.text(max_size=200))
def test_any_text_is_taken_and_nothing_private_comes_out(text):
    said = spoken(text)
    assert not any("\U000f0000" <= character for character in said)
    assert said == " ".join(said.split())


@given(st.text(alphabet="0123456789,.-$€%/:+ kmMGB", max_size=40))
def test_no_digit_is_left_to_the_engine(text):
    assert not any(character in "0123456789" for character in spoken(text))


def test_other_languages_are_only_cleaned():
    assert spoken("Das kostet **20 €** 🙂", language="de") == "Das kostet 20 €"
