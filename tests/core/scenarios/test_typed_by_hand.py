"""What people type when they try the chat: each of these once got a reply off the point."""

from zoneinfo import ZoneInfo

import pytest

from core.commands import (
    Abuse,
    AskProduct,
    OffTopic,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
)
from core.events import Channel, Flagged
from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.conversation.understanding.test_embedded import kinds, read, signals
from tests.core.talk import MONDAY_NOON, OTHER, chat, engine, sample


async def test_a_bare_subject_after_a_competitor_asks_about_us():
    talk = chat()
    await talk.says("how is that different from fivetran")
    turn = await talk.says("ok and pricing?")
    assert turn.citations[0].startswith("plans@"), turn.text


async def test_who_names_another_competitor_still_asks_about_that():
    talk = chat()
    await talk.says("how is that different from fivetran")
    turn = await talk.says("and hightouch?")
    assert turn.citations[0].startswith("vs-hightouch@"), turn.text


@pytest.mark.parametrize(
    "words", ["any time in the morning", "you suck", "it was the morning", "that is the answer"]
)
async def test_what_asks_nothing_is_not_answered(words):
    turn = await chat().says(words)
    assert not turn.citations, turn.text


@pytest.mark.parametrize("words", ["the growth plan per year", "growth plan price"])
async def test_a_subject_without_a_sentence_is_answered(words):
    turn = await chat().says(words)
    assert turn.citations[0].startswith("growth-plan@"), turn.text


@pytest.mark.parametrize(
    "words",
    [
        "do you support snowflake AND bigquery at the same time",
        "can you do snowflake and bigquery in parallel?",
    ],
)
async def test_both_of_two_names_are_answered_for(words):
    turn = await chat().says(words)
    assert {c.split("@")[0] for c in turn.citations} == {"snowflake", "bigquery"}, turn.text


@pytest.mark.parametrize("words", ["give me a 50% discount", "can I get 20% off"])
async def test_a_discount_of_so_much_is_a_discount(words):
    turn = await chat().says(words)
    assert turn.citations == ["discounts@1#1"], turn.text


@pytest.mark.parametrize(
    "words",
    [
        "hi um i saw you online and i wanted to see if this is something for us",
        "we're wondering whether you'd be right for a company like ours",
    ],
)
async def test_who_wonders_whether_we_are_anything_for_them_is_told_what_we_do(words):
    turn = await chat().says(words)
    assert turn.citations[0].startswith("what-is-tideline@"), turn.text


async def test_what_they_tell_of_themselves_is_noted_though_nobody_could_read_it():
    turn = await chat().says(
        "well our people keep asking for lists and it takes two days each time"
    )
    assert "get that" not in turn.text and "follow" not in turn.text, turn.text


async def test_a_thing_that_is_needed_is_told_of_as_far_as_it_is_known():
    turn = await chat().says("we need a penetration test report for our auditors")
    assert turn.citations and turn.citations[0].startswith("penetration-tests@"), turn.text


async def test_a_need_that_no_article_is_about_is_not_answered():
    turn = await chat().says("I need a holiday")
    assert not turn.citations, turn.text


async def test_who_asks_for_advice_is_told_what_there_is():
    turn = await chat().says("what would you recommend?")
    assert turn.citations[0].startswith("plan-differences@"), turn.text


async def test_a_name_under_an_address_is_the_writers():
    talk = chat()
    await talk.says("my email is tom@finwell.example")
    turn = await talk.says("Tom Becker")
    assert talk.state.signals.value("name") == "Tom Becker" and "Tom" in turn.text


async def test_a_name_of_a_tool_or_a_town_under_an_address_is_no_persons():
    talk = chat()
    await talk.says("my email is tom@finwell.example")
    await talk.says("Google Ads")
    await talk.says("New York")
    assert talk.state.signals.value("name") is None


