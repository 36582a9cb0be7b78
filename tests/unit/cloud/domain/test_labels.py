"""Names and labels are text that can be seen, on one line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain.labels import (
    NAME_MAX,
    TAG_MAX,
    TAGS_MAX,
    checked_name,
    checked_tags,
    checked_text,
    visible,
)
from tests.fakes.reports import block, report
from wire.edge import (
    Appliance,
    AskedModel,
    EdgeState,
    ErrandLine,
    ErrandResult,
    FoundDevice,
    GivenAnswer,
    NoReply,
    Notice,
    OpenQuestion,
    Pool,
    SearchState,
    SilentDevice,
    SlowDevice,
)
from wire.faults import Fault
from wire.messages import Device, LogLines, MachineReport, Mining, Program, Report, RigEvent, Specs, Unread

INVISIBLE = [
    "\u200b",  # zero width space
    "\u200d",  # joiners with nothing to join
    "\u200c\u200d",
    "\u202e",  # right to left override
    "\u2066",
    "\ufeff",
    "\u00ad",  # soft hyphen
    "\u2060",
    "\u3164",  # letters by their category, with nothing to see
    "\uffa0",
    "\u115f",
    "\u1160",
    "\u2800",  # a braille cell without dots
    "\u0301",  # an accent upon nothing
    "\ufe0f",
    "\u180e",
    "\u180b",  # shapes of the letter before
    "\U000e0100",
    "\u034f",  # marks without ink
    "\u17b4",
    "\U0001d159",
    "\U000e0041",  # a tag character
    "\x00",
    "\x1b",
    "\x7f",
    "\ue000",  # private use
    "\ud800",  # half of a pair
]
VISIBLE = [
    *("rig 7", "Скважина №7 🐄", "नमस्ते", "क्‍ष", "👩‍🌾", "می‌خواهم", "e\u0304\u0323x", "<b>", "🇦🇹", "1️⃣"),
    *("José", "Nguyễn", "x\u0304", "❤️", "🏳️‍🌈", "👩🏽‍⚕️", "🙂‍↔️", "ന്‍", "‼️"),
]


@pytest.mark.parametrize("text", INVISIBLE)
def test_text_that_nobody_can_see_is_refused(text: str) -> None:
    with pytest.raises(Fault) as caught:
        checked_name(text)
    assert (caught.value.code, caught.value.status, caught.value.field) == ("bad_name", 422, "name")
    with pytest.raises(Fault) as caught:
        checked_text(text, "place", 100)
    assert (caught.value.code, caught.value.status, caught.value.field) == ("bad_label", 422, "place")


HIDDEN_WITHIN = [*(text for text in INVISIBLE if text != "\u0301"), "\x85", "\u2028", "\n", "\t", " \u0301"]


@pytest.mark.parametrize("hidden", HIDDEN_WITHIN)
def test_nothing_invisible_disguises_a_name(hidden: str) -> None:
    for name in (f"rig{hidden}1", f"rig{hidden}x"):
        with pytest.raises(Fault):
            checked_name(name)


@pytest.mark.parametrize("hidden", ["\ufe0f", "\u200d", "\u200c", "\u034f", "\u3164"])
def test_no_two_clients_look_alike(hidden: str) -> None:
    with pytest.raises(Fault):
        checked_text(f"acme{hidden}", "client", 80)


@pytest.mark.parametrize("text", VISIBLE)
def test_letters_of_all_kinds_are_plain_text(text: str) -> None:
    once = unicodedata.normalize("NFC", text)
    assert checked_name(text) == checked_text(text, "place", 100) == once


def test_an_accent_is_one_with_its_letter() -> None:
    assert checked_name("Jose\u0301") == checked_text("Jose\u0301", "client", 4) == "José"


def test_space_around_is_taken_off_and_counts_for_nothing() -> None:
    assert checked_name("  " + "n" * NAME_MAX + "\t") == "n" * NAME_MAX
    assert checked_text(" \u00a0row 7\n", "place", 5) == "row 7"


@pytest.mark.parametrize("name", ["", "  ", "\n", "n" * (NAME_MAX + 1)])
def test_a_name_has_one_to_eighty_letters(name: str) -> None:
    with pytest.raises(Fault) as caught:
        checked_name(name)
    assert (caught.value.code, caught.value.field) == ("bad_name", "name")


def test_a_label_may_be_empty_but_not_longer_than_its_limit() -> None:
    assert checked_text("", "client", 5) == checked_text("   ", "client", 5) == ""
    assert checked_text("x" * 5, "client", 5) == "xxxxx"
    with pytest.raises(Fault) as caught:
        checked_text("x" * 6, "client", 5)
    assert (caught.value.code, caught.value.field) == ("bad_label", "client")


def test_each_tag_stands_once_in_the_order_given_and_empty_ones_not_at_all() -> None:
    assert checked_tags(["b", " a ", "", "b", "a", "  ", "B"]) == ("b", "a", "B")


def test_tags_have_their_limits() -> None:
    many = [f"t{number}" for number in range(TAGS_MAX)]
    assert checked_tags([*many, *many]) == tuple(many)
    for tags in ([*many, "one more"], ["x" * (TAG_MAX + 1)], ["ok", "a\u202eb"]):
        with pytest.raises(Fault) as caught:
            checked_tags(tags)
        assert (caught.value.code, caught.value.field) == ("bad_label", "tags")


@given(st.text(max_size=200))
def test_whatever_passes_can_be_printed_and_passes_again(text: str) -> None:
    try:
        name = checked_name(text)
    except Fault:
        return
    assert checked_name(name) == name == name.strip()
    assert 1 <= len(name) <= NAME_MAX
    assert name.replace("\u200c", "").replace("\u200d", "").isprintable()


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("rig 7", "rig 7"),
        ("Скважина №7 🐄", "Скважина №7 🐄"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("xm\u200brig", "xmrig"),
        ("\x1b[31mred\x07", "[31mred"),
        ("two\r\nlines\u2028more\ttext", "two  lines more text"),
        ("half\ud800", "half"),
        ("\u200b", "?"),
        ("", ""),
    ],
)
def test_what_an_agent_tells_is_made_visible(told: str, shown: str) -> None:
    assert visible(Specs(hostname=told)) == Specs(hostname=shown)


def test_every_text_of_a_report_that_is_shown() -> None:
    bad, good = "a\u202eb", "ab"

    def specs(text: str) -> Specs:
        return Specs(hostname=text, addresses=(text,), hardware=(bad,), devices=(Device("gpu-1", name=text),))

    def told(text: str) -> MachineReport:
        return MachineReport(
            "machine_1",
            blocks=(block(),),
            open=block(),
            unread=(Unread("fan", text),),
            specs=specs(text),
            mining=(Mining(text, 1.0, "H/s", text),),
            programs=(Program("p", text, text, reason=text, version=text, pool=text),),
            events=(RigEvent(1, 1.0, "started", text, subject=text),),
            log=LogLines(1, "p", (text, "plain")),
        )

    sent = Report(1, 1, 1.0, 60, (told(bad),))
    assert visible(sent) == Report(1, 1, 1.0, 60, (told(good),))


def test_every_text_of_an_edge_that_is_shown() -> None:
    bad, good = "a\u202eb", "ab"

    def told(text: str) -> Report:
        silence = NoReply(text, 1.0, 1)
        state = EdgeState(
            devices=1,
            reads=1,
            elsewhere=0,
            refused=0,
            round_s=60,
            networks=(text,),
            slow=(SlowDevice(text, "10.0.0.1", 1.0),),
            silent=(SilentDevice(text, text, silence),),
            asked=(AskedModel(text, 1, 1, 1, 1, 1, 1.0),),
            questions=(OpenQuestion(1, text, "10.0.0.1", None, text),),
            answers=(GivenAnswer(1, text, same=True),),
            trouble=(text,),
            search=SearchState(1, "failed", 1.0, 1, 1, 1, 1, text),
            found=(FoundDevice("10.0.0.1", text, text, text, text),),
            results=(ErrandResult(1, ok=True, text=text, lines=(ErrandLine(text, "added", text),)),),
        )
        seen = Appliance((Pool(0, text, text),), (Notice(text),))
        return Report(1, 1, 1.0, 60, (MachineReport("m", silence=silence, appliance=seen),), edge=state)

    assert visible(told(bad)) == told(good)


def test_a_usual_report_is_not_made_anew() -> None:
    sent = report("machine_1", mining=[Mining("RandomX", 9000.5, "H/s", "XMR")])
    assert visible(sent) is sent
