"""The listening socket: what the kernel does for us, and the error for a port in use."""

import socket
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from voice_agent.addresses import DEAD_PEER_MS, public
from voice_agent.config import Settings
from voice_agent.server.serving import _config


def test_a_connection_whose_peer_takes_nothing_is_dropped_by_the_kernel():
    with public("127.0.0.1", 0) as listening:
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as ours:
            limit_ms = ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    assert limit_ms == DEAD_PEER_MS, "connections inherit it from the listening socket"


def test_a_taken_port_is_told_with_the_setting_that_changes_it():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="VOICE_AGENT_PORT"):
            public("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
def test_an_address_of_another_machine_is_told_with_the_setting_that_names_it(host):
    with pytest.raises(OSError, match="VOICE_AGENT_HOST"):
        public(host, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_both_families_are_served(host):
    with public(host, 0) as bound:
        assert bound.getsockname()[1]


@pytest.mark.parametrize(
    ("peer", "proxies", "visitor"),
    [
        ("127.0.0.1", "", "203.0.113.9"),
        ("172.18.0.5", "", "172.18.0.5"),
        ("172.18.0.5", "10.0.0.7 172.16.0.0/12", "203.0.113.9"),
        ("198.51.100.1", "172.16.0.0/12", "198.51.100.1"),
    ],
)
async def test_a_visitor_s_address_is_believed_of_trusted_proxies_alone(peer, proxies, visitor):
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    settings = Settings(_env_file=None, trusted_proxies=proxies)
    config = _config(settings, SimpleNamespace(app=app))  # type: ignore[arg-type]
    config.load()
    scope: Any = {
        "type": "http", "client": (peer, 4711), "headers": [(b"x-forwarded-for", b"203.0.113.9")],
    }  # fmt: skip
    await config.loaded_app(scope, None, None)  # type: ignore[arg-type]
    assert seen == [visitor]


@pytest.mark.parametrize("told", ["proxy", "10.0.0.1/8", "10.0.0.0/99"])
def test_proxies_are_told_by_addresses_and_networks(told):
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings(_env_file=None, trusted_proxies=told)
