"""What buyers say in passing, short and crooked, and what a good listener makes of it."""

import pytest

from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, OTHER, SAMPLE, engine, sample

DANA = (("email", "dana@northwind.example"),)


def talk(channel: str = "voice", folder=SAMPLE, *, transfers: bool = False) -> TextTalk:
    caller = "+14155550100" if channel == "voice" else None
    contact = DANA if channel == "email" else ()
    opened = ConversationOpened(
        "c1", channel, "inbound", caller, "+16175550142", MONDAY_NOON, contact=contact
    )
    company = sample(folder).company
    return TextTalk(engine(folder, transfers=transfers), opened, desk=MemoryDesk(company))


async def told(it: TextTalk, *lines: str) -> str:
    """What is answered to the last of some lines."""
    for line in lines:
        turn = await it.says(line)
    return turn.text


# --- times that do not suit ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "wednesday's no good",
        "i'm tied up wednesday",
        "hmm wednesday i'm flying",
        "wednesday is a bit tight",
        "the wednesday one clashes with something",
        "i've got meetings all day wednesday",
        "i can't do any of those",
        "i couldn't make any of them",
    ],
)
async def test_a_time_that_does_not_suit_is_never_booked(words):
    it = talk()
    await told(it, "can i get a demo", words)
    assert it.state.meeting.booking is None and it.state.meeting.held is None
    assert (
        it.state.times.slots
        and not any(s.start.weekday() == 2 for s in it.state.times.slots)
        or ("any of" in words)
    )


async def test_an_hour_right_after_a_day_is_that_hour():
    it = talk("chat")
    text = await told(it, "can i get a demo", "tmrw 10?")
    assert "tomorrow at 10 AM" in text and it.state.meeting.held is None
    it = talk()
    text = await told(it, "can someone call me back", "ok tomorrow ten")
    assert "tomorrow at ten" in text


@pytest.mark.parametrize(
    "words", ["i'm in meetings all afternoon", "mornings are bad", "i've got a thing at three"]
)
async def test_who_cannot_be_called_then_is_asked_when_instead(words):
    it = talk()
    text = await told(it, "can someone call me back", words)
    assert "When should we call instead?" in text
    assert "Thursday" in await told(it, "thursday's fine")
    assert it.state.signals.value("name") is None and it.state.signals.value("timeline") is None


async def test_a_day_that_is_not_the_calls_changes_nothing():
    it = talk()
    text = await told(it, "can someone call me back", "i'm busy tomorrow morning")
    assert "will call you today" in text and it.state.signals.value("timeline") is None


async def test_not_that_day_but_another_is_the_other():
    it = talk()
    text = await told(it, "can someone call me back", "not tomorrow, i'm out, thursday's fine")
    assert "on Thursday" in text


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("call me tomorrow, i'm out today", "tomorrow"),
        ("i'm busy until three", "today after three"),
        ("i'm out until thursday", "on Thursday"),
        ("not before ten tomorrow", "tomorrow, not before ten"),
        ("at ten tomorrow", "tomorrow at ten"),
        ("around 3pm on thursday", "on Thursday around 3pm"),
        ("tomorrow's fine, i have a meeting at ten but otherwise free", "tomorrow"),
    ],
)
async def test_the_time_that_suits_is_told_apart_from_the_one_that_does_not(words, when):
    it = talk()
    await told(it, "can someone call me back", words)
    assert it.state.callback.when == when


async def test_two_of_three_that_do_not_suit_are_not_chosen():
    it = talk()
    await told(it, "can i get a demo", "the first two don't work")
    assert it.state.meeting.booking is None and it.state.times.passed
    await told(talk(), "can i get a demo", "i have a meeting at ten wednesday, could do after that")
    assert it.state.meeting.booking is None


async def test_a_meeting_is_scrapped_in_plain_words():
    it = talk()
    await told(it, "can i get a demo", "tomorrow at 8", "oh wait scrap that, i'm travelling", "yes")
    assert it.state.meeting.booking is None


