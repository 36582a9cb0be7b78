"""A real child with a stand-in for NVIDIA's package: whatever it does, the reading goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from edge_sentry.agent.sampler import Sampler
from edge_sentry.collectors import COLLECTORS, Source
from edge_sentry.collectors.nvidia.cards import NvidiaCards
from edge_sentry.collectors.nvidia.process import PROGRAM, Answer, ChildError, RunningChild, started
from edge_sentry.reading import Reading
from tests.unit.edge_sentry.collectors.nvidia.stand_ins import LIBRARY, first, recorded, with_driver
from tests.unit.edge_sentry.machines import source

ENOUGH_S = 30.0


class Rig:
    """A card rig whose NVML says what the test tells it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "nvml.json"
        self.tell(recorded())
        self.children: list[RunningChild] = []
        self.cards = NvidiaCards(with_driver(folder), self._start, time.monotonic, answer_s=0.5)

    def tell(self, told: dict[str, Any]) -> None:
        self.file.write_text(json.dumps(told))

    def change(self, card: int, **told: object) -> None:
        now = json.loads(self.file.read_text())
        now["cards"][card].update(told)
        self.tell(now)

    def _start(self) -> RunningChild:
        child = RunningChild((sys.executable, "-P", str(PROGRAM)))
        self.children.append(child)
        return child


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setenv("PYTHONPATH", str(LIBRARY))
    monkeypatch.setenv("STAND_IN_NVML", str(tmp_path / "nvml.json"))
    rig = Rig(tmp_path)
    yield rig
    rig.cards.close()
    assert all(child.ended() for child in rig.children)


def told(reading: Reading, card: int) -> dict[str, float]:
    """By metric."""
    device = reading.devices[card].device
    return {name.partition("@")[0]: v for name, v in reading.values.items() if name.endswith(f"@{device}")}


def reasons(reading: Reading, card: int) -> dict[str, str]:
    device = reading.devices[card].device
    return {name.partition("@")[0]: v for name, v in reading.unread.items() if name.endswith(f"@{device}")}


def test_the_recorded_cards(rig: Rig) -> None:
    reading = first(rig.cards)
    gaming, server, old = reading.devices
    assert (gaming.name, gaming.address, gaming.vbios) == (
        "NVIDIA GeForce RTX 3080",
        "0000:01:00.0",
        "94.02.42.40.2F",
    )
    assert (gaming.vendor, gaming.driver, gaming.memory_bytes) == ("nvidia", "580.95.05", 10 * 1024**3)
    assert gaming.uuid == "GPU-5a1b6f0e-0000-4000-8000-000000000001"
    assert (server.name, server.address) == ("NVIDIA A100-PCIE-40GB", "0001:0a:00.0")
    assert told(reading, 0) == {
        "gpu_temperature_c": 61,
        "gpu_fan_pct": 71,
        "gpu_power_w": 218.456,
        "gpu_core_clock_hz": 1410e6,
        "gpu_memory_clock_hz": 9501e6,
        "gpu_load_pct": 100,
        "gpu_memory_used_bytes": 5 * 1024**3,
    }
    assert reasons(reading, 0) == {"gpu_memory_temperature_c": "not supported by this card"}
    assert told(reading, 1)["gpu_memory_temperature_c"] == 55
    assert reasons(reading, 1) == {"gpu_fan_pct": "not supported by this card"}
    assert told(reading, 2)["gpu_fan_pct"] == 45
    assert old.address == "0000:05:00.0"
    assert reading.gaps == ()
    assert reading.lost == {}


def test_one_child_answers_all_questions(rig: Rig) -> None:
    assert first(rig.cards) == rig.cards.collect() == rig.cards.collect()
    assert len(rig.children) == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (3, "not supported by this card"),
        (4, "permission denied: the agent's user may not use the cards"),
        (16, "the card must be reset: restart the machine"),
        (999, "its driver says: NVML Error with code 999"),
    ],
)
def test_one_value_that_cannot_be_had_costs_no_other(rig: Rig, code: int, reason: str) -> None:
    rig.change(0, nvmlDeviceGetPowerUsage={"error": code})
    reading = first(rig.cards)
    assert reasons(reading, 0)["gpu_power_w"] == reason
    assert len(told(reading, 0)) == 6
    assert len(told(reading, 1)) == 7


def test_a_card_that_is_lost_is_known_and_the_others_are_read(rig: Rig) -> None:
    before = first(rig.cards)
    rig.change(0, nvmlDeviceGetTemperature={"error": 15})
    reading = rig.cards.collect()
    assert reading.devices == before.devices
    assert reading.lost == {"0000:01:00.0": "the card is lost: it fell off the bus"}
    assert told(reading, 0) == {}
    assert set(reasons(reading, 0).values()) == {"the card is lost: it fell off the bus"}
    assert told(reading, 1) == told(before, 1)


