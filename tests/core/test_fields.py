"""What a person may enter for each field known of a buyer."""

import pytest

from core.fields import CannotRead, Fields, Given
from tests.core.talk import sample

FIELDS = Fields(sample().company)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("employees", " 1,200 ", "1200"), ("employees", "200-300", "200-300"),
        ("employees", "200 to 300", "200-300"), ("employees", "500+", "500+"),
        ("employees", "< 50", "<50"), ("employees", "2k", "2000"),
        ("email", "Jane@Acme.com", "jane@acme.com"), ("phone", "415 555 2671", "+14155552671"),
        ("phone", "+1 415 555 2671", "+14155552671"), ("phone", "+49 30 901820", "+4930901820"),
        ("name", "  Jane   Doe ", "Jane Doe"), ("company", "Acme & Söhne", "Acme & Söhne"),
        ("location", "us-ca", "California"), ("location", "Nowhere Falls", "Nowhere Falls"),
        ("customer", "No", "no"), ("tech_stack", "snowflake", "Snowflake"),
        ("role", "Head of cats", "Head of cats"), ("employees", "200\u200b", "200"),
        ("phone", "\u202a+1 415 555 2671\u202c", "+14155552671"), ("name", "\u202eJane", "Jane"),
    ],
)  # fmt: skip
def test_values_come_out_as_signals_have_them(name: str, text: str, value: str):
    assert FIELDS.read(name, text) == Given(value, value == "no")


@pytest.mark.parametrize(
    ("name", "text", "remedy"),
    [
        ("employees", "a few", "Write 200"), ("employees", "300-200", "Write 200"),
        ("employees", "1-2-3", "Write 200"), ("employees", "<5+", "Write 200"),
        ("employees", "9" * 190, "Write 200"), ("employees", "9" * 14 + "k", "Write 200"),
        ("email", "jane@", "jane@acme.com"), ("phone", "5", "with its country"),
        ("name", " ", "not said"), ("name", "x" * 201, "200 letters"),
        ("segment", "x", "nothing that can be given"), ("customer", "maybe", "one of Yes, No"),
        ("disqualifier", "x", "is one of"),
    ],
)  # fmt: skip
def test_what_can_be_no_value_says_what_can(name: str, text: str, remedy: str):
    with pytest.raises(CannotRead, match=remedy):
        FIELDS.read(name, text)


def test_of_choices_and_free_words_a_no_is_known_and_of_nothing_else():
    assert FIELDS.read("tech_stack", "snowflake", True) == Given("Snowflake", negative=True)
    assert FIELDS.read("customer", "no", True) == Given("no", negative=True)
    for name, text in (("customer", "yes"), ("employees", "20"), ("name", "Jane")):
        with pytest.raises(CannotRead, match="give what it is"):
            FIELDS.read(name, text, True)


def test_dates_choices_and_disqualifiers_are_those_of_the_company():
    company = sample().company
    dated = next(f for f in FIELDS.every() if f.kind == "date")
    assert FIELDS.read(dated.name, "2027-03-31").value == "2027-03-31"
    with pytest.raises(CannotRead, match="2027-03-31"):
        FIELDS.read(dated.name, "in spring")
    out = company.disqualifiers[0]
    assert FIELDS.read("disqualifier", out.label) == Given(out.id, negative=True)
    names = [f.name for f in FIELDS.every()]
    assert names[:4] == ["name", "company", "phone", "email"] and len(names) == len(set(names))
