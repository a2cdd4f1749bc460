"""What all JSON endpoints parse alike."""

import pytest

from voice_agent.http import Refused, instant_of, object_of, page_size


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "", "٣", "1" * 12, "000000200999999"])
def test_a_page_is_never_larger_than_it_may_be(limit):
    with pytest.raises(Refused) as refused:
        page_size({"limit": limit}, 200)
    assert refused.value.code == "bad-limit" and "1 to 200" in str(refused.value)


def test_a_page_has_fifty_lines_unless_it_is_told():
    assert page_size({}, 200) == 50 and page_size({"limit": "200"}, 200) == 200


@pytest.mark.parametrize("text", ["", "soon", "2026-11-26T10:00:00"])
def test_an_instant_needs_its_zone(text):
    with pytest.raises(Refused) as refused:
        instant_of("since", text, "bad-since")
    assert refused.value.code == "bad-since" and "since" in str(refused.value)
    assert instant_of("since", "2026-11-26T10:00:00Z").tzinfo is not None


@pytest.mark.parametrize("body", [b"[]", b"{", b"[" * 100_000, b"1"])
def test_only_an_object_is_an_object(body):
    with pytest.raises(Refused):
        object_of(body)
    assert object_of(b"") == {}
