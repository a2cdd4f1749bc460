"""Who is speaking, and what they say about themselves in passing, in many wordings."""

import pytest

from core.commands import AskProduct, CorrectSignal, ProvideContact, ProvideSignal
from core.conversation.parts import Signals
from core.conversation.state import replace
from core.events import SignalCaptured
from core.talk import UserSaid
from tests.core.conversation.meanings import MONDAY_NOON, OPENED, SAMPLE, reader
from tests.core.conversation.meanings import in_a_call as read
from tests.core.states import under_way


def told(text: str, name: str, expecting: str | None = None) -> list[str]:
    """What was noted under a name: a criterion or a contact field."""
    return [
        c.value
        for c in read(text, expecting)
        if (isinstance(c, ProvideContact) and c.field == name)
        or (isinstance(c, ProvideSignal | CorrectSignal) and c.criterion == name)
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dana from Acme", "Dana"),
        ("hi dana from acme here", "Dana"),
        ("Priya with Contoso", "Priya"),
        ("Good afternoon, Philip Ames, I'm controller at a hotel.", "Philip Ames"),
        ("Jess Albright, VP of marketing at a clothing brand", "Jess Albright"),
        ("Hi, Olu Adeyemi, head of data at a logistics firm.", "Olu Adeyemi"),
        ("Hi, I am Camila, I call from São Paulo.", "Camila"),
        ("I'm Priya.", "Priya"),
        ("Hello. This is Mr. Han, data platform lead of a bank.", "Han"),
        ("Good day, here is speaking Matthias Krüger from Hamburg.", "Matthias Krüger"),
        ("My name is Dr. Susan Okoro and I run a clinic", "Susan Okoro"),
        ("It's Marcus Bell, Peachtree Labs", "Marcus Bell"),
        ("Thanks,\nDana Reyes\nVP of data, Acme", "Dana Reyes"),
    ],
)
def test_people_introduce_themselves_with_no_words_but_their_name(text: str, name: str):
    assert told(text, "name") == [name]


@pytest.mark.parametrize(
    "text",
    [
        "I'm Canadian, by the way.", "I'm Salesforce admin here.", "Bear with me a moment",
        "Trouble with Okta logins", "Snowflake from Azure, does that work?", "Retail from Berlin",
        "Sales from Boston here", "Greetings from sunny Spain", "I'm Head of Growth at Acme",
        "Good morning, New York, about forty people.", "I'm Vendor Risk at a bank",
        "Hi Marina, I'm calling about pricing", "I'm controller at a hotel",
        "hello invoice from last month",
    ],
)  # fmt: skip
def test_what_is_no_person_is_no_name(text: str):
    assert told(text, "name") == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("camila at fluxocerto dot example.", "camila@fluxocerto.example"),
        ("jo dot smith at big river dot ventures", "jo.smith@bigriver.ventures"),
        ("it's han at hanbit dot co dot kr", "han@hanbit.co.kr"),
    ],
)
def test_an_address_may_end_in_anything(text: str, address: str):
    assert told(text, "email", "email") == [address]


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("Gaming studio, Seattle, about three hundred fifty. BigQuery.", "employees", ["350"]),
        ("Gaming studio, Seattle, about three hundred fifty.", "location", ["Seattle"]),
        ("ten rows, five columns, about 900, nothing big", "employees", []),
        ("I've been burned by three of you people this year.", "employees", []),
        ("We used to be four hundred, we're two fifty now.", "employees", ["250"]),
        ("We're eight hundred, no, sorry, eighteen hundred was before the split, so eight hundred"
         " now.", "employees", ["800"]),
        ("My wife runs a tutoring company in Omaha, twenty-two staff.", "employees", ["22"]),
        ("My friend runs a bakery with forty people.", "employees", []),
        ("My wife runs a tutoring company in Omaha.", "industry", ["education"]),
        ("I'm controller at a maker of kitchen hoods", "industry", ["manufacturing"]),
        ("I've got a candle company, we sell online mostly.", "industry", ["e-commerce"]),
        ("Procurement, twelve-thousand-seat retailer, Minneapolis.", "industry", ["retail"]),
        ("So we're shopping around.", "industry", []),
        ("Hi, Olu Adeyemi, head of data at a logistics firm.", "role", ["head of data"]),
        ("I'd want it by summer I guess. Come June.", "timeline", ["2027-06-30"]),
        ("We need it before spring, March fifteenth at the latest.", "timeline", ["2027-03-15"]),
        ("We'd start right after New Year's.", "timeline", ["2027-01-14"]),
        ("It breaks on a Saturday and nobody notices.", "timeline", []),
    ],
)  # fmt: skip
def test_what_a_company_is_told_in_passing(text: str, name: str, values: list[str]):
    assert told(text, name) == values


