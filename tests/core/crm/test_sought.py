"""What the CRM is asked by, and which of its answers counts."""

from core.crm.known import surely
from core.crm.records import Found
from core.crm.sought import Sought, better, sought
from core.events import IdentifierSeen
from tests.fakes.a_call import signal, started

MAIL = signal(1, "email", "Dana@Northwind.example", "dana at northwind", confidence=0.99)


def test_an_address_is_asked_before_the_number_that_calls_and_a_misheard_one_never():
    call = started()
    assert sought([call, MAIL]) == (Sought("dana@northwind.example"), Sought("+14155550123"))
    misheard = signal(1, "email", "dana@northwind.example", "dana", confidence=0.9)
    assert sought([call, misheard]) == (Sought("+14155550123"),)


def test_where_any_address_can_be_made_up_only_a_proven_one_is_asked():
    for proven, found in ((True, (Sought("a@b.example", True),)), (False, ())):
        assert sought([IdentifierSeen("email", "a@b.example", proven)], proven=True) == found


def test_an_address_outweighs_a_number_and_bears_out_the_same_record():
    line, mail = Found("x", "1", email="a@b.example"), Found("x", "2", by="email")
    assert better(line, mail) is mail and better(None, mail) is mail
    same = Found("x", "1", by="email", proven=True)
    assert better(line, same) == Found("x", "1", email="a@b.example", proven=True)


def test_an_address_found_by_itself_is_nobody_until_it_is_proven_or_the_name_is_theirs():
    known = {"email": "a@b.example", "name": "Dana Reyes"}
    typed = Found("x", "1", name="Dana Reyes", email="a@b.example", by="email")
    assert not surely(typed, {"email": "a@b.example"}.get) and surely(typed, known.get)
    assert surely(Found("x", "1", by="email", proven=True), {}.get)
    assert surely(Found("x", "1", email="a@b.example"), known.get), "the number bears it out"
