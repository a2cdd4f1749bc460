"""Faults of whole calls that no single turn is to blame for: lost offers, misheard endings."""

import pytest

from core.facts.standing import CONTACT
from core.policy.ledger import MOST_IN_A_ROW
from core.scheduling.memory import MemoryDesk
from tests.core.talk import BUILDER, FREIGHT, OTHER, SAMPLE, Talk, Turn, sample

CALLERS = {
    SAMPLE: ("+14155550100", "+16175550142"),
    OTHER: ("+4969555010", "+496990009142"),
    BUILDER: ("+15085550188", "+15085550140"),
    FREIGHT: ("+19125550177", "+19125550140"),
}
SOFTWARE = "we're a software firm on snowflake, 60 people, and want customer data in salesforce"
VISIT = "hi yeah I'd like somebody to come look at our roof, we're a restaurant in Fall River"


def call(folder=SAMPLE) -> Talk:
    caller, called = CALLERS[folder]
    desk = MemoryDesk(sample(folder).company)
    return Talk(desk=desk, folder=folder, caller=caller, called=called)


async def last(it: Talk, *lines: str) -> Turn:
    """The turn in which the last of some lines is answered."""
    for line in lines:
        turn = await it.says(line)
    return turn


# --- times on offer ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "lines", "pick", "nth"),
    [
        (SAMPLE, [SOFTWARE, "what about a trial", "is there a setup fee", "and training?",
                  "do you have soc 2"], "the first one", 0),
        (SAMPLE, [SOFTWARE, "what about a trial", "i guess by end of q1"], "the earlier one", 0),
        (BUILDER, [VISIT, "is that free, the visit?", "do you do batteries",
                   "how long is the warranty"], "ok, the earlier one", 0),
        (BUILDER, [VISIT, "do you do batteries", "who handles the permits"], "the last one", -1),
    ],
)  # fmt: skip
async def test_times_may_be_chosen_after_talk_of_other_things(folder, lines, pick, nth):
    it = call(folder)
    await it.says(lines[0])
    offered = it.state.times.slots
    await last(it, *lines[1:], pick)
    assert (
        it.state.meeting.booking is not None
        and it.state.meeting.booking.start == offered[nth].start
    )


@pytest.mark.parametrize("yes", ["yeah that works", "works for me", "sounds good", "let's do that"])
@pytest.mark.parametrize(
    ("folder", "lines"),
    [(SAMPLE, [SOFTWARE, "what about a trial", "is there a setup fee"]),
     (BUILDER, [VISIT, "do you do batteries", "who handles the permits"])],
)  # fmt: skip
async def test_a_yes_after_talk_of_other_things_is_one_to_the_times(folder, lines, yes):
    turn = await last(call(folder), *lines, yes)
    assert turn.asks == ["offer:slots"] and "?" in turn.text


async def test_who_said_yes_to_several_times_and_tells_something_is_asked_again_which():
    turn = await last(call(), SOFTWARE, "yeah that works", "i guess by end of q1")
    assert turn.asks == ["offer:slots"]


async def test_times_that_were_asked_for_end_an_answer_and_not_each():
    it = call(BUILDER)
    said = (VISIT, "do you do batteries", "how long is the warranty")
    asks = [(await it.says(line)).asks for line in said]
    assert asks == [["offer:slots"], ["offer:slots"], []]


@pytest.mark.parametrize("words", ["later this week", "after ten", "before noon"])
async def test_what_a_time_must_be_like_chooses_none(words):
    it = call()
    turn = await last(it, SOFTWARE, words)
    assert it.state.meeting.booking is None and turn.asks == ["offer:slots"]


async def test_an_hour_after_days_is_one_of_those_days():
    it = call(OTHER)
    turn = await last(it, "we want to buy two incubators", "next week", "after ten")
    assert "December" in turn.text and "today" not in turn.text


# --- the end -------------------------------------------------------------------------------------

PARTINGS = ["cool, later", "Aight. Later.", "alright cool, later", "ok cya", "great, talk later"]


