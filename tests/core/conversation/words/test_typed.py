"""Typed shorthand is read in full, and quoted as typed."""

import pytest

from core.conversation.words.typed import typed
from core.events import QuestionAnswered, SignalCaptured
from core.talk import UserSaid
from tests.core.talk import MONDAY_NOON, chat


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("do u have a free trial tho", "do you have a free trial though"),
        ("does this work w bigquery n hubspot", "does this work with bigquery and hubspot"),
        ("hw much, 12 seats 4 yrs?", "how much, 12 seats 4 years?"),
        ("900/mo every 5 min", "900 a month every 5 minutes"),
        ("r u free weds b4 3?", "are you free wednesday before 3?"),
        ("can i talk 2 someone 2moro", "can i talk to someone tomorrow"),
        ("we need 2 seats and 2 users", "we need 2 seats and 2 users"),
        ("k thx bye", "okay thanks bye"),
        ("\U0001f44d", "yes "),
        ("\U0001f525\U0001f525", "okay"),
        ("see https://tideline.example/pricing.", "see your page."),
        # pronouns without apostrophe, shorthand in capitals, arrows
        ("Ill think about it", "i'll think about it"),
        ("ok ill ask my boss", "ok i'll ask my boss"),
        ("my boss is ill today, he fell ill again", None),
        ("id like a demo", "i'd like a demo"),
        ("we match on an id like that", None),
        ("Thx, EOY", "thanks, end of the year"),
        ("snowflake->hubspot", "snowflake to hubspot"),
        ("can i talk w a person", "can i talk with a person"),
        ("the letters k w a", None),
        # letters among letters, figures, addresses and names stay
        ("we have an a p i n s s o", "we have an a p i n s s o"),
        ("20 k rows, R&D, U.S., n@acme.com, n.r@acme.com", None),
        ("im@acme.com w-2 k8s min 3", None),
    ],
)
def test_short_forms_are_read_in_full(short, full):
    assert typed(UserSaid(1, short, 0, 9, MONDAY_NOON), "chat").said.text == (full or short)


def test_what_is_spoken_stays():
    said = UserSaid(1, "my address is n at acme dot com", 0, 9, MONDAY_NOON)
    assert typed(said, "voice").said is said


async def test_a_signal_quotes_what_was_typed():
    talk = chat()
    await talk.says("hey \U0001f44b we're abt 40 ppl in ohio")
    told = {f.criterion: (f.value, f.quote) for f in talk.facts if isinstance(f, SignalCaptured)}
    assert told["employees"] == ("40", "40 ppl") and told["location"][1] == "ohio"


async def test_a_goodbye_is_no_figure():
    talk = chat()
    await talk.says("k thx bye")
    assert not talk.known("employees") and talk.state.ending.closing


@pytest.mark.parametrize(
    "further", ["and webhooks", "webhooks?", "whats ur soc2 status, do u do sso"]
)
async def test_a_few_words_go_on_asking(further):
    talk = chat()
    await talk.says("do u have an api")
    before = len([f for f in talk.facts if isinstance(f, QuestionAnswered)])
    await talk.says(further)
    assert len([f for f in talk.facts if isinstance(f, QuestionAnswered)]) == before + 1