def test_a_card_that_was_lost_before_we_came_is_a_gap(rig: Rig) -> None:
    rig.change(1, nvmlDeviceGetHandleByIndex={"error": 15})
    reading = first(rig.cards)
    assert [device.address for device in reading.devices] == ["0000:01:00.0", "0000:05:00.0"]
    assert [gap.lost for gap in reading.gaps] == [True]
    assert reading.unread["devices"] == "NVIDIA: the card is lost: it fell off the bus"


def test_a_card_is_not_taken_for_another_when_its_uuid_cannot_be_read(rig: Rig) -> None:
    rig.change(1, nvmlDeviceGetUUID={"error": 999})
    reading = first(rig.cards)
    assert len(reading.devices) == 2
    assert [gap.vendor for gap in reading.gaps] == ["nvidia"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (9, "its driver is not loaded"),
        (12, "its driver comes without the library NVML: install that"),
        (18, "its driver and library differ in version, as after an update: restart the machine"),
    ],
)
def test_a_driver_that_does_not_work_says_what_to_do(rig: Rig, code: int, reason: str) -> None:
    rig.tell({**recorded(), "nvmlInit": {"error": code}})
    reading = first(rig.cards)
    assert reading.unread == {"devices": f"NVIDIA: {reason}"}
    assert rig.children[0].ended()


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ({"exit": 3}, "its reader ended with status 3"),
        ({"signal": signal.SIGSEGV}, "its reader crashed (signal 11)"),
        ({"hang": 300}, "no answer within 0.5 s"),
    ],
    ids=["exit", "crash", "hang"],
)
def test_a_child_that_fails_is_unread_and_not_started_again_at_once(
    rig: Rig, deed: dict[str, int], reason: str
) -> None:
    first(rig.cards)
    rig.change(1, nvmlDeviceGetTemperature=deed)
    for _ in range(3):
        assert rig.cards.collect().unread == {"devices": f"NVIDIA: {reason}"}
    assert len(rig.children) == 1
    assert rig.children[0].ended()


def test_what_the_library_prints_is_no_answer(rig: Rig) -> None:
    rig.tell({**recorded(), "nvmlInit": {"print": '{"number": 1}\nNVRM: oh no\n'}})
    assert len(first(rig.cards).devices) == 3


def test_three_hundred_cards(rig: Rig) -> None:
    card = recorded()["cards"][0]
    many = [{**card, "nvmlDeviceGetUUID": f"GPU-{number}"} for number in range(300)]
    rig.tell({**recorded(), "cards": many})
    reading = first(rig.cards)
    assert len({device.device for device in reading.devices}) == 300
    assert len(reading.values) == 300 * 7


def test_a_text_that_is_not_utf8_or_endless_harms_nothing(rig: Rig) -> None:
    rig.change(0, nvmlDeviceGetName="\udcff" + "x" * 5000)
    reading = first(rig.cards)
    assert len(reading.devices or reading.gaps) >= 1


