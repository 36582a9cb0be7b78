"""What `edge-sentry probe` says of a program, of none, and of another."""

from __future__ import annotations

import json
import os
import socket

import msgspec
import pytest

from edge_sentry.__main__ import main
from edge_sentry.commands.probe import Probe, lines_of
from edge_sentry.miners.normal_form import Algorithm, Device, MinerReading, State, Trouble
from edge_sentry.miners.table import MINERS
from tests.fakes.miner_api import Answer, always, http, lines, pages, running
from tests.unit.edge_sentry.miners.recordings import BY_FOLDER

Out = pytest.CaptureFixture[str]

RIGEL = pages({"/": BY_FOLDER["rigel-1.23.2"].replies[0] or b""})


def probed(answer: Answer, *arguments: str, miner: str = "rigel") -> int:
    with running(answer) as api:
        return main(["probe", "--miner", miner, "--port", str(api.port), *arguments])


def test_the_figures_for_people(capsys: Out) -> None:
    assert probed(RIGEL) == 0
    text = capsys.readouterr().out
    for words in (
        "Program     Rigel 1.23.2",
        f"pid {os.getpid()} (",
        "mining, up 5 min, 294 W",
        "xelishashv3  12.11 kH/s, shares: 1,405 accepted, 0 rejected, 0 invalid",
        "pool.example.com:13333, no TLS, 29 ms",
        "0000:0b:00.0  RTX 3080 Ti  12.11 kH/s, 72 °C, 88 °C memory, 83 % fan, 294 W, mining",
    ):
        assert words in text
    assert "REDACTED" not in text


def test_one_document_for_programs(capsys: Out) -> None:
    assert probed(RIGEL, "--json") == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    found = msgspec.json.decode(out, type=Probe)
    assert (found.schema, found.miner, found.pid, found.open_to_network) == (1, "rigel", os.getpid(), False)
    expected = BY_FOLDER["rigel-1.23.2"].expected
    assert (found.algorithms, found.devices) == (expected.algorithms, expected.devices)
    assert set(MinerReading.__struct_fields__) < set(json.loads(out))


def test_a_program_that_speaks_lines(capsys: Out) -> None:
    summary, threads = BY_FOLDER["cpuminer-opt-26.1"].replies
    answer = lines({"summary\n": (summary or b"") + b"\0", "threads\n": (threads or b"") + b"\0"})
    assert probed(answer, miner="cpuminer-opt") == 0
    assert "yespower  1.464 kH/s" in capsys.readouterr().out


def test_nothing_listens(capsys: Out) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert main(["probe", "--miner", "xmrig", "--port", str(port)]) == 1
    text = capsys.readouterr().out
    assert f"nothing listens on 127.0.0.1:{port}" in text
    assert f"Start XMRig with its API open: --http-enabled --http-host=127.0.0.1 --http-port={port}" in text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (always(http(b'{"other": 1}')), "This is not Rigel, or a version of it that is not known yet."),
        (always(http(b'{"name": "Rig')), "API not readable: the reply is cut off"),
        (always(http(b"", status="403 Forbidden")), "Name the right one with --access-token"),
        (always(b""), "This says nothing of whether it mines"),
    ],
    ids=["another program", "cut off", "not allowed", "closed"],
)
def test_what_cannot_be_read_names_who_answers(answer: Answer, words: str, capsys: Out) -> None:
    assert probed(answer) == 1
    text = capsys.readouterr().out
    assert words in text
    assert f"pid {os.getpid()} (" in text


def test_trouble_as_json(capsys: Out) -> None:
    assert probed(always(http(b'{"name": "Rig')), "--json") == 1
    found = msgspec.json.decode(capsys.readouterr().out, type=Probe)
    assert (found.state, found.trouble) == (State.API_DOWN, Trouble.NOT_READABLE)
    assert found.reason == "API not readable: the reply is cut off"


def test_a_token_is_passed_on_and_never_shown(capsys: Out) -> None:
    summary = BY_FOLDER["xmrig-6.22.1"].replies[0] or b""
    assert (
        probed(pages({"/2/summary": summary}, token="s3cret"), "--access-token", "s3cret", miner="xmrig") == 0
    )
    assert probed(pages({}, token="s3cret"), "--access-token", "guess", miner="xmrig") == 1
    captured = capsys.readouterr()
    assert "s3cret" not in captured.out + captured.err
    assert "it refuses the access token" in captured.out