async def test_what_is_added_with_and_is_asked_though_we_asked_something():
    talk = chat()
    await talk.says("how do you handle schema changes")
    turn = await talk.says("and duplicates")
    assert any(s.kind in ("answer", "confirm", "deferral") for s in turn.sentences), turn.text


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("ok can i talk to a technician", RequestHuman),
        ("alright can somebody show me", RequestMeeting),
        ("could you show us how it works", RequestMeeting),
        ("can you show me the price", AskProduct),
        ("can you help me with my homework", OffTopic),
        ("write me a poem about snow", OffTopic),
        ("you guys are useless", Abuse),
        ("promise me that you'll never raise prices", AskProduct),
        ("your competitor told me you had a breach last year", AskProduct),
        ("i read online that you were sold", AskProduct),
        ("can you help me with my data", AskProduct),
    ],
)
def test_what_a_message_is(words, kind):
    assert kind in kinds(read(words))


@pytest.mark.parametrize(
    ("words", "tools"),
    [
        ("we're looking at real-time sync from databricks into salesforce", "Databricks"),
        ("we want to get orders from snowflake into hubspot", "Snowflake"),
    ],
)
def test_where_something_is_brought_from_is_what_they_have(words, tools):
    told = [x.value for x in read(words) if getattr(x, "criterion", "") == "tech_stack"]
    assert tools in told


@pytest.mark.parametrize(
    "words",
    ["we're moving from redshift to snowflake", "we switched over from redshift to snowflake"],
)
def test_what_they_leave_is_not_what_they_have(words):
    assert signals(read(words))["tech_stack"] == "Snowflake"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("I'm Jane Doe of Acme, 300 people", {"name": "Jane Doe", "company": "Acme"}),
        (
            "raj@coreline.example, Raj Mehta, VP Data at Coreline",
            {"name": "Raj Mehta", "company": "Coreline", "role": "VP of data"},
        ),
        (
            "name: Sam Park, company: Loopcart, sam@loopcart.example",
            {"name": "Sam Park", "company": "Loopcart"},
        ),
        ("we're Acme Corp out of Denver, 200 employees", {"company": "Acme Corp"}),
        (
            "I am the Director of Analytics at St. Clair Health, a hospital network",
            {"company": "St. Clair Health"},
        ),
    ],
)
async def test_who_they_are_is_read_from_a_line_of_details(words, told):
    turn = await chat().says(words)
    assert told.items() <= turn.signals.items(), turn.signals


@pytest.mark.parametrize(
    "words",
    [
        "finance wants a number by EOD",
        "can you give me a ballpark?",
        "we need a number for the board",
        "rough number for 200 people?",
    ],
)
async def test_who_wants_a_number_is_told_what_it_costs(words):
    turn = await chat().says(words)
    assert turn.citations[0].startswith("plans@"), turn.text
    assert "use_case" not in turn.signals


@pytest.mark.parametrize("words", ["our boss wants a proposal by friday", "my CFO needs a quote"])
async def test_a_paper_that_somebody_of_theirs_wants_is_put_together_by_a_person(words):
    turn = await chat().says(words)
    assert "put together" in turn.text or "prepare" in turn.text, turn.text


async def test_a_question_by_its_tail_is_no_second_question():
    talk = chat()
    turn = await talk.says("you're a bot aren't you")
    assert "AI assistant" in turn.text and not talk.state.questions
    turn = await talk.says("you do SSO, don't you?")
    assert turn.citations[0].startswith("sso@") and len(talk.state.questions) == 1


@pytest.mark.parametrize("words", ["brb", "quick q", "back", "i have a question"])
async def test_who_says_that_they_go_or_come_is_understood(words):
    turn = await chat().says(words)
    assert "hurry" in turn.text or "time" in turn.text or "I'm here" in turn.text, turn.text


async def test_a_link_alone_asks_nothing():
    turn = await chat().says("https://tideline.example/pricing")
    assert not turn.citations, turn.text


@pytest.mark.parametrize("words", ["demo", "a demo please"])
async def test_a_demo_in_one_word_is_asked_for(words):
    talk = chat()
    await talk.says(words)
    assert talk.state.wants.meeting


