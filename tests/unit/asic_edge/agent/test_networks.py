"""The networks of this computer, as the system's table of routes has them."""

from __future__ import annotations

from pathlib import Path

from asic_edge.agent.networks import own_address, own_networks

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
ROUTES = HEAD + "".join(
    f"{interface}\t{target}\t{gateway}\t0001\t0\t0\t0\t{mask}\t0\t0\t0\n"
    for interface, target, gateway, mask in (
        ("eth0", "00000000", "0101A8C0", "00000000"),
        ("eth0", "0001A8C0", "00000000", "00FFFFFF"),
        ("eth1", "0000000A", "00000000", "0000FCFF"),
        ("eth1", "0000A8C0", "0100000A", "00FFFFFF"),
        ("docker0", "000011AC", "00000000", "0000FFFF"),
        ("tun0", "0202020A", "00000000", "FFFFFFFF"),
    )
)


def test_those_without_a_gateway_are_told_and_no_container_s(tmp_path: Path) -> None:
    routes = tmp_path / "route"
    routes.write_text(ROUTES)
    assert own_networks(routes, lambda towards: towards) == ("192.168.1.1/24", "10.0.0.1/14")
    assert own_networks(routes, lambda _: None) == ()


def test_where_there_is_no_table_a_network_of_the_usual_size_is_supposed(tmp_path: Path) -> None:
    assert own_networks(tmp_path / "none", lambda _: "192.168.1.5") == ("192.168.1.5/24",)
    assert own_networks(tmp_path / "none", lambda _: None) == ()


def test_an_own_address_is_found_without_sending_anything() -> None:
    assert own_address("127.0.0.1") == "127.0.0.1"
    assert own_address("no address") is None