# --- what is arranged ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("how long would that take", "takes 45 minutes"),
        ("how long is it", "takes 45 minutes"),
        ("who would i be talking to", "Mid-market Account Executive"),
        ("what's it about", "45 minutes for your questions"),
    ],
)
async def test_what_is_asked_among_times_is_of_the_meeting(words, said):
    it = talk()
    text = await told(it, "can i get a demo", words)
    assert said in text and text.endswith("?") and it.state.times.slots and not it.state.questions
    assert it.state.times.turn == it.state.turn
    await told(it, "the first one")
    assert it.state.meeting.booking is not None


async def test_the_length_is_told_beside_the_times_that_are_asked_for_with_it():
    text = await told(talk("chat"), "can i book a demo, how long does it take?")
    assert "45 minutes" in text and "Maya Lindqvist" in text


async def test_after_an_answer_about_the_setup_that_is_what_takes_long():
    it = talk()
    await told(it, "do you connect to snowflake", "how long does set up take")
    assert "minutes for your questions" not in await told(it, "how long would that take")


@pytest.mark.parametrize(
    "words", ["right well when then", "how long till they call", "who's calling"]
)
async def test_who_asks_when_they_are_called_is_told(words):
    it = talk()
    text = await told(it, "can someone call me back", words)
    assert text == "Maya will call you today." and not it.state.questions


@pytest.mark.parametrize(
    "words",
    ["ok when will i get an answer", "how soon will she get back to me", "when will i hear back"],
)
async def test_who_waits_for_an_answer_is_told_who_has_it_and_when(words):
    it = talk("chat")
    text = await told(it, "are you carbon neutral", words)
    assert "Maya will see it right away" in text and len(it.state.questions) == 1


async def test_who_is_asked_for_by_name_is_whose_times_are_offered():
    assert "Tom Beckett" in await told(talk(), "can i get a time with tom beckett")
    assert "Kenji Mori" in await told(talk(), "i'd like to book a demo with kenji")


async def test_what_times_there_are_is_no_question_about_the_product():
    it = talk()
    assert "Thursday" in await told(it, "can i get a demo", "what times you got on thursday")
    assert not it.state.questions


# --- calls of ours, and earlier ones -------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "i got a missed call from this number",
        "hi yeah someone called me from this number like ten minutes ago",
        "you called me this morning",
        "somebody from your sales team rang me, i think it was about pricing",
        "got a missed call from you guys, what was it about?",
    ],
)
async def test_who_returns_a_call_of_ours_is_offered_another(words):
    it = talk()
    text = await told(it, words)
    assert "Thanks for calling back." in text and "?" in text and not it.state.questions
    await told(it, "yes please")
    assert it.state.callback is not None


async def test_a_call_asked_for_beside_ours_is_set_for_its_time():
    it = talk()
    text = await told(it, "you called me, can someone call me back tomorrow at ten")
    assert "tomorrow at ten" in text and it.state.callback is not None


@pytest.mark.parametrize("words", ["hey i'm returning priya's call", "i'm calling priya nair back"])
async def test_who_returns_a_named_call_gets_that_person(words):
    it = talk()
    assert "Priya Nair" in await told(it, words)
    await told(it, "sure")
    assert it.state.callback.owner == "priya-nair"
    assert "Priya" in await told(talk(transfers=True), words)


async def test_the_name_alone_tells_who_is_to_call():
    it = talk()
    await told(it, "i got a missed call from this number", "from priya i think")
    assert it.state.callback.owner == "priya-nair"


@pytest.mark.parametrize(
    "words", ["hi it's me again, i called yesterday about pricing", "we spoke last week"]
)
async def test_who_called_before_is_welcomed_and_not_apologised_to(words):
    it = talk()
    text = await told(it, words)
    assert "again" in text and "sorry" not in text.lower() and it.state.callback is None


async def test_who_already_wrote_to_support_is_not_sent_there_again():
    it = talk()
    await told(it, "we're already a customer, our salesforce sync has been failing since monday")
    assert "will call you" in await told(it, "i already wrote to support, nobody answers")


# --- small talk ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["hey there how's your day going", "hi marina how are things"])
async def test_how_the_day_goes_is_a_greeting(words):
    it = talk()
    assert "I'm doing well" in await told(it, words) and not it.state.questions