async def test_what_leads_up_to_a_list_is_no_question():
    talk = chat()
    await talk.says(
        "Before we talk, could you help us with the following: Do you support SSO? Can you help"
        " with what she's asking below?"
    )
    assert [q.text for q in talk.state.questions] == ["Do you support SSO"]


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        (
            "Let me know if you can meet them. We need SSO, EU hosting and a DPA.",
            ["sso", "data-residency", "gdpr"],
        ),
        (
            "Before we go on I need: SOC 2 report, pricing, and a list of connectors.",
            ["soc2", "plans", "connectors"],
        ),
    ],
)
async def test_what_a_sentence_lists_is_answered_item_by_item(words, cited):
    turn = await chat().says(words)
    assert list(dict.fromkeys(c.split("@")[0] for c in turn.citations)) == cited, turn.text


async def test_a_certificate_of_insurance_is_no_trade_and_a_questionnaire_is_a_persons():
    talk = chat()
    turn = await talk.says("I need: W-9, certificate of insurance and the SOC 2 report.")
    assert "industry" not in turn.signals and not [c for c in turn.citations if "finance" in c]
    turn = await chat().says("Please complete the attached security questionnaire by Friday.")
    assert "prepare" in turn.text or "put together" in turn.text, turn.text


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("はじめまして。Snowflakeとの連携について教えてください。", "Japanese"),
        ("Здравствуйте, сколько стоит ваш продукт?", "Russian"),
        ("مرحبا، كم سعر المنتج؟", "Arabic"),
    ],
)
async def test_another_script_is_another_language(words, language):
    talk = chat()
    turn = await talk.says(words)
    assert talk.known("language") == [language] and not turn.citations
    assert not (await chat().says("Do you support Snowflake? – Zoë Müller")).signals.get("language")


@pytest.mark.parametrize(
    "words",
    [
        "I've shared this with our CIO, who has one concern.",
        "I'm adding Pedro, our data lead, who has some questions about Kafka.",
    ],
)
async def test_who_tells_of_somebody_asks_nothing(words):
    talk = chat()
    await talk.says(words)
    assert not talk.state.questions


async def test_following_up_asks_after_what_is_owed():
    talk = chat()
    turn = await talk.says("Following up on this?")
    assert not turn.citations, turn.text


async def test_who_sends_a_cv_looks_for_a_job():
    turn = await chat().says("Dear hiring team, please find attached my CV for the SDR position.")
    assert "careers" in turn.text


@pytest.mark.parametrize(
    "words", ["who would we be working with?", "who would be our contact?", "who do they talk to?"]
)
async def test_who_looks_after_them_is_told_by_name(words):
    talk = chat()
    await talk.says("we use snowflake and hubspot, 300 people, retailer in Boston")
    assert talk.known("industry") == ["retail"]
    turn = await talk.says(words)
    assert "Maya" in turn.text and "Account Executive" in turn.text and not talk.state.questions


@pytest.mark.parametrize(
    "words",
    [
        "He'd like a 30-minute call with someone on pricing.",
        "my boss would like a demo on Thursday",
        "our CFO wants to have a call with somebody next week",
    ],
)
async def test_who_arranges_it_for_somebody_else_asks_for_a_meeting(words):
    talk = chat()
    await talk.says(words)
    assert talk.state.wants.meeting and not talk.known("timeline")


async def test_a_list_that_is_numbered_in_its_line_is_answered_item_by_item():
    turn = await chat().says("need: 1) sso 2) eu data residency 3) dbt")
    assert [c.split("@")[0] for c in turn.citations] == ["sso", "data-residency", "dbt"], turn.text


async def test_a_name_that_follows_an_address_comes_with_its_company():
    talk = chat()
    await talk.says("can someone write to me? ann@volt.example")
    turn = await talk.says("Ann Lee, Volt Energy")
    assert turn.signals["name"] == "Ann Lee" and turn.signals["company"] == "Volt Energy"
    talk = chat()
    await talk.says("can someone write to me? ann@volt.example")
    turn = await talk.says("Google Ads, Salesforce")
    assert "name" not in turn.signals


