"""CSV files as spreadsheets write them, oddities included."""

from __future__ import annotations

from pathlib import Path

import pytest

from asic_edge.roster.entries import RosterError, Words
from asic_edge.roster.table_file import MOST_BYTES, MOST_LINES, Row, checked_words, read_table, table_of

PLAIN = "address,mac,name,place,client,tags\n10.0.0.1,02:00:00:00:00:01,rack-1,A-01,Ada,loud|old\n"
ROW = Row(2, "10.0.0.1", "02:00:00:00:00:01", Words("rack-1", "A-01", "Ada", ("loud", "old")))


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", '","')
        .replace("\n", '"\n')
        .replace("address", '"address')
        .replace("10.", '"10.')
        .encode(),
        PLAIN.replace("address", "IP Address")
        .replace("client", "Customer")
        .replace("place", "LOCATION")
        .encode(),
        PLAIN.replace("02:00:00:00:00:01", "020000000001").encode(),
        PLAIN.replace("02:00:00:00:00:01", '="02-00-00-00-00-01"').encode(),
        PLAIN.replace("rack-1", "'rack-1").replace("Ada", "\u00a0Ada ").encode(),
    ],
)
def test_every_way_of_writing_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes(content)
    table = read_table(file)
    assert table.rows == (ROW,)
    assert not table.faults
    assert not table.ignored


def test_a_line_that_names_the_separator_and_blank_lines_count_as_lines() -> None:
    table = table_of("sep=;\n\naddress;name\n;\n10.0.0.1;a\n\n;;;\n10.0.0.2;b\n")
    assert [(each.line, each.words.name) for each in table.rows] == [(5, "a"), (8, "b")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",,x", "neither address nor MAC"),
        ("10.0.0.300,,x", "no IPv4 address"),
        ("fe80::1,,x", "no IPv4 address"),
        ("010.000.000.005,,x", "zeros before a number"),
        ("8.8.8.8,,x", "not within a private network; asic-edge import --public takes it"),
        ("0.0.0.0,,x", "0.0.0.0 is where no device can be"),
        ("224.0.0.1,,x", "is where no device can be"),
        ("255.255.255.255,,x", "is where no device can be"),
        ("10.0.0.1,2.5E+11,x", "made a number of its MAC"),
        ("10.0.0.1,02:00:00:00:00,x", "no MAC address"),
        ("10.0.0.1,00:00:00:00:00:00,x", "no MAC address"),
        ('10.0.0.1,,"x', "quotation mark is left open"),
        ("10.0.0.1,,x,y", "it has 4 cells"),
        (f"10.0.0.1,,{'x' * 81}", "its name has 81 characters"),
        ("10.0.0.1,,=cmd|x", "formula"),
        ("10.0.0.1,,a\u202eb", "cannot be printed"),
        ("10.0.0.9,,x", "its address stands in line 2 already"),
        ("10.0.0.1,02:00:00:00:00:09,x", "its MAC stands in line 2 already"),
        ("10.0.0.1,,TAKEN", "its name stands in line 2 already"),
    ],
)
def test_each_fault_is_explained_and_spoils_no_other_line(line: str, reason: str) -> None:
    head = "address,mac,name\n10.0.0.9,02-00-00-00-00-09,taken\n"
    table = table_of(f"{head}{line}\n10.0.0.8,,last\n")
    ((number, told),) = table.faults
    assert number == 3
    assert reason in told
    assert [each.line for each in table.rows] == [2, 4]


def test_public_addresses_are_taken_where_it_was_said() -> None:
    table = table_of("address\n8.8.8.8\n255.255.255.255\n", public=True)
    assert [each.address for each in table.rows] == ["8.8.8.8"]
    assert [each.line for each in table.faults] == [3]


def test_a_cell_over_two_lines_is_told_as_one() -> None:
    table = table_of('name,address\n"a\nb",10.0.0.1\n"c,10.0.0.2\n19" rack,10.0.0.3\nd,nowhere\n')
    assert [each.words.name for each in table.rows] == ['19" rack']
    assert [(each.line, each.reason) for each in table.faults] == [
        (2, "a quotation mark is left open, or a cell holds a line break"),
        (3, "it seems to be the rest of line 2, in which a cell holds a line break"),
        (4, "a quotation mark is left open, or a cell holds a line break"),
        (6, "'nowhere' is no IPv4 address"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("\n;;\n", "empty"),
        ("name,place\na,b\n", "'address' or 'mac'"),
        ("10.0.0.1,02:00:00:00:00:01\n", "'address' or 'mac'"),
        ("ip,address\n10.0.0.1,10.0.0.2\n", "a column twice"),
        ('"address,name\n', "quotation mark"),
        ("address\n" + "10.0.0.1\n" * MOST_LINES, "20,000 lines"),
    ],
)
def test_a_file_that_is_none(text: str, words: str) -> None:
    with pytest.raises(RosterError, match=words):
        table_of(text)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x" * (MOST_BYTES + 1), "more than 4 MB"),
        (b"address,name\n10.0.0.1,M\xfcller\n", "not in UTF-8"),
        (b"PK\x03\x04\x00\x00", "no CSV file"),
    ],
)
def test_a_file_of_another_kind(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes(content)
    with pytest.raises(RosterError, match=words):
        read_table(file)


def test_columns_that_are_not_known_are_named() -> None:
    table = table_of("address,Rack unit,Owner\n10.0.0.1,4,x\n")
    assert table.ignored == ("rack unit", "owner")


@pytest.mark.parametrize("tags", ["x" * 41, ",".join(f"t{n}" for n in range(21))])
def test_tags_have_limits(tags: str) -> None:
    with pytest.raises(RosterError, match="tag"):
        checked_words("", "", "", tags)
