"""What belongs to a question of a turn: the stretch from the question before it to the next."""

from core.asking import around, look_up, wanted
from core.commands import AskProduct, Span
from core.talk import UserSaid
from knowledge.entry import NoAnswer
from tests.core.talk import MONDAY_NOON

NOTHING = NoAnswer("nothing matches", "maya-lindqvist")


def turn(text, *questions):
    said = UserSaid(2, text, 0, 1000, MONDAY_NOON)
    return said, tuple(AskProduct(Span(q, 0, 1000), q) for q in questions)


def test_the_only_question_has_the_whole_turn_around_it():
    said, asked = turn("A column gets renamed. Does it blow up? We had that.", "Does it blow up")
    assert around("Does it blow up", asked, said) == said.text.strip(" .")


def test_each_of_several_has_what_leads_up_to_it():
    said, asked = turn(
        "We're on Redshift. Is that fine? Rows get refused. Do I lose them? Thanks.",
        "Is that fine", "Do I lose them",
    )  # fmt: skip
    assert (
        around("Is that fine", asked, said) == "We're on Redshift. Is that fine? Rows get refused"
    )
    assert around("Do I lose them", asked, said) == "Rows get refused. Do I lose them? Thanks"


def test_a_question_in_other_words_than_the_turns_stands_alone_beside_others():
    said, asked = turn("is it fast and is it safe", "is it fast", "is the data safe")
    assert around("is it fast", asked, said) == "is it fast"


def test_what_is_around_is_asked_about_and_embedded_too():
    said, asked = turn("Rows get refused. Do I lose them?", "Do I lose them")
    heard = []
    look_up(asked, said, lambda question, with_it: heard.append((question, with_it)) or NOTHING)
    assert heard[0] == ("Do I lose them", "Rows get refused. Do I lose them")
    assert {text for pair in heard for text in pair} <= set(wanted(asked, said))