async def test_a_lettered_list_is_a_list():
    turn = await chat().says("We still need:\na) EU hosting\nb) your DPA")
    assert [c.split("@")[0] for c in turn.citations][:1] == ["data-residency"]
    assert any(c.startswith("gdpr@") for c in turn.citations), turn.text


async def test_who_may_go_with_a_rival_hesitates():
    turn = await chat().says("That's a pity. We'll probably go with them then.")
    assert "objection" in [f.kind for f in turn.facts if isinstance(f, Flagged)]


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        ("1) price? 2) trial? 3) SSO?", ["plans", "trial", "sso"]),
        ("We're on BigQuery, 120 people. price? trial?", ["plans", "trial"]),
    ],
)
async def test_subjects_asked_for_in_a_word_each_are_answered(words, cited):
    talk = chat()
    turn = await talk.says(words)
    assert [c.split("@")[0] for c in dict.fromkeys(turn.citations)] == cited, turn.text
    turn = await talk.says("what about price")
    assert turn.citations[0].startswith("plans@"), turn.text


async def test_book_me_for_a_day_asks_for_that_time():
    talk = chat()
    await talk.says("book me for tuesday 10am ET, ben@orbit.example")
    assert talk.state.wants.meeting


def booking_chat(channel: Channel = "chat") -> TextTalk:
    opened = ConversationOpened("c1", channel, "inbound", None, None, MONDAY_NOON)
    return TextTalk(engine(), opened, desk=MemoryDesk(sample().company))


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        (
            "Hi, could you send me pricing, security docs, and a reference customer?",
            ["plans", "soc2", "references"],
        ),
        (
            "A few questions: 1) do you support SSO on the Growth plan 2) is there a setup fee and"
            " 3) how long does onboarding take? Thanks",
            ["sso", "setup-fee", "onboarding"],
        ),
        ("do you support SSO and SCIM provisioning?", ["sso", "scim"]),
        ("Thanks. And a DPA, plus the SOC 2 report please.", ["gdpr", "soc2"]),
        ("ok back. they ask if we can self host", ["self-hosting"]),
    ],
)
async def test_each_thing_that_is_asked_for_in_one_breath_is_answered(words, cited):
    turn = await chat().says(words)
    assert [c.split("@")[0] for c in dict.fromkeys(turn.citations)] == cited, turn.text


async def test_what_nobody_knows_of_several_things_is_put_off_by_itself():
    talk = chat()
    turn = await talk.says("do you support okta and salesloft")
    assert turn.citations and "Maya Lindqvist" in turn.text, turn.text
    (open_,) = [q.text for q in talk.state.questions if q.status != "answered"]
    assert "salesloft" in open_ and "okta" not in open_


async def test_a_quote_is_one_paper_however_much_is_said_of_it():
    commands = read(
        "Please send us a formal quote for Growth, annual billing, for BrightMed (Lisbon,"
        " Portugal), NIF 509123456."
    )
    assert [c.question for c in commands if isinstance(c, AskProduct)] == [
        "Please send us a formal quote for Growth, annual billing, for BrightMed (Lisbon,"
        " Portugal), NIF 509123456"
    ]


async def test_who_wants_a_quote_hears_the_price_and_who_writes_and_when():
    talk = chat()
    turn = await talk.says("can you send me a quote for growth annual, 14400 right?")
    assert "$14,400" in turn.text and turn.asks == ["email"], turn.text
    await talk.says("finance@bluefin.com")
    turn = await talk.says("when will i get it")
    assert "Maya" in turn.text and "finance@bluefin.com" in turn.text, turn.text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("dan miller, dan@brightpath.io", {"name": "Dan Miller"}),
        ("Sam Ortiz sam@cloudberry.com", {"name": "Sam Ortiz"}),
        ("its sam ortiz, sam@cloudberry.com", {"name": "Sam Ortiz"}),
        ("joe@pine.com joe", {"name": "Joe"}),
        ("sure, sam@cloudberry.com", {}),
        ("mail me, marketing@x.io", {}),
        ("Bluefin Analytics, finance@bluefin.com", {"company": "Bluefin Analytics"}),
        ("our company is Bluefin Analytics, 140 employees", {"company": "Bluefin Analytics"}),
        ("I'm Laura, head of data at Finch & Co", {"name": "Laura", "company": "Finch & Co"}),
        ("This is doctor Weber from Charite", {"name": "Dr. Weber", "company": "Charite"}),
    ],
)
async def test_names_are_taken_as_people_type_them(words, told):
    turn = await chat().says(words)
    found = {k: v for k, v in turn.signals.items() if k in ("name", "company")}
    assert found == told