def test_a_figure_of_people_is_no_phone_number():
    assert told("We're a media company, fifteen hundred employees.", "employees", "phone") == [
        "1500"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "They want what subscribers watch to reach the marketing tools by August.",
        "I'm the one who does the computers.",
    ],
)
def test_what_only_goes_on_about_something_asks_nothing(text: str):
    assert not any(isinstance(c, AskProduct) for c in read(text))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("She's asking whether streaming works off Redshift.",
         "She's asking whether streaming works off Redshift"),
        ("Per seat or what?", "Per seat or what"),
        ("Automatic offboarding when somebody leaves us?",
         "Automatic offboarding when somebody leaves us"),
        ("Convince me you're not sitting on a copy of my customers.",
         "Convince me you're not sitting on a copy of my customers"),
    ],
)  # fmt: skip
def test_a_question_may_be_put_otherwise(text: str, asked: str):
    assert [c.question for c in read(text) if isinstance(c, AskProduct)] == [asked]


@pytest.mark.parametrize(
    ("text", "name", "company"),
    [
        ("hello Walt Jessup I'm with a credit union in Billings", ["Walt Jessup"], []),
        ("I am Ximena Robles I am calling from Guadalajara", ["Ximena Robles"], []),
        ("this is Trish Olmstead Cascade Outfitters I've five minutes",
         ["Trish Olmstead"], ["Cascade Outfitters"]),
        ("I'm Jane Doe Acme Health I have a question", ["Jane Doe"], ["Acme Health"]),
        ("hiya Siobhan here from a consultancy in Cork", ["Siobhan"], []),
        ("g'day Brett Kowalski here we run trucks", ["Brett Kowalski"], []),
        ("hi this is Theo with Cascade Outfitters up in Seattle", ["Theo"], ["Cascade Outfitters"]),
        ("it's Gerald Finch she told me to ring her", ["Gerald Finch"], []),
        ("i'm fred from acme", ["Fred"], ["Acme"]),
        ("it's dana over at globex", ["Dana"], ["Globex"]),
        ("this is Mary Anne Smith from Acme", ["Mary Anne Smith"], ["Acme"]),
    ],
)  # fmt: skip
def test_who_calls_and_for_whom_is_heard_without_stops(text: str, name: list, company: list):
    assert [n.title() for n in told(text, "name")] == name
    assert [n.title() for n in told(text, "company")] == company


@pytest.mark.parametrize(
    "text",
    [
        "would I get another week, I'm slow with these things",
        "I'm hopeless with these things",
        "I'm stuck with Okta logins",
        "I'm worried from what I read",
        "i'm rusty at this",
        "i'm busy with the migration",
        "I'm quick at learning",
        "I'm blind from one eye",
        "I'm VP Sales Data Platform I have a question",
    ],
)
def test_what_somebody_is_like_is_neither_name_nor_company(text: str):
    assert told(text, "name") == told(text, "company") == []


@pytest.mark.parametrize(
    "text",
    [
        "our own database is Postgres fifteen over at Amazon",
        "we run Snowflake over at Google these days",
        "it's Redshift here at Amazon",
    ],
)
def test_where_a_tool_runs_is_no_employer(text: str):
    assert told(text, "company") == []


def named(text: str) -> list[str]:
    """The name after a turn of somebody we know as Philippa Dunne."""
    known = SignalCaptured("s1", "name", "Philippa Dunne", "positive", "stated", 0.9, "", 1, 0, 0)
    state = replace(under_way(OPENED, "hello"), signals=Signals((known,)))
    commands = reader(SAMPLE).read(UserSaid(2, text, 1000, 4000, MONDAY_NOON), state)
    return [c.value for c in commands if isinstance(c, ProvideContact) and c.field == "name"]


@pytest.mark.parametrize("text", ["I'm Canadian, so", "it's Klaviyo, and", "I'm Tired, honestly."])
def test_a_known_name_is_not_replaced_in_passing(text: str):
    assert named(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "no, it's Dana Reyes",
        "this is Dana Reyes",
        "my name is Dana Reyes",
        "I'm Dana Reyes from Acme",
    ],
)
def test_a_known_name_is_replaced_where_another_is_told(text: str):
    assert named(text) == ["Dana Reyes"]


@pytest.mark.parametrize(
    "text",
    [
        "do the blokes who run it get a police check",
        "can the people who manage data see our rows",
        "the guy who runs IT is on holiday",
        "those who look after data said no",
    ],
)
def test_who_runs_something_over_there_is_not_the_caller(text: str):
    assert told(text, "role") == []


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("I'm the one who runs IT here", "head of IT"),
        ("this is mark who runs data at acme", "head of data"),
        ("hi I'm jo who looks after marketing", "head of marketing"),
        ("it's me who manages marketing", "head of marketing"),
    ],
)
def test_who_says_that_they_run_something_does(text: str, role: str):
    assert told(text, "role") == [role]
