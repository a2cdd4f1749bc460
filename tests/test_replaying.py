"""Stored calls replayed: the same code does the same, other code shows what differs."""

from dataclasses import replace

import pytest

from core.correcting import Rules, following
from core.events import ConversationStarted, SignalCaptured, UtteranceRecorded, VerdictReached
from core.facts.corrections import SignalCorrected
from core.facts.standing import every
from core.privacy.blank import blanked_fact
from core.replay.facts import InputsKept
from core.replay.lines import unpacked
from core.store.codec import decode, encode
from core.store.shape import Unreadable
from knowledge.retrieval.meaning import NO_VECTORS
from tests.core.talk import sample
from tests.fakes.office import HANG_UP, LoggedDesk, office, script, speech
from voice_agent.replaying import replayed
from voice_agent.turn import endpoint
from voice_agent.turn import events as ev
from voice_agent.turn.completeness import completeness
from voice_agent.turn.kept import FLOOR, masked

QUESTION = "demo/01_hi_there_i_was.wav"
STOP = "demo/04_sorry_let_me_stop.wav"
SNOWFLAKE = "does tideline integrate with our snowflake data warehouse"
WHO = "we are a healthcare company with two hundred people and i'm the director of operations"
PRICE = "sorry how much is the growth plan"


HELD: dict = {}


async def a_call(folder, texts=(SNOWFLAKE, WHO, PRICE)):
    """A call with an interruption and a backchannel: its log, and the engine it was held with.

    Held once for all tests that want the same.
    """
    if texts not in HELD:
        HELD[texts] = await held(folder, texts)
    return HELD[texts]


async def held(folder, texts):
    mm_hm = replace(speech("backchannels/02_mm-hm.wav"), expects="resume")
    steps = (
        ("greeting ended", QUESTION), ("agent silent 0.7s", QUESTION),
        ("agent speaking 1.0s", STOP), ("agent speaking 0.8s", mm_hm),
        ("agent silent 1.5s", HANG_UP),
    )  # fmt: skip
    async with office(folder, [*texts, "mm-hm"]) as it:
        await it.call(script(*steps))
        return it.wrap_ups.asked[0], await it.log.read(it.wrap_ups.asked[0]), it.calls.engine


async def test_the_same_code_decides_hears_and_answers_the_same(tmp_path):
    again = replayed(*await a_call(tmp_path))
    assert again.why_not == "" and again.turns >= 3
    assert again.differences == () and again.exact


async def test_what_people_put_right_afterwards_is_no_difference_of_the_machines(tmp_path):
    name, logged, engine = await a_call(tmp_path)
    facts = [entry.fact for entry in logged]
    size = next(s for s in every(facts, SignalCaptured) if s.criterion == "employees")
    right = SignalCorrected("k1", size.signal_id, "employees", size.value, "3", "sam")
    company = engine.loaded.company
    more = following(logged, right, Rules(company, engine.loaded.criteria_version), company)
    assert {type(f) for f in more} >= {SignalCorrected, VerdictReached}
    last = logged[-1]
    after = [replace(last, seq=last.seq + n, fact=f) for n, f in enumerate(more, start=1)]
    again = replayed(name, [*logged, *after], engine)
    assert again.differences == () and again.exact


async def test_other_waits_are_told_by_the_turns_they_end_otherwise(tmp_path, monkeypatch):
    stored = await a_call(tmp_path)
    slower = {name: (a + 0.3, b + 0.3) for name, (a, b) in endpoint.SPAN_S.items()}
    monkeypatch.setattr(endpoint, "SPAN_S", slower)
    again = replayed(*stored)
    floor = [d for d in again.differences if d.what == "floor"]
    assert floor and not again.exact
    assert "turn 1 over" in floor[0].then and "turn 1 over" in floor[0].now
    assert all(d.then != d.now for d in again.differences)
    assert {d.what for d in again.differences} == {"floor"}


async def test_another_article_is_told_by_the_answer_it_gives(tmp_path):
    call, logged, engine = await a_call(tmp_path)
    voice = engine.loaded.company.voice
    edited = replace(
        engine.loaded,
        company=engine.loaded.company.model_copy(
            update={"disqualifiers": (), "segments": engine.loaded.company.segments[:1],
                    "voice": voice}
        ),
        criteria_version="another",
    )  # fmt: skip
    again = replayed(call, logged, engine.renewed(edited, engine.thinker.knowledge))
    assert {"verdict"} <= {d.what for d in again.differences}
    assert any("another version" in note for note in again.notes)


