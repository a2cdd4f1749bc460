import pytest

from voice_agent.channels.phone.doorman import Doorman, Visitor

KEY = b"key"
HERE = Visitor("127.0.0.1", "localhost:8080", "", "")


def test_whoever_sits_at_the_machine_needs_no_token():
    door = Doorman(KEY, public=False)
    assert door.refusal(HERE) is None
    assert door.refusal(Visitor("::1", "[::1]:8080", "http://[::1]:8080", "")) is None


@pytest.mark.parametrize(
    "stranger",
    [
        Visitor("10.0.0.7", "localhost:8080", "", ""),
        Visitor("127.0.0.1", "agent.example.com", "", ""),
        Visitor("", "", "", ""),
        Visitor("127.0.0.1", "localhost:8080", "https://evil.example", ""),
        Visitor("127.0.0.1", "localhost:8080", "null", ""),
    ],
    ids=[
        "another machine",
        "a name that was rebound",
        "nothing known",
        "a foreign page",
        "a frame",
    ],
)
def test_everybody_else_is_refused_with_the_remedy(stranger: Visitor):
    told = Doorman(KEY, public=False).refusal(stranger)
    assert told and "page" in told


def test_behind_a_public_address_everybody_needs_the_token():
    door = Doorman(KEY, public=True)
    assert door.refusal(HERE) is not None
    shown = Visitor("127.0.0.1", "agent.example.com", "https://agent.example.com", door.token)
    assert door.refusal(shown) is None
    assert door.refusal(Visitor("127.0.0.1", "x", "", door.token + "0")) is not None


def test_a_pass_is_for_one_call_and_one_key():
    door = Doorman(KEY, public=False)
    given = door.pass_for("CA1")
    assert door.placed("CA1", given)
    assert not door.placed("CA2", given)
    assert not Doorman(b"another", public=False).placed("CA1", given)
    assert not door.placed("CA1", "")
    assert not door.placed("CA1", door.token)