@pytest.mark.parametrize("bye", PARTINGS)
@pytest.mark.parametrize(
    ("folder", "line"),
    [(SAMPLE, "can you call me back tomorrow"), (FREIGHT, "have somebody call me on friday")],
)
async def test_a_parting_ends_the_call_with_what_happens_next(folder, line, bye):
    it = call(folder)
    turn = await last(it, line, "it's Ron", bye)
    assert turn.action is not None and "will call you" in turn.text


@pytest.mark.parametrize("bye", ["cool, later", "alright, later man"])
async def test_a_parting_chooses_none_of_several_times(bye):
    it = call()
    await last(it, SOFTWARE, bye)
    assert it.state.meeting.booking is None


@pytest.mark.parametrize("words", ["the later one", "later works", "is there anything later"])
async def test_later_of_times_is_no_parting(words):
    turn = await last(call(), SOFTWARE, words)
    assert turn.action is None and not call().state.ending.closing


@pytest.mark.parametrize("words", ["that's fine, bye", "cool, later"])
async def test_a_goodbye_that_takes_the_one_time_books_it(words):
    it = call()
    await last(it, SOFTWARE, "friday at eleven", words)
    assert it.state.meeting.booking is not None


# --- when to call --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (["after three", "tomorrow"], "tomorrow after three"),
        (["ok tuesday then, ten"], "tomorrow at ten"),
        (["tomorrow", "and after lunch?"], "tomorrow after lunch"),
        (["wednesday at eleven", "noon"], "on Wednesday at noon"),
        (["wednesday", "10am works"], "on Wednesday at 10am"),
    ],
)
@pytest.mark.parametrize("folder", [SAMPLE, FREIGHT])
async def test_a_day_and_an_hour_told_one_after_the_other_belong_together(folder, lines, when):
    it = call(folder)
    await last(it, "can somebody call me", *lines)
    assert it.state.callback is not None and it.state.callback.when == when


@pytest.mark.parametrize("words", ["I have a meeting then", "not so early", "we can't then"])
async def test_who_cannot_then_is_asked_when_instead(words):
    turn = await last(call(FREIGHT), "can somebody call me tomorrow at nine", words)
    assert turn.asks == ["callback_time"]


@pytest.mark.parametrize(
    ("folder", "words"),
    [(OTHER, "we must have them before summer"), (BUILDER, "it has to be up by next fall")],
)
async def test_when_a_thing_is_wanted_moves_no_call(folder, words):
    it = call(folder)
    await it.says("can somebody call me back")
    before = it.state.callback
    await it.says(words)
    assert it.state.callback == before and it.known("timeline") != []


async def test_a_time_after_a_booking_is_another_time_for_it():
    it = call()
    turn = await last(it, SOFTWARE, "the first one", "Friday, eleven")
    assert it.known("timeline") == [] and "Friday at 11" in turn.text


async def test_times_told_while_a_number_is_asked_for_are_kept():
    it = Talk(folder=FREIGHT, caller=None, called=CALLERS[FREIGHT][1])
    turn = await last(it, "can we talk to someone", "tomorrow 3pm?")
    assert turn.asks == ["phone"] and turn.text.startswith("Tomorrow 3pm")
    await last(it, "mornings are better", "912 555 0166", "yes")
    assert it.state.callback is not None and it.state.callback.when == "tomorrow morning"


# --- what was agreed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("what's his name again?", "That would be"),
        ("who's it with", "That would be"),
        ("what number do you have", "the number you're calling from"),
        ("my number? it's on your screen isn't it", "the number you're calling from"),
        ("and how do I reach you if something comes up?", "call"),
        ("so what did we say now?", "tomorrow"),
        ("okay, let me know", "tomorrow"),
        ("wait what day is that", "tomorrow"),
    ],
)
@pytest.mark.parametrize("folder", [BUILDER, FREIGHT])
async def test_what_was_agreed_is_told_to_who_asks(folder, asked, part):
    it = call(folder)
    turn = await last(it, "can somebody call me back tomorrow", "it's Ron", asked)
    assert part in turn.text and not it.state.answers_last
    assert "You haven't told me" not in turn.text