def test_an_unknown_name_shows_the_names(capsys: Out) -> None:
    assert main(["probe", "--miner", "xmr", "--port", "1"]) == 2
    error = capsys.readouterr().err
    assert "There is no mining program 'xmr' in the table." in error
    assert [name for name in MINERS if name not in error] == []


def test_a_program_without_a_usual_port_needs_one(capsys: Out) -> None:
    assert main(["probe", "--miner", "xmrig"]) == 2
    assert "name it with --port" in capsys.readouterr().err


@pytest.mark.parametrize("token", ["", "two\nlines", "naïve"])
def test_a_token_that_no_header_can_carry(token: str, capsys: Out) -> None:
    assert main(["probe", "--miner", "xmrig", "--port", "1", "--access-token", token]) == 2
    assert "printable ASCII" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "99999999999"])
def test_a_port_that_is_none(port: str, capsys: Out) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["probe", "--miner", "xmrig", "--port", port])
    assert caught.value.code == 2
    assert "probe: error: argument --port" in capsys.readouterr().err


def test_help_has_examples(capsys: Out) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["probe", "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "edge-sentry probe --miner xmrig --port 18088" in text
    assert "exit codes:" in text


def found(miner: str, **fields: object) -> Probe:
    """A finding with the fields that a test is about."""
    whole = {"miner": miner, "read_at": 0.0, "port": 1, "pid": None, "process": None, "open_to_network": None}
    return msgspec.convert({**whole, **fields}, Probe)


@pytest.mark.parametrize(
    ("miner", "words"),
    [
        ("lolminer", "Keep it on this rig with: --apiport 1 --apihost 127.0.0.1"),
        ("gminer", "GMiner cannot be told otherwise: close the port by firewall."),
    ],
)
def test_an_api_that_the_network_can_reach_is_warned_of(miner: str, words: str) -> None:
    text = "\n".join(lines_of(MINERS[miner], found(miner, open_to_network=True)))
    assert f"Warning     Other machines can reach this API. {words}" in text
    assert "Warning" not in "\n".join(lines_of(MINERS[miner], found(miner, open_to_network=False)))


def test_what_is_not_known_is_said_and_not_zero() -> None:
    device = msgspec.to_builtins(Device(key=None, index=3, hashrates=(None,)))
    algorithm = msgspec.to_builtins(Algorithm(name=None))
    text = "\n".join(
        lines_of(MINERS["tt-miner"], found("tt-miner", algorithms=[algorithm], devices=[device]))
    )
    assert "not told  hashrate not known, shares: not told" in text
    assert "gpu 3  name not told  hashrate not known" in text
    assert "a process on 127.0.0.1:1 whose pid the system does not show" in text


def test_a_long_list_of_reasons_is_cut_for_people() -> None:
    unread = [{"part": f"devices[{index}].key", "reason": "not told"} for index in range(50)]
    text = lines_of(MINERS["tt-miner"], found("tt-miner", unread=unread))
    assert sum(line.startswith("Not read") for line in text) == 20
    assert text[-1].strip() == "and 30 more, see --json"


@pytest.mark.parametrize(
    ("hashrate", "words"),
    [
        (0.0, "0 H/s"),
        (0.125, "0.125 H/s"),
        (999.0, "999 H/s"),
        (63404632916632.73, "63.4 TH/s"),
        (2e21, "2000 EH/s"),
    ],
)
def test_hashrates_for_people(hashrate: float, words: str) -> None:
    algorithm = msgspec.to_builtins(Algorithm(name="a", hashrate=hashrate))
    assert f"a  {words}," in "\n".join(lines_of(MINERS["xmrig"], found("xmrig", algorithms=[algorithm])))


def test_a_program_without_an_api_cannot_be_asked(capsys: Out) -> None:
    assert main(["probe", "--miner", "generic"]) == 2
    said = capsys.readouterr().err
    assert "whether it runs" in said
    assert "log" in said