@pytest.mark.parametrize("words", ["you sound pretty real actually", "i hate these things"])
async def test_remarks_on_machines_are_told_that_we_are_one(words):
    assert "AI" in await told(talk(), words)


# --- competitors ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("we're also looking at Fivetran", "vs-fivetran"),
        ("our cto prefers hightouch", "vs-hightouch"),
        ("we use census today", "vs-hightouch"),
    ],
)
async def test_a_competitor_that_is_named_gets_the_approved_comparison(words, article):
    it = talk("chat")
    turn = await it.says(words)
    assert turn.citations[0].startswith(article) and not it.state.questions


async def test_how_we_differ_is_from_whom_they_named():
    turn = None
    it = talk()
    for words in ("we're also talking to airbyte", "how are you different"):
        turn = await it.says(words)
    assert turn.citations[0].startswith("vs-airbyte")


async def test_one_without_a_comparison_is_acknowledged():
    it = talk("chat", OTHER)
    text = await told(it, "we normally buy eppendorf")
    assert "Eppendorf" in text and it.state.signals.value("location") is None
    assert "side-by-side" in await told(it, "compared to thermo")


async def test_a_tool_we_are_compared_with_is_none_of_theirs():
    it = talk()
    await told(it, "we're comparing you with rudderstack and segment")
    assert it.state.signals.value("tech_stack") is None


# --- short questions -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        ("SQL Server to Redshift", ("mysql", "redshift")),
        ("oracle -> snowflake", ("unsupported-warehouses", "snowflake")),
        ("hubspot to bigquery", ("hubspot", "bigquery")),
    ],
)
async def test_one_tool_to_another_asks_of_both(words, cited):
    turn = await talk("chat").says(words)
    assert tuple(c.split("@")[0] for c in turn.citations) == cited


@pytest.mark.parametrize(
    "words", ["and if we have 12 mil rows?", "and 12m rows?", "and 3 bn rows?"]
)
@pytest.mark.parametrize("channel", ["voice", "chat"])
async def test_figures_in_short_are_figures(channel, words):
    it = talk(channel)
    await it.says("how much is starter")
    assert (await it.says(words)).citations == ["row-limits@1#1"]
    assert (await it.says("and 800k?")).citations == ["row-limits@1#1"]
    assert it.state.signals.value("employees") is None


async def test_which_one_for_so_much_asks_what_each_allows():
    turn = await talk("chat").says("we've got around 12 mil rows, which plan")
    assert turn.citations == ["row-limits@1#1"]


async def test_how_long_alone_is_of_what_was_spoken_of():
    it = talk("chat")
    turn = None
    for words in ("trial?", "how long"):
        turn = await it.says(words)
    assert turn.citations[0].startswith("trial")


async def test_which_day_is_not_answered_by_how():
    it = talk("chat")
    turn = await it.says("which day do you charge the card")
    assert not turn.citations and it.state.given.promises


@pytest.mark.parametrize(
    "words",
    [
        "we got a quote from hightouch that's thirty percent cheaper, can you match it",
        "what's the best you can do if we sign for two years",
        "is that your best price",
    ],
)
async def test_haggling_asks_for_a_discount(words):
    assert (await talk().says(words)).citations[0].startswith("discounts")


async def test_a_list_in_a_mail_is_answered_one_by_one():
    turn = await talk("email", OTHER).says(
        "We need 3 centrifuges. Please send prices, lead time and whether training is included."
    )
    assert {c.split("@")[0] for c in turn.citations} == {"prices", "delivery", "training"}


async def test_a_roman_two_is_a_two():
    assert (await talk().says("are you soc 2 type ii")).citations[0].startswith("soc2")


# --- who they are --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("we have about 20k for this", "20000"),
        ("got 15k to spend this year", "15000"),
        ("there's roughly forty thousand in the budget", "40000"),
    ],
)
async def test_what_is_there_to_be_spent_is_the_budget(words, value):
    it = talk()
    await it.says(words)
    assert it.state.signals.value("budget") == value and it.state.signals.value("employees") is None


@pytest.mark.parametrize(
    "words", ["we have 20k customers", "we have about 30k contacts in hubspot for this"]
)
async def test_what_is_counted_in_thousands_is_no_budget(words):
    it = talk()
    await it.says(words)
    assert it.state.signals.value("budget") is None