async def test_a_call_of_before_or_to_another_company_or_after_its_time_says_why_not(tmp_path):
    call, logged, engine = await a_call(tmp_path)

    def without(change):
        return [replace(entry, fact=change(entry.fact)) for entry in logged]

    def other(fact):
        return replace(fact, company="x") if isinstance(fact, ConversationStarted) else fact

    def emptied(fact):
        return replace(fact, packed="") if isinstance(fact, InputsKept) else fact

    bare = [entry for entry in logged if not isinstance(entry.fact, InputsKept)]
    assert "before calls could be run again" in replayed(call, bare, engine).why_not
    assert "company folder here" in replayed(call, without(other), engine).why_not
    assert "time is over" in replayed(call, without(emptied), engine).why_not
    broken = without(lambda f: InputsKept((1,), "~~") if isinstance(f, InputsKept) else f)
    assert "broken" in replayed(call, broken, engine).why_not


async def test_digits_are_not_among_what_the_floor_was_fed_and_a_card_empties_the_rest(tmp_path):
    number = "my card is four two four two three three three three eight eight eight eight"
    _, logged, _ = await a_call(tmp_path, texts=(number, WHO, PRICE))
    packs = [entry.fact for entry in logged if isinstance(entry.fact, InputsKept)]
    heard = [line for p in packs for line in unpacked(p.packed, FLOOR)]
    texts = " ".join(line.text for line in heard if isinstance(line, ev.TextHeard | ev.EndTurn))
    assert "two two two" in texts and not {"three", "eight"} & {*texts.split()}
    kind, payload = encode(packs[0])
    assert decode(kind, blanked_fact(kind, payload, {1})).packed == ""
    assert blanked_fact(kind, payload, {99}) == payload


TEXTS = (
    "four one five five five five oh one two three", "one eight hundred two three four five six",
    "forty two people", "double seven", "four one", "my number is nine", "two hundred and fifty",
    "it is 415-555-0123", "extension twelve", "at nineteen", "call me at three", "room 101",
    "the budget is thirty thousand", "one moment", "is it two", "and then eight oh",
)  # fmt: skip


@pytest.mark.parametrize("slot", [None, "phone", "email", "name", "number", "date", "free"])
def test_masked_words_are_as_finished_as_the_words_themselves(slot):
    for text in TEXTS:
        kept = masked(ev.TextHeard(0.0, text, True, 1.0)).text
        assert completeness(kept, slot) == completeness(text, slot), text
        assert masked(ev.TextHeard(0.0, kept, True, 1.0)).text == kept


def test_a_pack_that_unfolds_to_too_much_or_is_none_is_refused():
    for text in ("~~", "no pack at all", ""):
        if text:
            with pytest.raises(Unreadable):
                unpacked(text, FLOOR)
    assert unpacked("", FLOOR) == []


async def test_what_is_kept_of_a_call_is_small(tmp_path):
    _, logged, _ = await a_call(tmp_path)
    packs = [e.fact for e in logged if isinstance(e.fact, InputsKept)]
    turns = sum(isinstance(e.fact, UtteranceRecorded) and e.fact.speaker == "caller"
                for e in logged)  # fmt: skip
    assert sum(len(p.packed) for p in packs) < 3_000 * (turns + 1)


async def test_meetings_merges_and_calls_cut_off_run_the_same_again(tmp_path):
    """A desk, a guess that was taken back, and a line that drops while somebody speaks."""
    company = sample().company
    booking = (WHO, "can we book a meeting about snowflake", "the first one works for me")
    steps = (
        ("greeting ended", QUESTION), ("agent silent 0.7s", QUESTION),
        ("agent silent 1.2s", QUESTION), ("after 0.9s", HANG_UP),
    )  # fmt: skip
    async with office(tmp_path, booking, desk=LoggedDesk(company)) as it:
        await it.call(script(*steps))
        call = it.wrap_ups.asked[0]
        again = replayed(call, await it.log.read(call), it.calls.engine)
    assert again.why_not == "" and again.differences == () and again.exact


async def test_code_that_fails_on_a_call_is_told_of_as_what_differs(tmp_path, monkeypatch):
    stored = await a_call(tmp_path)

    def fails(*_given: object) -> None:
        raise AttributeError("nothing of the kind")

    monkeypatch.setattr(stored[2].thinker.understanding, "read", fails)
    again = replayed(*stored)
    assert [d.what for d in again.differences] == ["outcome"] and not again.exact
    assert "fails on it: AttributeError" in again.differences[0].now


async def test_what_questions_mean_is_asked_again(tmp_path):
    call, logged, engine = await a_call(tmp_path)
    asked: list[str] = []

    def meaning(texts):
        asked.extend(texts)
        return NO_VECTORS

    assert replayed(call, logged, engine, meaning).differences == ()
    assert any("snowflake" in text for text in asked)
