import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity.decide import Ambiguous, Holder, Known, New, assigned, decide
from core.identity.identifiers import Identifier
from core.identity.names import first_name, same_name

NUMBER = Identifier("phone", "+14155550123", "caller_id", 0.7)
STATED = Identifier("phone", "+14155550123", "stated", 0.6)
COOKIE = Identifier("cookie", "abc", "device", 0.9)
VERIFIED = Identifier("email", "dana@acme.com", "verified", 0.99)
TYPED = Identifier("email", "dana@acme.com", "stated", 0.9)
MISHEARD = Identifier("email", "dana@acme.com", "stated", 0.5)


def name(text: str) -> Identifier:
    return Identifier("name", text, "stated", 0.8)


def holder(person: str, *keys: Identifier, emails: str = "", names: str = "") -> Holder:
    return Holder(
        person, frozenset(k.key for k in keys), frozenset(emails.split()),
        tuple(n for n in names.split("/") if n),
    )  # fmt: skip


DANA = holder("dana", TYPED, emails="dana@acme.com", names="Dana Reyes")
ON_NUMBER = holder("dana", NUMBER, emails="dana@acme.com", names="Dana Reyes")
LEE = holder("lee", NUMBER, emails="lee@acme.com", names="Lee")
NOBODY = holder("line", NUMBER)


def test_whoever_is_seen_for_the_first_time_is_new():
    assert isinstance(decide([NUMBER, name("Dana")], []), New)
    assert isinstance(decide([], []), New)


@pytest.mark.parametrize(("mail", "sure"), [(VERIFIED, True), (TYPED, False)])
def test_an_address_is_its_person_and_only_a_verified_one_lets_things_be_told(mail, sure):
    found = decide([mail], [DANA])
    assert isinstance(found, Known) and (found.person, found.sure) == ("dana", sure)


def test_an_address_that_was_dictated_and_not_confirmed_is_nobody_s():
    assert isinstance(decide([MISHEARD], [DANA]), New)


def test_an_address_on_the_line_it_was_seen_on_before_is_sure_but_not_on_a_claimed_one():
    known = Holder("dana", frozenset({TYPED.key, NUMBER.key}), frozenset({"dana@acme.com"}))
    assert decide([TYPED, NUMBER], [known]) == Known(
        "dana", True, "the address dana@acme.com and the phone"
    )
    claimed = decide([TYPED, STATED], [known])
    assert isinstance(claimed, Known) and not claimed.sure


def test_a_number_alone_asks_for_a_name_it_knows_and_takes_one_it_does_not():
    assert decide([NUMBER], [ON_NUMBER]) == Ambiguous(("dana",), "the number alone")
    assert decide([NUMBER], [NOBODY]) == Known("line", False, "the number")


@pytest.mark.parametrize("said", ["Dana", "Dana Reyes", "dana reyez", "Ms. Dana"])
def test_a_number_and_its_name_are_sure(said):
    found = decide([NUMBER, name(said)], [ON_NUMBER])
    assert isinstance(found, Known) and found.person == "dana" and found.sure


def test_a_number_claimed_in_words_lets_nothing_be_told():
    found = decide([STATED, name("Dana")], [ON_NUMBER])
    assert isinstance(found, Known) and not found.sure


@pytest.mark.parametrize("said", ["Lee", "Dana Cole", "Robert"])
def test_another_name_on_a_number_is_somebody_else(said):
    assert isinstance(decide([NUMBER, name(said)], [ON_NUMBER]), New)


def test_another_address_on_a_number_is_somebody_else():
    other = Identifier("email", "lee@acme.com", "stated", 0.99)
    assert isinstance(decide([NUMBER, other], [ON_NUMBER]), New)


def test_a_shared_number_is_told_apart_by_names_and_asks_for_one():
    assert decide([NUMBER], [ON_NUMBER, LEE]) == Ambiguous(
        ("dana", "lee"), "several people share this line"
    )
    found = decide([NUMBER, name("Lee")], [ON_NUMBER, LEE])
    assert isinstance(found, Known) and found.person == "lee"
    assert isinstance(decide([NUMBER, name("Omar")], [ON_NUMBER, LEE, NOBODY]), New)


def test_who_said_no_is_not_asked_about_again_and_who_said_yes_is_known():
    assert isinstance(decide([NUMBER], [ON_NUMBER], {"dana": False}), New)
    assert decide([NUMBER], [ON_NUMBER], {"dana": True}) == Known("dana", True, "they said so")


def test_a_browser_is_its_person_until_it_is_shared():
    mine = holder("dana", COOKIE, emails="dana@acme.com")
    assert decide([COOKIE], [mine]) == Known("dana", True, "the same browser")
    other = holder("lee", COOKIE, emails="lee@acme.com")
    assert not isinstance(decide([COOKIE], [mine, other]), Known)


def test_who_was_only_a_line_turns_out_to_be_the_person_of_the_address():
    found = decide([TYPED, NUMBER], [DANA, NOBODY])
    assert isinstance(found, Known) and found.absorbs == ("line",)
    named = holder("line", NUMBER, names="Robert")
    parted = Holder("line", frozenset({NUMBER.key}), apart=frozenset({"dana"}))
    for other in ([named], [LEE], [NOBODY, holder("more", NUMBER)], [parted]):
        found = decide([TYPED, NUMBER], [DANA, *other])
        assert isinstance(found, Known) and not found.absorbs


def test_a_number_of_one_named_person_is_theirs_meanwhile_unless_a_new_address_came_with_it():
    decision = Ambiguous(("dana",), "")
    assert assigned(decision, [NUMBER]) == "dana"
    assert assigned(decision, [NUMBER, TYPED]) is None
    assert assigned(Ambiguous(("dana", "lee"), ""), [NUMBER]) is None


@given(
    st.lists(st.sampled_from([NUMBER, STATED, COOKIE, name("Dana"), name("Lee"), MISHEARD]),
             unique=True, max_size=4),
    st.lists(st.sampled_from([ON_NUMBER, LEE, NOBODY, holder("c", COOKIE, names="Ann")]),
             unique=True, min_size=2, max_size=4),
)  # fmt: skip
def test_without_an_address_a_line_of_several_people_never_decides_by_itself(seen, holders):
    found = decide(seen, holders)
    if isinstance(found, Known) and not any(i.kind == "name" for i in seen):
        keys = [i.key for i in seen]
        sharing = [h for h in holders if any(k in h.keys for k in keys)]
        assert len(sharing) == 1 or found.why == "the same browser"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Dana", "dana reyes", True), ("Dana Reyes", "Dana Ruiz", False), ("Dr. Ann Lee", "Ann", True),
     ("Jon", "John", True), ("Dana", "Diane", False), ("", "Dana", False)],
)  # fmt: skip
def test_names_agree_as_far_as_both_are_told(one, other, same):
    assert same_name(one, other) is same and same_name(other, one) is same


def test_a_first_name_is_all_that_is_said():
    assert first_name("Dr. dana REYES") == "Dana" and first_name("") == ""