async def test_whom_somebody_calls_for_is_no_company():
    it = talk()
    await it.says("i'm calling for maya at bluestem bank, she asked me to find out the price")
    assert it.state.signals.value("company") == "Bluestem Bank"


async def test_grands_are_no_people():
    it = talk()
    await told(it, "how much is growth", "hm we've set aside around thirty grand")
    assert (
        it.state.signals.value("budget") == "30000" and it.state.signals.value("employees") is None
    )


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("we're a webshop, Utrecht (NL), 40 people", "Utrecht"),
        ("Based: Lyon (FR). 300 ppl. retail", "Lyon"),
        ("in hartford, insurance", "Hartford, Connecticut"),
    ],
)
async def test_a_place_in_note_form_is_where_they_are(words, place):
    it = talk("chat")
    await it.says(words)
    assert it.state.signals.value("location") == place


async def test_a_name_after_the_address_it_resembles_is_theirs():
    it = talk()
    await told(it, "can you send me something by email", "it's jdoe at brightpath dot com", "yes")
    await told(it, "jane doe")
    assert it.state.signals.value("name") == "Jane Doe"


async def test_who_gave_an_address_for_something_is_told_who_writes():
    it = talk()
    await told(it, "can you send me something by email", "it's jane dot doe at brightpath dot com")
    assert "jane.doe@brightpath.com" in await told(it, "yes") and it.state.given.promises


async def test_an_assistant_is_no_training_course():
    it = talk("voice", OTHER)
    await told(it, "no recording", "i don't know, i'm only her assistant")
    assert it.state.given.count == 0 and it.state.signals.active[-1].criterion == "role"


async def test_a_recruiter_is_shown_elsewhere_and_a_buying_one_is_not():
    it = talk()
    await told(it, "hi i'm a recruiter, i place data engineers, who handles hiring over there")
    assert it.state.judged.disqualified == "vendor"
    it = talk()
    await told(
        it, "i'm a recruiter at acme, we want to sync our candidates from snowflake to hubspot"
    )
    assert it.state.judged.disqualified is None


async def test_who_keeps_their_number_to_themselves_may_still_be_recorded():
    it = talk()
    text = await told(it, "i don't want to give my number")
    assert "recording" not in text.lower() and it.state.recording.consent != "declined"


@pytest.mark.parametrize(
    "words",
    ["is tideline owned by salesforce", "are you part of snowflake", "who are you owned by"],
)
async def test_whose_company_we_are_is_not_answered_by_what_we_connect_to(words):
    assert not (await talk().says(words)).citations


async def test_what_was_meant_never_names_a_tool_they_did_not():
    for words in ("whats the catch with the free trial", "how do i contact sales later"):
        text = await told(talk("chat"), words)
        assert "redshift" not in text.lower() and "hubspot" not in text.lower()


async def test_a_nice_before_a_question_is_no_yes():
    it = talk("chat")
    await told(it, "do you publish benchmarks of the free trial", "nice, do you support databricks")
    assert it.turns[-1].citations[0].startswith("databricks")


@pytest.mark.parametrize(
    "words",
    [
        "what does it cost for a small team like 8 ppl",
        "Need pricing for 5k employees asap",
        "he wants to know what it costs for about 300 people",
        "what would a deal like that cost roughly",
    ],
)
async def test_a_price_is_told_however_it_is_asked_for(words):
    assert (await talk("chat").says(words)).citations[0].startswith("plans")


async def test_what_it_costs_is_told_beside_whether_it_works():
    turn = await talk().says("just tell me if it works with bigquery and what it costs")
    assert {c.split("@")[0] for c in turn.citations} == {"bigquery", "plans"}


async def test_who_would_sign_up_by_themselves_is_told_of_the_trial():
    assert (await talk().says("can i sign up online")).citations[0].startswith("trial")


@pytest.mark.parametrize("words", ["no i'm good thank you", "i'm good thanks"])
async def test_who_is_good_is_done(words):
    it = talk()
    assert "Goodbye" in await told(it, "do you support databricks", words)


