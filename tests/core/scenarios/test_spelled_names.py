"""Names spelled aloud, and callers whose name one of our people has, too."""

import pytest

from tests.core.talk import Talk

ASKED = "have someone call me"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("anna kowalski k o w a l s k i", "Anna Kowalski"),
        ("it's ana kowalsky k o w a l s k i", "Ana Kowalski"),
        ("dan, d a n, meyer, m e i e r", "Dan Meier"),
        ("it's Jon J-O-N, Smyth S-M-Y-T-H.", "Jon Smyth"),
        ("it's dana bell b e double l", "Dana Bell"),
        ("it's anna, last name k as in kilo o w a l s k i", "Anna Kowalski"),
        ("it's priya nair p r i y a n a i r", "Priya Nair"),
        ("k o w a l s k i", "Kowalski"),
    ],
)
async def test_a_name_that_is_asked_for_may_be_spelled(words, name):
    talk = Talk()
    await talk.says(ASKED)
    turn = await talk.says(words)
    assert talk.known("name") == [name], turn.text


async def test_a_name_and_a_company_are_spelled_in_one_breath():
    talk = Talk()
    await talk.says("hi this is wes, w e s, from tarne t a r n")
    assert (talk.known("name"), talk.known("company")) == (["Wes"], ["Tarn"])


async def test_letters_by_themselves_put_the_name_right():
    talk = Talk()
    await talk.says(ASKED)
    await talk.says("anna kowalsky")
    await talk.says("k o w a l s k i")
    assert talk.known("name")[-1] == "Anna Kowalski"


async def test_letters_that_are_no_name_change_none():
    talk = Talk()
    await talk.says(ASKED)
    await talk.says("anna kowalski")
    await talk.says("can you do e t l")
    await talk.says("s q l")
    assert talk.known("name") == ["Anna Kowalski"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("it's sam, s a p is our erp", "Sam"),
        ("my name is ann, i p a is what i drink", "Ann"),
        ("i'm bob, p o s is what we need", "Bob"),
        ("it's ted, u s a", "Ted"),
        ("it's pat, h r, v p", "Pat"),
        ("it's max, c r m manager", "Max"),
        ("it's rob, h v a c contractor", "Rob"),
        ("it's jo, u p s ships for us", "Jo"),
        ("this is bea, o k, i want a demo", "Bea"),
        ("it's lee, last name c o x", "Lee Cox"),
        ("jon j o n smyth s m y t h", "Jon Smyth"),
    ],
)
async def test_an_abbreviation_after_a_name_is_no_part_of_it(words, name):
    talk = Talk()
    await talk.says(ASKED)
    await talk.says(words)
    assert talk.known("name") == [name]


@pytest.mark.parametrize(
    ("words", "company"),
    [
        ("at first union bank", "First Union Bank"),
        ("with castlegate foods", "Castlegate Foods"),
        ("my company is castlegate foods", "Castlegate Foods"),
        ("at my bank", None),
        ("we're at capacity", None),
        ("with the local bank", None),
    ],
)
async def test_a_company_may_follow_in_a_turn_of_its_own(words, company):
    talk = Talk()
    await talk.says(ASKED)
    await talk.says("kevin o'brien")
    await talk.says(words)
    assert talk.known("company") == ([company] if company else [])


@pytest.mark.parametrize("words", ["hi this is priya nair", "it's priya nair from acme"])
async def test_a_namesake_of_ours_introduces_themselves(words):
    talk = Talk()
    turn = await talk.says(words)
    assert not talk.state.wants.human, turn.text
    assert talk.known("name") == ["Priya Nair"]


@pytest.mark.parametrize(
    "words",
    [
        "i'm looking for priya nair",
        "i'm trying to reach priya",
        "i need to get a hold of priya nair",
        "calling for priya nair please",
        "it's priya nair i want to talk to",
    ],
)
async def test_who_seeks_one_of_us_gets_a_call_from_them(words):
    talk = Talk()
    turn = await talk.says(words)
    assert talk.state.callback is not None, turn.text
    assert talk.state.callback.owner == "priya-nair"
    assert not talk.known("company")


@pytest.mark.parametrize("words", ["is this maya lindqvist", "am i talking to maya"])
async def test_who_takes_us_for_one_of_us_is_told_who_speaks(words):
    turn = await Talk().says(words)
    assert "Marina" in turn.text and "AI" in turn.text
