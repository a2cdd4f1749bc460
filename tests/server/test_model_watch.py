"""A resting language model is tested beside the calls until it is fast enough again."""

import anyio
import pytest

from core.trust import IN_A_ROW, REST_S, Trusts
from tests.fakes import model_servers as servers
from tests.fakes.model_servers import ModelServer
from voice_agent.adapters.llm_openai import OpenAIModel
from voice_agent.server.health import Health
from voice_agent.server.model_watch import ModelWatch

pytestmark = pytest.mark.real_clock


async def test_callers_pay_for_no_trial_and_the_model_words_replies_once_it_is_quick_again(caplog):
    trusts = Trusts()
    with ModelServer(lambda body: servers.LOADING) as server:
        model = OpenAIModel(server.base_url, "k", "any")
        await model.load()
        health = Health(None, models=ModelWatch(model, trusts))  # type: ignore[arg-type]
        await health.models.look()
        assert not server.bodies and health.models.resting == {}, "one that is trusted is let be"
        for _ in range(IN_A_ROW):
            trusts.wording.failed(anyio.current_time(), "slow")
        assert health.models.resting == {"wording": "slow"}
        await health.models.look()
        assert health.models.resting == {"wording": "Loading model"}
        assert not trusts.wording.asks(anyio.current_time() + REST_S), "it just was asked"
        server.speaks = servers.words
        await health.models.look()
        assert trusts.wording.asks(anyio.current_time()) and health.models.resting == {}
        await model.aclose()
    told = [record.message for record in caplog.records]
    assert told[0].startswith("approved words alone") and "answers, after" in told[-1]
