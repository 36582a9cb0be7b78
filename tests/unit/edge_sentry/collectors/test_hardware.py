"""Evidence of a machine's own hardware: no placeholder, no card that is software, and never an error."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from edge_sentry.agent.sampler import specs_of
from edge_sentry.collectors import hardware
from edge_sentry.collectors.hardware import evidence_of, usable_card, usable_mac, usable_serial
from edge_sentry.reading import Reading
from wire.messages import AgentKind, Enrolment, Specs

UUID = "4c4c4544-0042-3510-8052-b3c04f4b4e32"
MAC = "04:42:1a:0c:00:01"


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{text}\n")


def card(system: Path, name: str, mac: str, *, assigned: str = "0", plugged: bool = True) -> Path:
    folder = system / "class" / "net" / name
    write(folder / "address", mac)
    write(folder / "addr_assign_type", assigned)
    if plugged:
        (folder / "device").mkdir()
    return folder


def test_serial_numbers_and_cards_of_a_rig(tmp_path: Path) -> None:
    write(tmp_path / "class/dmi/id/product_uuid", UUID)
    write(tmp_path / "class/dmi/id/board_serial", "  M80-DC  0012 ")
    card(tmp_path, "enp3s0", MAC.upper())
    card(tmp_path, "wlan0", "70:85:c2:00:00:02")
    assert evidence_of(tmp_path) == (
        f"system {UUID.upper()}",
        "board M80-DC 0012",
        f"mac {MAC}",
        "mac 70:85:c2:00:00:02",
    )


def test_what_is_software_or_was_configured_is_no_evidence(tmp_path: Path) -> None:
    card(tmp_path, "docker0", "04:42:1a:00:00:01", plugged=False)
    card(tmp_path, "veth1", "04:42:1a:00:00:02")
    card(tmp_path, "br-lan", "04:42:1a:00:00:03")
    card(tmp_path, "tun0", "")
    card(tmp_path, "eth0", "02:42:1a:00:00:04")
    card(tmp_path, "eth1", "04:42:1a:00:00:05", assigned="1")
    card(tmp_path, "eth2", "04:42:1a:00:00:06", assigned="3")
    card(tmp_path, "ib0", "80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1")
    assert evidence_of(tmp_path) == ()


def test_a_member_of_a_bond_shows_its_own_address(tmp_path: Path) -> None:
    member = card(tmp_path, "eth0", "04:42:1a:00:00:01", assigned="3")
    write(member / "bonding_slave/perm_hwaddr", MAC)
    card(tmp_path, "bond0", "04:42:1a:00:00:01", plugged=False)
    assert evidence_of(tmp_path) == (f"mac {MAC}",)


def test_there_are_never_too_many(tmp_path: Path) -> None:
    for number in range(40):
        card(tmp_path, f"eth{number}", f"04:42:1a:00:01:{number:02x}")
    found = evidence_of(tmp_path)
    assert len(found) == 16
    message = Enrolment(AgentKind.CPU_GPU, "1", "rig", 5.0, found)
    assert msgspec.json.decode(msgspec.json.encode(message), type=Enrolment) == message


def test_a_system_that_shows_nothing_gives_nothing(tmp_path: Path) -> None:
    assert evidence_of(tmp_path / "none") == ()


def test_a_serial_number_that_may_not_be_read_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "class/dmi/id/board_serial").mkdir(parents=True)  # reading it fails, for root too
    card(tmp_path, "eth0", MAC)
    assert evidence_of(tmp_path) == (f"mac {MAC}",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "To be filled by O.E.M.",
        "To Be Filled By O.E.M",
        "Default string",
        "Default_string",
        "None",
        "N/A",
        "Not Specified",
        "System Serial Number",
        "Base Board Serial Number",
        "0",
        "0000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "00000000-0000-0000-0000-000000000000",
        "FEFEFEFE-FEFE-FEFE-FEFE-FEFEFEFEFEFE",
        "03000200-0400-0500-0006-000700080009",
        "00020003-0004-0005-0006-000700080009",
        "123456789",
        "0123456789",
        "XXXXXXXXXX",
        "..........",
    ],
)
def test_a_placeholder_is_no_serial_number(text: str) -> None:
    assert usable_serial(text) == ""


@pytest.mark.parametrize(
    "text", ["BR80YFDYZ68ICQ4", "03d40274-0435-05dc-8506-010700080009", "190448561200331"]
)
def test_a_serial_number_is_taken_as_it_is(text: str) -> None:
    assert usable_serial(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
        "52:54:00:12:34:56",
        "01:00:5e:00:00:01",
        "88:88:88:88:87:88",
        "00:50:56:C0:00:08",
        "00-FF-12-34-56-78",
        "192.0.2.1",
        "04:42:1a:00:00",
    ],
)
def test_an_address_that_is_not_one_cards_alone_is_no_evidence(text: str) -> None:
    assert usable_mac(text) == ""


def test_windows_writes_addresses_otherwise() -> None:
    assert usable_mac("04-42-1A-0C-00-01") == MAC


@pytest.mark.parametrize(
    "name", ["docker0", "veth12ab", "br-0af1", "virbr0", "tun0", "utun3", "lo", "lo0", "wg0"]
)
def test_cards_of_software(name: str) -> None:
    assert not usable_card(name)


@pytest.mark.parametrize(
    "name", ["eth0", "enp3s0", "wlan0", "en0", "Ethernet", "Local Area Connection", "Wi-Fi"]
)
def test_cards_that_may_be_real(name: str) -> None:
    assert usable_card(name)


def test_here_it_reads_or_says_why_not(tmp_path: Path) -> None:
    reading = hardware.start(tmp_path)()
    if "hardware" in reading.specs:
        assert specs_of(reading, "1").hardware == hardware.evidence()
    else:
        assert reading.unread == {"hardware": hardware.NOTHING}


def test_evidence_is_a_spec_of_the_wire() -> None:
    reading = Reading(specs={"hardware": (f"mac {MAC}",)})
    assert specs_of(reading, "1") == Specs(agent_version="1", hardware=(f"mac {MAC}",))
