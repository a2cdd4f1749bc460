"""What callers say in their own time: a name nobody asked for, a wish, a time after the booking."""

import pytest

from core.events import Flagged, QuestionDeferred
from core.scheduling.memory import MemoryDesk
from tests.core.talk import BUILDER, FREIGHT, PROVIDER, RENTAL, ROOT, Talk, sample

WORTH_A_MEETING = "300 people, snowflake, we want it in hubspot by march, i'm the head of data"


def arranging(**more) -> Talk:
    """A talk in which times can be offered."""
    return Talk(desk=MemoryDesk(sample().company), **more)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Mike Deluca", "Mike Deluca"),
        ("mike", "Mike"),
        ("Doctor Karen Osei", "Karen Osei"),
        ("dr osei", "Dr. Osei"),
        ("it's dana whitlock, d a n a, w h i t l o c k", "Dana Whitlock"),
        ("yeah it's priya", "Priya"),
        ("tom reilly", "Tom Reilly"),
    ],
)
async def test_a_name_alone_is_the_caller_s(words: str, name: str):
    talk = Talk(folder=RENTAL)
    await talk.says(words)
    assert talk.state.signals.value("name") == name


@pytest.mark.parametrize(
    "words", ["skid steer", "mini excavator", "mike said so", "frank answer please", "will do",
              "mark it down", "grace period", "jack hammer rental", "is mike there", "max capacity",
              "sandy soil", "mercedes vans", "frank discussion", "john deere tractor",
              "mark thursday", "martin suggested you"],
)  # fmt: skip
async def test_other_words_are_no_name(words: str):
    talk = Talk()
    await talk.says(words)
    assert talk.state.signals.value("name") is None


@pytest.mark.parametrize("words", ["Mark Deluca", "Mary Ann Smith", "juan carlos garcia"])
async def test_a_name_that_is_a_word_or_has_three_is_taken_as_well(words: str):
    talk = Talk()
    await talk.says(words)
    assert talk.state.signals.value("name") == words.title()


async def test_a_family_name_told_later_completes_the_name():
    talk = Talk()
    await talk.says("this is arlene")
    await talk.says("Arlene Pope")
    assert talk.state.signals.value("name") == "Arlene Pope"


async def test_a_name_and_a_number_in_one_breath_are_both_taken():
    talk = Talk(folder=RENTAL)
    await talk.says("Hector, 614 555 0199")
    told = talk.state.signals
    assert (told.value("name"), told.value("phone")) == ("Hector", "+16145550199")


async def test_the_number_they_call_from_may_be_said_to_be_the_best():
    talk = Talk(folder=RENTAL)
    await talk.says("i need a forklift in columbus ohio")
    await talk.says("this is the best number")
    assert talk.state.signals.value("phone") == "+14155550100"


@pytest.mark.parametrize(
    "words", ["this is fine", "this works", "this one is fine", "this is right", "this is it",
              "this number is not mine"],
)  # fmt: skip
async def test_what_is_fine_is_no_number(words: str):
    talk = Talk(folder=RENTAL)
    await talk.says("i need a forklift in columbus ohio")
    await talk.says(words)
    assert talk.state.signals.value("phone") is None


async def test_a_name_said_again_is_understood():
    talk = Talk(folder=RENTAL)
    await talk.says("mike deluca")
    again = await talk.says("mike")
    assert "again" not in again.text and "once more" not in again.text
    assert talk.state.signals.value("name") == "Mike Deluca"


@pytest.mark.parametrize(
    ("words", "name", "company"),
    [
        ("jo kim, j o at brightbikes dot com", "Jo Kim", None),
        ("osei dental, karen@oseidental.com", None, "Osei Dental"),
        ("Dan Lee, Acme Tools, dan@acme-tools.com", None, "Acme Tools"),
        ("send it over, dan@acme.com", None, None),
    ],
)
async def test_words_beside_an_address_that_resemble_it_name_who_it_is(words, name, company):
    talk = Talk()
    await talk.says(words)
    told = talk.state.signals
    assert (told.value("name"), told.value("company")) == (name, company)


async def test_what_others_are_to_see_is_a_wish_and_asks_nothing():
    talk = Talk()
    told = await talk.says(
        "basically I want front desk people to see in hubspot when somebody hasn't been in for a"
        " month"
    )
    assert not talk.state.open_questions() and "you're asking" not in told.text
    answer = await talk.says("is that the kind of thing you do")
    assert "reverse ETL" in answer.text and not talk.state.open_questions()


