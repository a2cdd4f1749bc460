"""People are told by every way there is; one that fails keeps nobody from being told."""

import logging

import pytest

from core.errors import NotifyFailed
from core.ports import Matter
from knowledge.profile import Rep
from voice_agent.adapters.notify_embedded import LogNotify, NotifyAll

MAYA = Rep(id="maya", name="Maya", email="maya@tideline.example")
DUE = Matter("callback-due", "k1", "Call Dana", "Dana, +14155550142", about="cb1")


class Broken:
    async def tell(self, person: object, matter: Matter) -> None:
        raise NotifyFailed("away")


async def test_the_log_names_who_and_what_and_nothing_personal(caplog):
    with caplog.at_level(logging.WARNING):
        await LogNotify().tell(MAYA, DUE)
    assert "callback-due for maya" in caplog.text
    assert "Dana" not in caplog.text and "+1415" not in caplog.text


async def test_one_broken_way_does_not_keep_the_other_from_telling(caplog):
    with caplog.at_level(logging.WARNING):
        await NotifyAll((Broken(), LogNotify())).tell(MAYA, DUE)
    assert "callback-due for maya" in caplog.text


async def test_who_could_be_reached_in_no_way_is_not_told():
    with pytest.raises(NotifyFailed):
        await NotifyAll((Broken(), Broken())).tell(MAYA, DUE)
