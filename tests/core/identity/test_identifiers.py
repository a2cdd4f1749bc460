from dataclasses import replace

from core.events import ConversationStarted, IdentifierSeen, TurnMerged
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.identity.identifiers import identifiers, tells_who
from tests.fakes.a_call import signal, started


def kinds(*facts):
    return {(i.kind, i.value): (i.how, i.confidence) for i in identifiers(facts)}


def chat() -> ConversationStarted:
    return replace(started(None, None), channel="chat")


def test_a_call_shows_its_number_and_a_withheld_one_shows_nothing():
    assert kinds(started()) == {("phone", "+14155550123"): ("caller_id", 0.7)}
    assert kinds(started(caller="anonymous")) == {}


def test_an_address_counts_when_it_was_typed_or_confirmed_and_names_its_account():
    said = signal(2, "email", "Dana@Acme.com", "dana at acme dot com")
    assert kinds(chat(), said) == {
        ("email", "dana@acme.com"): ("stated", 0.9), ("domain", "acme.com"): ("stated", 0.9),
    }  # fmt: skip
    assert kinds(started(caller=None), said)["email", "dana@acme.com"] == ("stated", 0.5)
    sure = replace(said, signal_id="s3", confidence=0.99, supersedes="s2")
    assert kinds(started(caller=None), said, sure)["email", "dana@acme.com"] == ("stated", 0.99)


def test_a_mail_provider_is_no_account():
    assert ("domain", "gmail.com") not in kinds(chat(), signal(1, "email", "d@gmail.com", "d"))


def test_what_a_channel_vouches_for_is_surer_than_what_was_told():
    facts = [chat(), signal(1, "email", "dana@acme.com", "d"), IdentifierSeen("cookie", "c1", True),
             IdentifierSeen("email", "dana@acme.com", True)]  # fmt: skip
    assert kinds(*facts)["email", "dana@acme.com"] == ("verified", 0.99)
    assert kinds(*facts)["cookie", "c1"] == ("device", 0.9)


def test_what_was_corrected_taken_back_or_only_recalled_does_not_count():
    old = signal(1, "email", "dan@acme.com", "dan")
    new = signal(2, "email", "dana@acme.com", "dana", supersedes="s1")
    assert ("email", "dan@acme.com") not in kinds(chat(), old, new)
    assert ("email", "dan@acme.com") not in kinds(chat(), old, TurnMerged(1))
    assert kinds(chat(), replace(old, origin="c0")) == {}
    assert not tells_who([replace(old, origin="c0")]) and tells_who([old])


def test_nonsense_identifies_nobody():
    facts = [chat(), signal(1, "email", "@", "x"), signal(2, "phone", "12", "x"),
             signal(3, "name", "  ", "x"), IdentifierSeen("cookie", "", True)]  # fmt: skip
    assert kinds(*facts) == {}


def test_an_address_a_person_put_right_is_sure_and_the_misheard_one_is_nobodys():
    said = signal(2, "email", "dane@acme.com", "dana at acme dot com")
    right = SignalCorrected("k1", "s2", "email", "dane@acme.com", "dana@acme.com", "sam")
    found = kinds(started(caller=None), said, right)
    assert found["email", "dana@acme.com"] == ("stated", 1.0)
    assert ("email", "dane@acme.com") not in found and tells_who([right])
    assert not kinds(started(caller=None), said, replace(right, value=""))
    back = CorrectionWithdrawn("k1", "sam")
    assert ("email", "dane@acme.com") in kinds(started(caller=None), said, right, back)