@pytest.mark.parametrize("words", ["Also, who will send it?", "Also, do you support SSO?"])
async def test_a_word_after_thanks_is_no_name(words):
    turn = await chat().says(f"Thank you so much\n{words}")
    assert "name" not in turn.signals


async def test_a_colleagues_address_invites_them_and_leaves_ones_own():
    talk = booking_chat()
    await talk.says("can we book a demo next Wednesday after 1pm, we're in Stockholm")
    await talk.says("Sara Lind, sara.lind@nordtravel.se")
    turn = await talk.says("and jens is jens.berg@nordtravel.se")
    assert "inviting jens.berg@nordtravel.se" in turn.text, turn.text
    assert talk.known("email") == ["sara.lind@nordtravel.se"]


async def booked(channel: Channel = "chat") -> TextTalk:
    talk = booking_chat(channel)
    await talk.says("200 people, software, on snowflake. can i book a demo?")
    await talk.says("monday 10am works")
    turn = await talk.says("Sam Ortiz sam@cloudberry.com")
    assert "December 7 at 10 AM" in turn.text, turn.text
    return talk


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("actually can we do tuesday instead", "Tuesday, December 8"),
        ("actually can we do this tuesday instead", "tomorrow"),
        ("Sorry, I meant Dec 9, 10:00.", "Wednesday, December 9 at 10 AM"),
        ("Could we move this to Thursday same time?", "Thursday, December 10 at 10 AM"),
    ],
)
async def test_another_time_for_what_is_booked_is_one_of_its_week(words, day):
    talk = await booked()
    turn = await talk.says(words)
    assert day in turn.text, turn.text
    assert talk.known("employees") == ["200"]


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("Please answer the following by Friday.", None),
        ("we need a quote before December 4th", None),
        ("we need a quote by friday and want to be live by march", "2027-03-31"),
        ("Please answer by Friday. Target go-live is March 2027.", "2027-03-31"),
    ],
)
async def test_by_when_an_answer_is_wanted_is_no_projects_date(words, by):
    assert (await chat().says(words)).signals.get("timeline") == by


@pytest.mark.parametrize(
    "words",
    [
        "hi im 16 and want to use your product for my school startup",
        "one of our clients needs this now",
        "how often does data sync",
        "could you just have him resend it",
    ],
)
async def test_what_tells_nothing_of_a_purpose_is_none(words):
    assert "use_case" not in (await chat().says(words)).signals


async def test_a_message_goes_to_who_was_named_turns_before():
    talk = chat()
    await talk.says("hi i talked with Tom last week and he sent me a quote but i cant find it")
    turn = await talk.says("could you just have him resend it")
    assert "Tom" in turn.text and "Maya" not in turn.text, turn.text
    turn = await chat().says("can you tell Daniel that the contract is signed")
    assert "Daniel Okafor" in turn.text, turn.text


async def test_a_bare_stop_ends_a_chat_and_the_mails():
    turn = await chat().says("stop")
    assert (
        turn.action is not None
        and turn.action.kind == "hang_up"
        and not turn.state.ending.opted_out
    )
    turn = await booking_chat("email").says("STOP")
    assert turn.state.ending.opted_out


@pytest.mark.parametrize("words", ["how mcuh does it csot", "waht does it cost"])
async def test_letters_in_the_wrong_order_are_read(words):
    turn = await chat().says(words)
    assert turn.citations[0].startswith("plans@"), turn.text


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Ok. With who I can speak about?", RequestHuman),
        ("can you have someone reach out", RequestCallback),
        ("Please call immediately, +49 228 555123", RequestCallback),
    ],
)
def test_people_are_asked_for_in_other_words(words, kind):
    assert kind in kinds(read(words))