async def test_a_department_between_a_name_and_a_company_hides_neither():
    it = talk()
    await it.says("this is karen from procurement at harbor mutual")
    assert (it.state.signals.value("name"), it.state.signals.value("company")) == (
        "Karen",
        "Harbor Mutual",
    )


async def test_net_sixty_and_two_engineers_are_no_company_sizes():
    it = talk()
    await told(it, "how much is growth", "and net sixty", "we build it with two engineers")
    assert it.state.signals.value("employees") is None


async def test_our_legal_is_no_law_firm():
    it = talk("email")
    await it.says("Also our legal asks where data is processed.")
    assert it.state.signals.value("industry") is None


async def test_so_many_that_are_needed_are_so_many():
    it = talk("chat", OTHER)
    await it.says("ok we need 2 by february for the biobank")
    assert it.state.signals.value("quantity") == "2"
    it = talk("chat", OTHER)
    await it.says("looking 4 a quiet centrifuge")
    assert it.state.signals.value("quantity") is None


async def test_a_styled_surname_is_one_of_ours():
    it = talk("voice", OTHER)
    await told(it, "yes that's fine", "can ms holm call me")
    assert it.state.callback.owner == "ingrid-holm"


@pytest.mark.parametrize("words", ["what day works for you guys", "it's for a demo"])
async def test_a_meeting_is_asked_for_in_few_words(words):
    assert "Maya Lindqvist" in await told(talk(), words)


@pytest.mark.parametrize(
    "words", ["pls remove my account", "i'm calling about the invoice we got, it's wrong"]
)
async def test_a_customers_trouble_is_supports(words):
    it = talk("chat")
    await it.says(words)
    assert it.state.judged.disqualified == "support"


async def test_who_repeats_themselves_is_not_told_that_nobody_got_back():
    text = await told(talk("chat"), "I already told you 300 people")
    assert "sorry" not in text.lower()


async def test_it_is_the_product_that_was_spoken_of_and_no_other():
    it = talk("chat", OTHER)
    await it.says("can the polaris run on 110v")
    assert not (await it.says("how heavy is it")).citations
    it = talk("chat", OTHER)
    await it.says("what does the cx8 cost")
    assert "310" in (await it.says("how heavy is it")).text


@pytest.mark.parametrize("words", ["reto keller", "it's lena, lena vogel"])
async def test_a_name_where_an_address_was_asked_for_is_a_name(words):
    it = talk()
    await told(it, "can i get a demo", "tomorrow at 8", words)
    assert it.state.signals.value("name") in ("Reto Keller", "Lena Vogel")


async def test_who_wants_the_details_by_mail_is_asked_where_to():
    it = talk()
    text = await told(it, "what does it do", "fine. email me the details")
    assert "email address" in text


async def test_who_will_be_there_is_told_once_it_is_booked():
    it = talk("chat")
    await told(it, "can i get a demo", "2nd one", "m.ito@kestrel.example")
    assert "Maya" in await told(it, "who's gonna be there") and not it.state.questions


async def test_a_talk_at_an_hour_by_mail_is_a_meeting():
    it = talk("email")
    await told(it, "do you support snowflake", "Can we talk on Friday morning, say 9:30?")
    assert it.state.meeting.booking is not None


async def test_where_one_met_is_not_where_one_is():
    it = talk("email")
    await it.says("we met at the trade fair in Chicago last month.")
    assert it.state.signals.value("location") is None


async def test_who_has_no_answer_yet_hears_that_we_are_sorry():
    text = await told(talk("email"), "Following up on my question: I haven't got an answer yet.")
    assert "sorry" in text


async def test_an_answer_that_was_given_before_earns_no_question():
    it = talk()
    await told(
        it,
        "we're a nonprofit of nine people. we keep the donors in excel",
        "i couldn't tell you",
        "can i just upload my spreadsheet to you",
    )
    assert len(it.state.asks.made) <= it.state.given.count


async def test_thank_you_letters_are_what_somebody_writes_and_no_thanks():
    it = talk()
    text = await told(it, "i'd like the thank-you letters to go to the right people")
    assert "welcome" not in text and "Happy" not in text
    assert "welcome" in await told(it, "thank you so much")
