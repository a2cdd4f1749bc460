"""The authored caller answers what is asked, and then continues the script."""

import pytest

from core.evaluation.caller import CONFIRMS, FIRST, MEANT, NOT_MEANT, AuthoredCaller
from core.evaluation.format import Conversation, Reply

SCRIPT = Conversation.model_validate(
    {
        "id": "x",
        "turns": [{"caller": "one"}, {"caller": "two"}],
        "answers": {"employees": "two hundred", "callback": "yes", "more": "that's all"},
        "otherwise": "don't know",
    }
)


def said(*asks):
    """What is said to each reply's asks, from the opening on."""
    caller = AuthoredCaller(SCRIPT)
    words = []
    for ask in ((), *asks):
        saying = caller.next(ask)
        words.append(saying.text if saying else None)
    return words


def test_what_is_asked_is_answered_before_the_script_goes_on():
    assert said(["employees"], [], []) == ["one", "two hundred", "two", None]


def test_what_has_no_answer_is_evaded_once():
    assert said(["budget"], ["budget"]) == ["one", "don't know", "two"]


def test_offers_without_an_answer_are_passed_over():
    assert said(["offer:permission"], ["offer:callback"]) == ["one", "two", "yes"]


def test_anything_else_is_answered_only_when_nothing_is_left():
    assert said(["offer:more"], ["offer:more"]) == ["one", "two", "that's all"]


def test_read_backs_are_confirmed_and_repeated_asks_answered_under_their_own_name():
    assert said(["confirm:email"], ["again:employees"]) == ["one", CONFIRMS, "two hundred"]


def test_an_agent_that_never_stops_asking_is_answered_twice():
    assert said(*[["employees"]] * 4) == ["one", "two hundred", "two hundred", "two", None]


def test_who_wants_a_call_takes_the_first_time_and_who_does_not_says_so():
    assert said(["offer:slots"]) == ["one", FIRST]
    declines = SCRIPT.model_copy(update={"answers": {"callback": Reply(say="No thanks.")}})
    assert AuthoredCaller(declines).next(["offer:slots"]).text == "No thanks."
    silent = AuthoredCaller(SCRIPT.model_copy(update={"answers": {}}))
    assert silent.next(["offer:slots"]).text == "one"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"answer": ["sso | scim"]}, MEANT),
        ({"answer": ["gdpr"]}, NOT_MEANT),
        ({"may_answer": ["sso"]}, MEANT),
        ({"defer": True, "may_answer": ["sso"]}, NOT_MEANT),
    ],
)
def test_who_is_asked_back_agrees_to_what_their_question_has_its_answer_in(line, says):
    script = Conversation.model_validate({"id": "x", "turns": [{"caller": "one", **line}]})
    caller = AuthoredCaller(script)
    caller.next([])
    saying = caller.next(["offer:meant:sso"])
    assert saying is not None
    assert saying.text == says