def test_without_the_package_the_reading_says_so(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """-S: without what is installed."""
    monkeypatch.delenv("PYTHONPATH")
    child = RunningChild((sys.executable, "-S", "-P", str(PROGRAM)))
    rig.children.append(child)
    child.ask(1)
    assert child.answer(1, ENOUGH_S) == Answer(1, failure="the package nvidia-ml-py is not installed")
    child.end()


@pytest.mark.parametrize(
    "script",
    ["print('Traceback')", "print('[]')", "print('x' * 3_000_000)", "print('{\"number\": 1}\\n' * 100_000)"],
    ids=["text", "json", "endless", "flood"],
)
def test_a_child_that_says_what_is_no_answer_is_told_apart(script: str) -> None:
    child = RunningChild((sys.executable, "-c", script))
    try:
        with pytest.raises(ChildError):
            child.answer(2, ENOUGH_S)
    finally:
        assert child.end()


def test_a_late_answer_is_passed_over() -> None:
    script = "import time; print('{\"number\": 1}'); print('{\"number\": 2}', flush=True); time.sleep(60)"
    child = RunningChild((sys.executable, "-c", script))
    try:
        assert child.answer(2, ENOUGH_S) == Answer(2)
    finally:
        assert child.end()


def test_the_child_ends_with_whoever_asks_it(rig: Rig) -> None:
    child = subprocess.Popen(
        (sys.executable, "-P", str(PROGRAM)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    child.communicate(timeout=ENOUGH_S)
    assert child.returncode == 0


@contextmanager
def hung(rig: Rig, deed: str) -> Iterator[tuple[subprocess.Popen[bytes], psutil.Process]]:
    """An agent of its own process, and its child that hangs in the library."""
    rig.tell({**recorded(), "nvmlInit": {deed: 300}})
    program = (
        "import time; from edge_sentry.collectors.nvidia.process import started; "
        "child = started(); child.ask(1); child.answer(1, 0.5); print(child.pid, flush=True); time.sleep(300)"
    )
    with subprocess.Popen((sys.executable, "-c", program), stdout=subprocess.PIPE) as agent:
        assert agent.stdout is not None
        child = psutil.Process(int(agent.stdout.readline()))
        try:
            yield agent, child
        finally:
            agent.kill()
            with suppress(psutil.NoSuchProcess):
                child.kill()


@pytest.mark.parametrize("deed", ["hang", "stuck"])
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_child_that_hangs_ends_with_its_agent(rig: Rig, deed: str, end: signal.Signals) -> None:
    with hung(rig, deed) as (agent, child):
        assert child.is_running()
        agent.send_signal(end)
        agent.wait(ENOUGH_S)
        assert psutil.wait_procs([child], ENOUGH_S)[1] == []


def test_a_child_that_hangs_ends_when_its_input_does(rig: Rig) -> None:
    """The only way on systems where the kernel does not see to it."""
    rig.tell({**recorded(), "nvmlInit": {"hang": 300}})
    child = subprocess.Popen(
        (sys.executable, "-P", str(PROGRAM)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with child:
        try:
            child.communicate(b"1\n", timeout=ENOUGH_S)
        finally:
            child.kill()
    assert child.returncode == 0


def test_a_child_whose_agent_ended_before_it_began_ends(rig: Rig) -> None:
    with subprocess.Popen(
        (sys.executable, "-P", str(PROGRAM), "1"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        try:
            assert child.wait(ENOUGH_S) == 0
        finally:
            child.kill()


def test_a_child_outlives_the_thread_that_asked_for_it(rig: Rig) -> None:
    readings: list[Reading] = []
    for _ in range(2):
        thread = threading.Thread(target=lambda: readings.append(first(rig.cards)))
        thread.start()
        thread.join(ENOUGH_S)
    assert [len(reading.devices) for reading in readings] == [3, 3]
    assert len(rig.children) == 1


def test_one_that_cannot_be_started_says_so() -> None:
    with pytest.raises(FileNotFoundError):
        RunningChild(("/nowhere/python",))


def test_the_real_one_is_started_by_its_path(rig: Rig) -> None:
    child = started()
    try:
        child.ask(7)
        answer = child.answer(7, ENOUGH_S)
        assert answer is not None
        assert len(answer.cards) == 3
    finally:
        assert child.end()


def test_a_hung_child_costs_the_rest_of_the_sample_nothing(rig: Rig, tmp_path: Path) -> None:
    first(rig.cards)
    quick = source(lambda: Reading(values={"load_1min": 1.0}), "load_1min")
    nvidia = Source("nvidia", (), lambda _folder: rig.cards.collect, 5.0, "nvidia")
    sampler = Sampler((nvidia, quick), tmp_path)
    sampler.sample()
    rig.change(0, nvmlDeviceGetTemperature={"hang": 300})
    reading = sampler.sample()
    assert reading.values == {"load_1min": 1.0}
    assert len(reading.devices) == 3
    assert {v for name, v in reading.unread.items() if "@" in name} == {"no answer within 0.5 s"}
    assert reading.hung_readings == 1
    assert reading.lost == {}


@pytest.mark.parametrize(
    ("deed", "cards_read"),
    [({"hang": 300}, 0), ({"signal": signal.SIGSEGV}, 0), ({"exit": 3}, 0), ({"error": 999}, 3)],
    ids=["hang", "crash", "exit", "partial"],
)
def test_whatever_nvml_does_the_rest_of_the_snapshot_arrives_on_time(
    rig: Rig, tmp_path: Path, deed: dict[str, int], cards_read: int
) -> None:
    """The agent's own sampler with all of its other sources, and NVIDIA's budget as the agent has it."""
    first(rig.cards)
    others = [row for row in COLLECTORS if row.name != "nvidia"]
    (budget_s,) = {row.budget_s for row in COLLECTORS if row.name == "nvidia"}
    nvidia = Source("nvidia", (), lambda _folder: rig.cards.collect, budget_s, "nvidia")
    sampler = Sampler((nvidia, *others), tmp_path)
    well = sampler.sample()
    rig.change(0, nvmlDeviceGetTemperature=deed)
    began = time.monotonic()
    reading = sampler.sample()
    assert time.monotonic() - began < budget_s
    whole = {name for name in well.values if "@" not in name and not name.startswith(("gpu_", "power_w"))}
    assert whole >= {"memory_used_pct", "disk_used_pct", "uptime_s"}
    assert whole <= reading.values.keys()
    assert len(reading.devices) == 3
    assert len({name.partition("@")[2] for name in reading.values if "@" in name}) == cards_read
    assert any(name.partition("@")[2] == reading.devices[0].device for name in reading.unread)