async def test_who_asks_for_a_language_we_have_nothing_on_is_offered_somebody():
    opened = ConversationOpened("c1", "chat", "inbound", None, None, MONDAY_NOON)
    turn = await TextTalk(engine(OTHER), opened).says("do you speak german")
    assert "Giessen" not in turn.text and "call you back" in turn.text, turn.text


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("habla español?", "Spanish"),
        (
            "Sehr geehrte Damen und Herren, wir suchen eine Lösung, um Daten aus Snowflake nach"
            " Salesforce zu übertragen. Was kostet das und wo werden die Daten gespeichert?",
            "German",
        ),
    ],
)
async def test_other_languages_are_told_by_everyday_words(words, language):
    assert (await chat().says(words)).signals["language"] == language


async def test_a_vendor_who_only_offers_is_shown_out():
    turn = await chat().says(
        "Hello dear, we are offering SEO services for your website at very affordable rates."
        " Who is the right person to talk with?"
    )
    assert "vendors@tideline.example" in turn.text and "Maya" not in turn.text, turn.text


async def test_a_customer_in_trouble_who_presses_hears_a_sorry_and_where_to_turn():
    talk = chat()
    await talk.says("Hi, our syncs have been failing since this morning. Can somebody look?")
    turn = await talk.says("its urgent, customers are affected!!")
    assert turn.text.startswith("I'm sorry") and "support@" in turn.text, turn.text


async def test_a_reply_says_nothing_twice():
    turn = await booking_chat("email").says(
        "Snowflake?\n\nDo you support Snowflake and Marketo?\nWhat does onboarding look like and"
        " how long does it take?"
    )
    said = [s.text.removeprefix("Yes, ").lower() for s in turn.sentences]
    assert len(said) == len(set(said)), turn.text


async def test_another_day_after_the_hours_is_asked_of_the_hours():
    talk = booking_chat()
    turn = await talk.says("are you open now? when can i call")
    assert "Monday to Thursday" in turn.text and "Airbyte" not in turn.text, turn.text
    turn = await talk.says("what about saturday")
    assert turn.text.startswith("We're closed on Saturday."), turn.text
    turn = await talk.says("and friday")
    assert "Friday" in turn.text and "5 PM" in turn.text, turn.text


async def test_who_wants_it_in_plain_words_is_offered_somebody():
    talk = chat()
    await talk.says("what is reverse etl")
    turn = await talk.says("in plain english please")
    assert turn.asks == ["offer:callback"], turn.text


async def test_where_an_answer_goes_is_said_once_their_address_is_known():
    talk = chat()
    await talk.says("who are your subprocessors")
    turn = await talk.says("tim@gravel.co")
    assert "Maya at tim@gravel.co" in turn.text, turn.text


async def test_whether_what_they_want_is_possible_is_answered():
    assert (await chat().says("We want to sync BigQuery to Klaviyo. It is possible?")).citations


async def test_figures_beside_a_number_to_call_are_kept():
    turn = await chat().says("we are 20 people in austin. call me at 512-555-0199 tomorrow")
    assert turn.signals["employees"] == "20" and turn.signals["phone"] == "+15125550199"


async def test_what_somebody_runs_with_a_brother_is_theirs():
    turn = await chat().says("I run a feed business with my brother, about 30 employees")
    assert turn.signals["employees"] == "30"


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        ("Which data warehouses do you support natively?", "which-warehouses"),
        ("Can we terminate for convenience?", "cancellation"),
        ("He also wants to know if there's a Terraform provider.", "api"),
        ("Please check:\n- does it run in our own VPC\n- price for 8M rows", "self-hosting"),
    ],
)
async def test_what_letters_ask_in_their_own_words_is_answered(words, cited):
    turn = await booking_chat("email").says(words)
    assert turn.citations and turn.citations[0].startswith(f"{cited}@"), turn.text