@pytest.mark.parametrize(
    "asked", ["who's gonna send it?", "who will send it and when?", "okay, let me know"]
)
@pytest.mark.parametrize(
    ("folder", "line"),
    [(BUILDER, "how much tax credit do we get"), (SAMPLE, "do you have a kafka connector")],
)
async def test_who_owes_an_answer_is_told_to_who_asks(folder, line, asked):
    it = call(folder)
    turn = await last(it, line, asked)
    assert len([q for q in it.state.questions if q.status == "deferred"]) == 1
    assert "get back" in turn.text or "gets back" in turn.text


@pytest.mark.parametrize("asked", ["wait what day is that", "what did we say now?"])
async def test_times_on_offer_are_said_in_full_to_who_lost_track(asked):
    turn = await last(call(), SOFTWARE, asked)
    assert "11 AM" in turn.text and turn.asks == ["offer:slots"]


async def test_a_meeting_that_is_being_moved_is_told_as_it_stands():
    it = call()
    turn = await last(it, SOFTWARE, "the first one", "can we move it to friday", "what did we say?")
    assert "today" in turn.text and turn.asks == ["offer:slots"]


# --- in writing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["can you just email me that", "I'd rather have it in writing",
     "could you put that in an email", "ok email me that please",
     "can you write me that in a mail"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("folder", "line"),
    [(OTHER, "how loud is the cx4"), (FREIGHT, "how much is storage per pallet")],
)
async def test_what_was_said_is_sent_to_who_wants_it_in_writing(folder, line, words):
    it = call(folder)
    turn = await last(it, line, words)
    assert "send" in turn.text and turn.asks == ["email"] and not turn.citations
    turn = await last(it, "it's dana.pruitt at coldline dot com", "yes")
    assert "dana.pruitt@coldline.com" in turn.text and it.state.answers_last is not None


async def test_a_mail_in_place_of_the_promised_call_calls_that_off():
    it = call(FREIGHT)
    turn = await last(it, "can somebody call me", "no just email me that")
    assert it.state.callback is None and turn.asks == ["email"]


async def test_who_wants_the_invitation_is_asked_which_time():
    it = call()
    turn = await last(it, SOFTWARE, "can you send me the invite?")
    assert turn.asks == ["offer:slots"] and not it.state.questions


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("it's dana.pruitt at coldline dot com", "dana.pruitt@coldline.com"),
        ("um, teresa at quillfoods.com", "teresa@quillfoods.com"),
        ("j.smith at bakery.org", "j.smith@bakery.org"),
    ],
)
async def test_an_address_may_be_written_in_part(said, address):
    it = call()
    await it.says(said)
    assert it.state.signals.value("email") == address


async def test_a_site_is_no_address():
    it = call()
    await it.says("we're at coldline.com, you can find us at coldline.com")
    assert it.state.signals.value("email") is None


# --- who tells and asks nothing ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "lines"),
    [
        (BUILDER, ["I run a machine shop down in Worcester and we're thinking about solar",
                   "maybe twenty thousand square feet", "yeah I own the building"]),
        (FREIGHT, ["hi, we're in Macon", "it's mostly small boxes",
                   "about twelve feet high"]),
    ],
)  # fmt: skip
async def test_who_tells_on_is_asked_and_not_what_they_would_like_to_know(folder, lines):
    it = call(folder)
    turns = [await it.says(line) for line in lines]
    assert turns[0].asks == ["offer:permission"]
    assert turns[1].asks and turns[1].asks[0] not in ("offer:permission", "offer:more")
    for turn in turns:
        assert "like to know" not in turn.text and "not sure I follow" not in turn.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("we run a landscaping company", "landscaping"),
        ("we're a healthcare company", "healthcare"),
        ("I own a bakery", "a bakery"),
    ],
)
async def test_a_trade_is_repeated_as_a_thing_and_not_half_a_name(said: str, told: str):
    turn = await last(call(), said)
    first = turn.text.split(".")[0].lower()
    assert told in first and (told.startswith("a ") or f"a {told}" not in first)


async def test_who_only_says_hello_by_name_is_asked_what_they_want():
    turn = await last(call(), "Hi, this is Ron with Acme Fasteners")
    assert turn.text.endswith("What can I do for you?") and not turn.asks


@pytest.mark.parametrize("words", ["no", "I'd rather not say", "how much is it"])
async def test_who_does_not_let_us_ask_is_asked_nothing(words):
    it = call(BUILDER)
    await last(it, "we're a bakery in Worcester", words)
    assert not it.state.asks.invited


