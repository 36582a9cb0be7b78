"""Rows become devices once, whatever is imported how often."""

from __future__ import annotations

from collections import Counter

from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Words
from asic_edge.roster.importing import Effect, Kind, take
from asic_edge.roster.matching import Fate, admit, seen
from asic_edge.roster.table_file import table_of
from tests.fakes.asic_roster import check, mac_of, sighting

HEAD = "address;mac;name;place;client;tags\n"
FAULTS = (
    "10.1.0.256;;a;;;",
    ";;nameless;;;",
    "10.1.0.0.1;;b;;;",
    "10.0.0.1;;c;;;",
    ";02:00:00:00:00:GG;d;;;",
    ";2.5E+11;e;;;",
    ";00:00:00:00:00:00;f;;;",
    "010.1.0.1;;g;;;",
    '10.1.1.1;;"h;;;',
    "10.1.1.2;;i;;;;;x",
    f"10.1.1.3;;{'j' * 90};;;",
    f"10.1.1.4;;;{'k' * 121};;",
    f"10.1.1.5;;;;{'l' * 81};",
    f"10.1.1.6;;;;;{'m' * 41}",
    "10.1.1.7;;=1+1;;;",
    "10.1.1.8;;DEV-1;;;",
    f"10.1.1.9;{mac_of(1)};n;;;",
    "rack-4;;o;;;",
    "10.1.1.10;;p\u0007q;;;",
    f"10.1.1.11;;;;;{'|'.join(f't{n}' for n in range(21))}",
)


def rows() -> str:
    good = [
        f"10.0.{n // 250}.{n % 250 + 1};{mac_of(n)};dev-{n};R{n // 40};Client {n % 3};a|b"
        for n in range(1, 1781)
    ]
    good[0] = good[0].replace("10.0.0.2;", "10.0.0.1;")
    for place, fault in enumerate(FAULTS):
        good.insert((place + 1) * 80, fault)
    return "\ufeff" + HEAD + "\n".join(good) + "\n"


def counts(effects: list[Effect]) -> Counter[Kind]:
    return Counter(each.kind for each in effects)


def test_1800_rows_with_20_faults() -> None:
    roster, table = Roster(), table_of(rows().lstrip("\ufeff"))
    first = take(roster, table, 1.0)
    assert counts(first) == {Kind.ADD: 1780, Kind.FAULT: 20}
    assert all(each.text for each in first if each.kind is Kind.FAULT)
    assert [each.line for each in first] == list(range(2, 1802))
    before = roster.kept()
    assert counts(take(roster, table, 2.0)) == {Kind.NOTHING: 1780, Kind.FAULT: 20}
    assert roster.kept() == before
    check(roster)


def test_what_a_device_is_called_changes_and_the_change_is_told() -> None:
    roster = Roster()
    admit(roster, sighting("10.0.0.1", 1), Words())
    (effect,) = take(roster, table_of(f"mac,name,tags\n{mac_of(1)},rack-1,loud\n"), 2.0)
    assert effect.kind is Kind.CHANGE
    assert effect.text == "S19-Pro-0-1: name S19-Pro-0-1 -> rack-1, tags none -> loud"
    (entry,) = roster
    assert not entry.by_rule


def test_an_empty_cell_takes_nothing_away() -> None:
    roster = Roster()
    admit(roster, sighting("10.0.0.1", 1), Words("rack-1", "A-01", "Ada", ("loud",)))
    before = roster.kept()
    take(roster, table_of("address,name,place,client,tags\n10.0.0.1,,,,\n"), 2.0)
    assert roster.kept() == before


def test_a_device_that_was_seen_keeps_the_address_that_it_had_then() -> None:
    roster = Roster()
    admit(roster, sighting("10.0.0.7", 1), Words("rack-1"))
    (effect,) = take(roster, table_of(f"address,mac,name\n10.0.0.1,{mac_of(1)},rack-1\n"), 2.0)
    assert effect.kind is Kind.NOTHING


def test_rows_by_mac_and_by_address_become_one_device_when_it_shows_itself() -> None:
    roster = Roster()
    take(roster, table_of(f"address,mac,name,client\n,{mac_of(1)},,Ada\n10.0.0.1,,rack-1,\n"), 1.0)
    assert len(roster) == 2
    assert seen(roster, sighting("10.0.0.1", 1, at=2)).fate is Fate.MERGED
    (entry,) = roster
    assert (entry.name, entry.client) == ("rack-1", "Ada")


def test_faults_that_only_the_roster_shows() -> None:
    roster = Roster()
    admit(roster, sighting("10.0.0.1", 1), Words("rack-1"))
    admit(roster, sighting("10.0.0.2", 2), Words("rack-2"))
    table = table_of(
        f"address,mac,name\n10.0.0.1,{mac_of(9)},x\n10.0.0.3,,rack-2\n10.0.0.2,{mac_of(8)},y\n10.0.0.4,,new\n"
    )
    effects = take(roster, table, 2.0)
    assert [each.kind for each in effects] == [Kind.FAULT, Kind.FAULT, Kind.FAULT, Kind.ADD]
    assert "asic-edge add --ip 10.0.0.1" in effects[0].text
    assert "name of another device" in effects[1].text


def test_an_address_of_another_is_refused() -> None:
    roster = Roster()
    take(roster, table_of(f"address,mac\n,{mac_of(1)}\n10.0.0.2,\n"), 1.0)
    (effect,) = take(roster, table_of(f"address,mac\n10.0.0.2,{mac_of(1)}\n"), 2.0)
    assert effect.kind is Kind.FAULT
    assert "is the address of" in effect.text
