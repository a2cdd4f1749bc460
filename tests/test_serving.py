"""The listening socket: what the kernel does for us, and what a taken port says."""

import socket

import pytest

from voice_agent.addresses import DEAD_PEER_MS, public


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