async def test_a_threat_to_leave_is_no_question():
    turn = await booking_chat("email").says(
        "Does your Growth plan include SSO or not? If I don't get an answer today we go with"
        " Fivetran."
    )
    assert "If you mean" not in turn.text, turn.text


async def test_a_quote_by_mail_is_answered_with_the_price_and_promised():
    talk = booking_chat("email")
    turn = await talk.says("Please send us a formal quote for Growth, annual billing.")
    assert "$14,400" in turn.text and "Maya" in turn.text, turn.text
    turn = await talk.says("When can I expect it? We need it before December 4th.")
    assert "timeline" not in turn.signals and "Maya" in turn.text, turn.text


async def test_a_time_with_a_question_mark_asks_for_that_time_alone():
    turn = await booking_chat("email").says(
        "I'd like to see a demo. Monday or Tuesday next week, afternoon Pacific time?"
    )
    assert "If you mean" not in turn.text and "December 7 at 12 PM" in turn.text, turn.text


async def test_a_call_gets_the_hour_that_is_named_before_its_day():
    talk = booking_chat("email")
    await talk.says("Please call me, my number is 515-555-0144.")
    turn = await talk.says("Noon works Wednesday. Tell them to ask for Hank.")
    assert "Wednesday at noon" in turn.text, turn.text


async def test_who_signs_by_a_first_name_keeps_the_whole_of_it():
    who = (("name", "Nina Roth"), ("email", "nina@copperline.com"))
    opened = ConversationOpened("c1", "email", "inbound", None, None, MONDAY_NOON, contact=who)
    talk = TextTalk(engine(), opened)
    await talk.says("Do you support SSO?\n\nRegards,\nNina\nCopperline")
    assert talk.known("name") == ["Nina Roth"]


@pytest.mark.parametrize("words", ["can we hop on a quick call rn", "lets hop on a quick call"])
async def test_who_wants_to_hop_on_a_call_is_offered_times(words):
    talk = booking_chat()
    turn = await talk.says(words)
    assert talk.state.times.slots, turn.text


async def test_a_call_that_was_promised_may_come_after_lunch():
    talk = booking_chat()
    await talk.says("please call me tomorrow, +1 312 555 0188")
    turn = await talk.says("after lunch")
    assert "tomorrow after lunch" in turn.text, turn.text


@pytest.mark.parametrize("words", ["this is the worst chat ever", "your site is garbage"])
async def test_who_is_fed_up_hears_a_sorry_and_is_offered_somebody(words):
    turn = await chat().says(words)
    assert "sorry" in turn.text and turn.asks == ["offer:callback"], turn.text


async def test_what_somebody_is_to_find_out_is_answered():
    turn = await chat().says("Please find out if Tideline does HIPAA and what it costs")
    assert [c.split("@")[0] for c in dict.fromkeys(turn.citations)] == ["hipaa", "plans"]


async def test_another_day_at_the_same_time_is_looked_for():
    talk = booking_chat()
    await talk.says("I'm in Sydney. can we talk Thursday 2pm?")
    await talk.says("oh wait Thursday is a holiday here, Wednesday same time?")
    assert {
        slot.start.astimezone(ZoneInfo("Australia/Sydney")).day for slot in talk.state.times.slots
    } == {2}


async def test_a_list_of_whethers_is_asked_item_by_item():
    turn = await booking_chat("email").says(
        "can you tell me\na) whether you have a data centre in Germany,\nb) whether you sign a DPA,"
        " and\nc) what the Growth plan costs?"
    )
    cited = [c.split("@")[0] for c in dict.fromkeys(turn.citations)]
    assert {"data-residency", "gdpr", "growth-plan"} <= {*cited}, turn.text


async def test_news_of_an_offer_are_asked_for_and_not_put_off_as_a_question():
    talk = booking_chat("email")
    await talk.says("Please send an offer for 3 workspaces on Growth, yearly.")
    await talk.says("Any news on the offer?")
    assert len([q for q in talk.state.questions if "news" in q.text]) == 0


def test_the_second_one_is_no_single_view():
    assert "use_case" not in signals(read("The second one works. See above :)"))