@pytest.mark.parametrize(
    "words", ["i need someone to tell me how much it costs",
              "my boss wants me to find out how much it is", "she'd like us to know what it costs"],
)  # fmt: skip
async def test_what_the_asker_is_to_learn_is_a_question(words: str):
    answer = await Talk().says(words)
    assert "$390 a month" in answer.text


async def test_can_you_work_with_that_asks_about_what_was_just_said():
    talk = Talk(folder=BUILDER)
    await talk.says("we've got a flat roof warehouse in worcester")
    answer = await talk.says("can you work with that")
    assert "membrane roofs" in answer.text


@pytest.mark.parametrize(
    "words",
    ["our marketing team keeps asking engineering for lists every week",
     "we have to go back to engineering for every list"],
)  # fmt: skip
async def test_colleagues_who_do_it_for_them_are_no_industry(words: str):
    talk = Talk()
    await talk.says(words)
    assert talk.state.signals.value("industry") is None


@pytest.mark.parametrize(
    "words",
    ["do you have something friday", "have you got anything thursday", "what do you have tomorrow",
     "what's open thursday", "what do you have in the afternoon"],
)  # fmt: skip
async def test_who_asks_what_is_free_is_offered_times(words: str):
    talk = arranging()
    answer = await talk.says(words)
    assert "I can offer you a time" in answer.text and not talk.state.open_questions()


async def test_who_asks_for_a_thing_on_a_day_asks_a_question():
    talk = arranging()
    answer = await talk.says("do you have anything in stock tomorrow")
    assert "offer you a time" not in answer.text and not talk.state.times.slots
    assert any(isinstance(f, QuestionDeferred) for f in answer.facts)


@pytest.mark.parametrize("words", ["no that's it", "nope, that's right", "no, all good"])
async def test_an_address_is_confirmed_by_a_yes_that_opens_with_a_no(words: str):
    talk = Talk()
    await talk.says("dana at ironside dot com")
    answer = await talk.says(words)
    assert talk.state.awaited.read_back is None and "once more" not in answer.text


async def test_a_correction_after_a_yes_to_an_address_is_no_yes():
    talk = Talk()
    await talk.says("dana at ironside dot com")
    await talk.says("no, that's right but it's dot net")
    assert talk.state.awaited.read_back is not None or talk.state.awaited.ask == "email"


async def test_a_no_to_an_address_that_names_what_is_wrong_stays_a_no():
    talk = Talk()
    await talk.says("dana at ironside dot com")
    await talk.says("no that's the wrong one")
    assert talk.state.awaited.read_back is not None or talk.state.awaited.ask == "email"


@pytest.mark.parametrize(
    "words", ["any time after four", "can you make it four", "oh wait i'm busy then"]
)
async def test_another_time_right_after_a_booking_moves_it(words: str):
    talk = arranging()
    await talk.says(WORTH_A_MEETING)
    booked = await talk.says("wednesday")
    assert "booked" in booked.text
    answer = await talk.says(words)
    assert talk.state.meeting.moving is not None
    assert "Would one of those work" in answer.text or "Which suits you" in answer.text


@pytest.mark.parametrize(
    "words", ["great, we're all set then", "i'm good then", "perfect, i'm free then",
              "i'm done then", "i've got it then", "i'm in then", "we're in business then"],
)  # fmt: skip
async def test_who_is_content_with_a_booking_moves_nothing(words: str):
    talk = arranging()
    await talk.says(WORTH_A_MEETING)
    await talk.says("wednesday")
    await talk.says(words)
    assert talk.state.meeting.booking is not None and talk.state.meeting.moving is None


@pytest.mark.parametrize(
    "words", ["can you bump it to thursday", "could you accommodate wednesday",
              "can you reserve wednesday for me", "can you bring it forward to thursday"],
)  # fmt: skip
async def test_a_time_asked_for_in_any_verb_of_arranging_is_for_the_meeting(words: str):
    talk = arranging()
    await talk.says(WORTH_A_MEETING)
    answer = await talk.says(words)
    booked = talk.state.meeting.booking is not None
    assert booked or "Would one of those work" in answer.text