async def test_who_asks_for_help_with_what_was_told_may_be_asked():
    turn = await last(call(FREIGHT), "we're in Macon and drowning in orders", "can you help")
    assert turn.asks and not turn.citations and "?" in turn.text


async def test_who_cannot_say_a_name_is_given_none():
    it = call(BUILDER)
    await last(it, "can somebody call me", "couldn't say")
    assert it.known("name") == []


# --- manners -------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [SAMPLE, FREIGHT])
async def test_who_is_not_interested_is_neither_argued_with_nor_asked(folder):
    it = call(folder)
    turn = await last(it, "not interested")
    assert turn.asks == ["offer:more"] and it.state.recording.consent != "declined"
    turn = await last(it, "what do you do exactly", "no I mean it, not interested")
    assert turn.asks in ([], ["offer:more"]) and not it.state.answers_last


@pytest.mark.parametrize(
    "words",
    ["let me put my boss on", "okay let me get my husband, he does the books",
     "I'll hand you over to my colleague", "let me hand you over"],
)  # fmt: skip
async def test_who_hands_the_telephone_over_is_waited_for(words):
    it = call(FREIGHT)
    turn = await last(it, "do you take partial loads", words)
    assert not turn.citations and not it.state.answers_last and "?" not in turn.text


async def test_who_hears_badly_is_told_that_it_can_be_said_again():
    it = call(BUILDER)
    turn = await last(it, "I'm a bit hard of hearing so you have to speak up")
    assert "say something again" in turn.text
    turn = await last(it, "how big does the roof have to be", "a what?")
    assert "eight thousand" in turn.text


async def test_who_asks_somebody_first_is_asked_nothing_more():
    turn = await last(
        call(FREIGHT), "do you take partial loads", "no I'm gonna pass it by her first"
    )
    assert turn.asks == ["offer:more"]


async def test_a_guessed_figure_in_the_melody_of_a_question_is_none():
    it = call(BUILDER)
    await last(it, "how big does the roof have to be", "maybe like ten thousand feet?")
    assert not it.state.answers_last and it.known("roof_size") == ["10000"]


@pytest.mark.parametrize("words", ["fine", "alright then", "okay great"])
async def test_who_is_content_hears_once_what_happens_next(words):
    it = call(FREIGHT)
    turn = await last(it, "can you call me tomorrow", "it's Ron", words)
    assert "tomorrow" in turn.text and "?" not in turn.text


async def test_what_is_asked_after_a_booking_is_owed_by_whom_they_meet():
    it = call(BUILDER)
    await last(it, VISIT, "the first one", "will the panels hold in a tornado")
    assert (
        it.state.meeting.booking is not None
        and it.state.answers_last == it.state.meeting.booking.rep
    )


async def test_who_asks_for_german_by_telephone_is_told_that_it_is_english_only():
    turn = await last(call(OTHER), "Guten Tag, do you speak German?")
    assert "English" in turn.text


# --- who lets us ask -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ["hi, we're after some solar", "sure, ask away", "maybe a year from now", "it's a bakery",
         "about forty of us", "I run the place", "we own it"],
        ["hi, looking into panels for the shop", "sure", "string and glue mostly",
         "some guy did it", "it's the usual stuff", "not a whole lot more"],
    ],
)  # fmt: skip
async def test_who_lets_us_ask_is_not_asked_on_and_on_for_nothing_in_return(lines):
    it, run = call(BUILDER), 0
    for line in lines:
        turn = await it.says(line)
        fit = any(a not in CONTACT and not a.startswith(("offer:", "again:")) for a in turn.asks)
        run = 0 if turn.citations else run + fit
        assert run <= MOST_IN_A_ROW, turn.text
    assert {"callback", "slots"} & {*it.state.proposals.made}, "the next step is proposed instead"


async def test_who_let_us_ask_is_not_asked_again_whether_we_may():
    it = call(BUILDER)
    for line in ("sure, ask away", "it's a bakery", "about forty of us", "I run the place",
                 "we had a fellow up there last fall", "he never finished it"):  # fmt: skip
        assert "offer:permission" not in (await it.says(line)).asks
