"""What a buyer reads: the article's own wording, nothing about hearing, nothing read back."""

import re

import pytest

from core.conversation.wording.lines import LINES
from core.conversation.wording.written_lines import WRITTEN_LINES
from tests.core.talk import Talk, chat

OF_THE_EAR = re.compile(
    r"\b(?:hear|heard|hearing|catch|say (?:it|that)|slow(?:ly|er)|line isn't|keypad|call again"
    r"|calling from|thanks for calling|end the call|spell it)\b",
    re.IGNORECASE,
)


async def test_an_answer_is_read_as_the_article_has_it_and_heard_as_it_is_spoken():
    spoken, written = Talk(), chat()
    for talk in (spoken, written):
        await talk.says("Do you integrate with Snowflake?")
    assert spoken.turns[0].text.startswith("Yes, we connect natively")
    assert written.turns[0].text.startswith("Yes, Tideline connects natively")
    assert spoken.turns[0].citations == written.turns[0].citations


@pytest.mark.parametrize(
    ("words", "opening", "yeses"),
    [
        ("Which certifications do you have?", "We don't hold ISO 27001", 0),
        ("Do you have ISO 27001?", "No, we don't hold ISO 27001", 0),
        ("Do you connect to HubSpot and Postgres?", "Yes, ", 1),
        ("What about Snowflake?", "Yes, ", 1),
    ],
)
async def test_yes_and_no_are_said_once_and_to_what_they_answer(words, opening, yeses):
    text = (await chat().says(words)).text
    assert text.startswith(opening) and text.count("Yes, ") == yeses


@pytest.mark.parametrize(
    "turns",
    [
        ("lkj lkjh", "lkj lkjh", "lkj lkjh"),
        ("", "", ""),
        ("Are you recording this?", "Please don't record this."),
        ("Please call me at 12345.", "12"),
        ("Please call me back.", "My number is 617 555 0123", "thanks, bye"),
        ("Where is my appointment? I want to move my appointment.",),
        ("Do you support SSO?", "That's all, goodbye."),
        ("You are a stupid useless piece of shit", "Fuck you", "Fuck off you idiot"),
    ],
)
async def test_nothing_is_said_of_hearing_to_who_reads(turns):
    talk = chat()
    for text in turns:
        await talk.says(text)
        assert not OF_THE_EAR.search(talk.turns[-1].text), talk.turns[-1].text


async def test_a_typed_number_and_address_are_taken_without_reading_them_back():
    talk = chat()
    await talk.says("Please call me back tomorrow morning on +1 617-555-0123.")
    assert talk.state.callback is not None and talk.known("phone") == ["+16175550123"]
    await talk.says("Ann Lee. You can also write to ann@harbor.example.")
    assert talk.known("email") == ["ann@harbor.example"] and talk.state.awaited.read_back is None
    assert not [turn for turn in talk.turns if any(a.startswith("confirm:") for a in turn.asks)]


def test_every_line_for_readers_has_one_for_listeners_with_the_same_slots():
    def slots(wordings: tuple[str, ...]) -> set[str]:
        return {slot for wording in wordings for slot in re.findall(r"\{\w+\}", wording)}

    assert all(slots(WRITTEN_LINES[topic]) <= slots(LINES[topic]) for topic in WRITTEN_LINES)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Hola, ¿tienen integración con Snowflake?", "Spanish"),
        ("Was kostet der Growth-Plan, und liegen die Daten in der EU?", "German"),
        ("Bonjour, combien coûte le plan Growth?", "French"),
        (
            "Nous sommes une marque de mode à Lyon, 120 personnes, et nous cherchons à envoyer nos"
            " segments BigQuery vers Facebook Ads. Quel est le prix ? Peut-on essayer ?",
            "French",
        ),
        ("Bitte senden Sie mir ein Angebot, ich habe noch keine Antwort.", "German"),
    ],
)
async def test_who_writes_another_language_gets_a_person_and_no_guesses(words, language):
    talk = chat()
    turn = await talk.says(words)
    assert "only write in English" in turn.text and talk.state.wants.human
    assert talk.known("language") == [language] and not talk.state.questions


@pytest.mark.parametrize("words", ["We're in Los Angeles, La Jolla", "how does it die", "MIT, com"])
async def test_names_and_english_are_no_other_language(words):
    talk = chat()
    await talk.says(words)
    assert not talk.known("language")


@pytest.mark.parametrize(
    "words",
    [
        "Bitte schicken Sie mir keine E-Mails mehr.",
        "Bitte nehmen Sie mich aus dem Verteiler.",
        "Merci de me désabonner.",
        "Je ne veux plus recevoir vos mails.",
        "Quiero darme de baja.",
        "Non voglio più ricevere queste mail.",
        "Não quero mais receber isto.",
        "Graag geen mails meer.",
    ],
)
async def test_who_wants_no_more_mail_is_understood_in_their_language(words):
    talk = chat()
    turn = await talk.says(words)
    assert talk.state.ending.opted_out and "don't want to be contacted" in turn.text


@pytest.mark.parametrize(
    "words",
    [
        "Ich habe keine E-Mail von Ihnen bekommen.",
        "Wir brauchen mehr Mails aus Snowflake.",
        "Nous voulons recevoir plus d'informations.",
        "Quiero saber más de la baja de clientes.",
    ],
)
async def test_mail_that_is_spoken_of_in_another_language_ends_nothing(words):
    talk = chat()
    await talk.says(words)
    assert not talk.state.ending.opted_out