@pytest.mark.parametrize("words", ["okay let's do that", "we'd like to move forward"])
async def test_who_goes_ahead_after_a_price_is_offered_times_to_close(words: str):
    talk = arranging()
    await talk.says("how much is growth")
    answer = await talk.says(words)
    assert "I can offer you a time" in answer.text
    assert any(isinstance(f, Flagged) and f.kind == "ready_to_buy" for f in answer.facts)


async def test_going_ahead_with_what_was_offered_is_only_a_yes():
    talk = arranging()
    await talk.says(WORTH_A_MEETING)
    answer = await talk.says("okay let's do that")
    assert not any(isinstance(f, Flagged) and f.kind == "ready_to_buy" for f in answer.facts)


@pytest.mark.parametrize(
    "words",
    ["what's it per user", "ballpark?", "just a ballpark", "roughly what are we looking at"],
)
async def test_a_price_is_asked_for_in_passing(words: str):
    answer = await Talk(folder=PROVIDER).says(words)
    assert "priced per user per month" in answer.text


@pytest.mark.parametrize(
    "words", ["ballpark, fifty", "just a rough ballpark, 40 or so", "what are you talking about",
              "what are you looking at"],
)  # fmt: skip
async def test_no_price_is_asked_for(words: str):
    talk = Talk(folder=PROVIDER)
    await talk.says("do you do windows servers")
    answer = await talk.says(words)
    assert "priced per user per month" not in answer.text


async def test_what_happened_once_is_no_emergency():
    talk = Talk(folder=PROVIDER)
    await talk.says("law firm, 35 people")
    answer = await talk.says("we had a ransomware scare last year")
    assert "emergency" not in answer.text and not talk.state.wants.human


async def test_a_year_is_no_number_of_people():
    talk = Talk(folder=PROVIDER)
    await talk.says("do you do windows servers")
    assert talk.state.awaited.ask == "users"
    await talk.says("we had a breach in 2023")
    assert talk.state.signals.value("users") is None


@pytest.mark.parametrize("words", ["spring would be ideal", "summer works best"])
async def test_a_season_that_would_suit_is_when_they_want_it(words: str):
    talk = Talk(folder=BUILDER)
    await talk.says(words)
    assert talk.state.signals.value("timeline") is not None


@pytest.mark.parametrize("words", ["summer is our busy season", "winter is when the pipes freeze"])
async def test_a_season_of_their_business_is_not_when_they_want_it(words: str):
    talk = Talk(folder=BUILDER)
    await talk.says(words)
    assert talk.state.signals.value("timeline") is None


@pytest.mark.parametrize("words", ["no the warehouse is homegrown", "no our database is our own"])
async def test_a_no_before_a_tool_of_theirs_denies_no_tool(words: str):
    talk = Talk()
    await talk.says(words)
    assert not [s for s in talk.state.signals.all if s.criterion == "tech_stack"]


async def test_what_we_are_to_do_on_a_day_chooses_no_meeting():
    talk = Talk(folder=FREIGHT, desk=MemoryDesk(sample(FREIGHT).company))
    await talk.says("about 22 pallets of dry storage in savannah")
    assert any(slot.start.weekday() == 3 for slot in talk.state.times.slots)
    await talk.says("can you pick up thursday")
    assert talk.state.meeting.booking is None
    await talk.says("thursday")
    assert talk.state.meeting.booking is not None


async def test_a_whole_question_that_finds_nothing_goes_to_a_person():
    talk = Talk(folder=RENTAL)
    answer = await talk.says("do you take the old ones away")
    assert any(isinstance(f, QuestionDeferred) for f in answer.facts)


async def test_a_short_question_that_says_too_little_is_asked_for_again():
    talk = Talk(folder=RENTAL)
    await talk.says("i need a forklift in columbus ohio")
    answer = await talk.says("when could they be here")
    assert "noted" not in answer.text and "I see" not in answer.text


async def test_which_is_better_is_no_question_about_discounts():
    talk = Talk(folder=RENTAL)
    await talk.says("how much is a mini excavator")
    answer = await talk.says("what about a skid steer, would that be better")
    assert "Special rates" not in answer.text and "skid steer is" in answer.text


@pytest.mark.parametrize("words", ["can you come right now", "ok send someone"])
async def test_who_wants_somebody_to_come_is_offered_times(words: str):
    talk = arranging()
    await talk.says(words)
    assert talk.state.times.slots


async def test_who_asks_what_we_need_gets_a_reply_while_a_call_is_on_offer():
    talk = Talk(folder=ROOT / "tests" / "companies" / "kestrel")
    await talk.says("we need a sign, lit, for our shop")
    await talk.says("do you fix those or only sell new")
    await talk.says("can you match the landlord's spec")
    assert talk.state.awaited.offer == "callback"
    answer = await talk.says("what do you need from me to quote it")
    assert answer.text


@pytest.mark.parametrize(
    ("words", "company"),
    [("Buckeye Mechanical", "Buckeye Mechanical"), ("it's harbor holdings", "Harbor Holdings"),
     ("Dental Clinic", None), ("we need a company", None), ("one group", None)],
)  # fmt: skip
async def test_a_company_alone_is_the_caller_s(words: str, company: str | None):
    talk = Talk(folder=RENTAL)
    await talk.says("i need a scissor lift in dayton")
    await talk.says(words)
    assert talk.state.signals.value("company") == company


async def test_how_a_machine_is_driven_is_no_industry():
    talk = Talk(folder=RENTAL)
    await talk.says("i need a scissor lift in dayton")
    await talk.says("electric, not gas")
    assert talk.state.signals.value("industry") is None


async def test_a_week_named_while_times_are_on_offer_is_for_the_meeting():
    talk = arranging()
    await talk.says(WORTH_A_MEETING)
    offered = talk.state.times.slots
    await talk.says("next week sometime")
    assert talk.state.times.slots and talk.state.times.slots != offered


@pytest.mark.parametrize("company", ["lanternway", "saltmarsh", "corvane", "brightwater"])
@pytest.mark.parametrize("words", ["so what do you guys do?", "I wanted to see what you guys do."])
async def test_what_we_do_is_told_however_it_is_asked(company: str, words: str):
    answer = await Talk(folder=ROOT / "tests" / "companies" / company).says(words)
    assert answer.citations


async def test_whether_a_price_is_for_a_month_is_answered_with_the_price():
    talk = Talk(folder=ROOT / "tests" / "companies" / "lanternway")
    await talk.says("What would it cost for 140 employees?")
    answer = await talk.says("Is that per month?")
    assert "a month" in answer.text and not talk.state.open_questions()


async def test_a_name_said_again_in_full_and_letters_with_hyphens():
    talk = Talk()
    await talk.says("It's Renata. Renata Cole.")
    await talk.says("R-E-N-A-T-A at colehospitality dot com.")
    told = talk.state.signals
    assert told.value("name") == "Renata Cole"
    assert told.value("email") == "renata@colehospitality.com"


async def test_who_says_what_they_are_not_is_not_hung_up_on():
    talk = Talk(folder=ROOT / "tests" / "companies" / "frostline")
    await talk.says("We're a restaurant in Cincinnati and our freezer's warm.")
    answer = await talk.says("No, we're not a customer.")
    assert not talk.state.ending.closing and "Goodbye" not in answer.text


async def test_a_day_of_their_own_is_no_meeting_and_is_not_repeated_to_them():
    talk = Talk(folder=FREIGHT, desk=MemoryDesk(sample(FREIGHT).company))
    await talk.says("about 22 pallets of dry storage in savannah")
    assert talk.state.times.slots
    await talk.says("Our next one lands December tenth.")
    assert not talk.state.wants.when
    answer = await talk.says("Yeah, have somebody call me.")
    assert "lands" not in answer.text
    fine = await talk.says("This number's fine.")
    assert "What is it" not in fine.text


@pytest.mark.parametrize("words", ["how much is it for two users ", "this is a this is a "])
async def test_words_said_over_and_over_are_read_to_the_end(words: str):
    """A pattern that tried every way to part them would not come back."""
    assert (await Talk().says(words * 12 + "#!")).text


async def test_a_number_to_reach_somebody_is_no_second_time():
    talk = arranging()
    await talk.says(WORTH_A_MEETING)
    await talk.says("is this the best number to reach you")
    assert talk.state.meeting.booking is None


async def test_how_something_sounds_is_no_purpose_even_when_misheard():
    talk = Talk()
    await talk.says("does it work with snowflake")
    assert talk.state.awaited.ask == "use_case"
    await talk.says("that sounds share")
    assert talk.state.signals.value("use_case") is None
