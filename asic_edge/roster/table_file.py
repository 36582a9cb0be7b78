"""Reads the rows of a CSV file as spreadsheets write it; what cannot be one is explained by its line."""

from __future__ import annotations

import codecs
import csv
import re
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from typing import Final, NamedTuple

from asic_edge.discovery.ranges import OUTSIDE, refusal
from asic_edge.names import mac_of
from asic_edge.roster.entries import (
    LONGEST_CLIENT,
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_TAG,
    MOST_TAGS,
    RosterError,
    Words,
)

MOST_BYTES: Final = 4 * 1024 * 1024
MOST_LINES: Final = 20_000
_COLUMNS = {
    "address": "address",
    "ip": "address",
    "ip address": "address",
    "mac": "mac",
    "mac address": "mac",
    "name": "name",
    "place": "place",
    "location": "place",
    "client": "client",
    "customer": "client",
    "tags": "tags",
    "tag": "tags",
}
_LONGEST = {"name": LONGEST_NAME, "place": LONGEST_PLACE, "client": LONGEST_CLIENT}
_SPREADSHEET_TEXT = re.compile(r'=\s*"(.*)"')
_SPREADSHEET_NUMBER = re.compile(r"\d+(?:[.,]\d+)?E[+]?\d+", re.IGNORECASE)


class Row(NamedTuple):
    """A device by address, by MAC, or by both."""

    line: int
    address: str | None
    mac: str | None
    words: Words


class RowFault(NamedTuple):
    """Why a line is no row, in words."""

    line: int
    reason: str


class _Bad(Exception):
    """A cell that cannot be right."""


class _Open(RosterError):
    """A quotation mark without another one in its line."""


class Table(NamedTuple):
    """`rows` and `faults` in the order of lines; `ignored`: columns that are not known."""

    rows: tuple[Row, ...]
    faults: tuple[RowFault, ...]
    ignored: tuple[str, ...]


def read_table(path: Path, *, public: bool = False) -> Table:
    """As `table_of`. Raises RosterError when the file as a whole cannot be read, OSError."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise RosterError(f"{path.name} has more than {MOST_BYTES // 2**20} MB; split it.")
    return table_of(_decoded(content), public=public)


def table_of(text: str, *, public: bool = False) -> Table:
    """The first line that is not empty names the columns. `public`: addresses outside private networks are
    taken. Raises RosterError.
    """
    told = enumerate(re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")), 1)
    lines = [(number, line) for number, line in told if line.strip(" \t;,")]
    if len(lines) > MOST_LINES:
        raise RosterError(f"The file has more than {MOST_LINES:,} lines; split it.")
    if lines and lines[0][1].lower().startswith("sep="):
        lines = lines[1:]
    if not lines:
        raise RosterError("The file is empty.")
    head = lines[0][1]
    mark = max(";,\t", key=head.count)
    columns, ignored = _columns(_cells(head, mark))
    return Table(*_rows(lines[1:], mark, columns, public=public), ignored)


def _decoded(content: bytes) -> str:
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    coding = next((name for mark, name in marks.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(coding)
    except UnicodeDecodeError as error:
        raise RosterError("The file is not in UTF-8; save it as 'CSV UTF-8' in the spreadsheet.") from error
    if "\x00" in text:
        raise RosterError("This is no CSV file; save the sheet as 'CSV UTF-8'.")
    return text


def _columns(head: list[str]) -> tuple[list[str | None], tuple[str, ...]]:
    told = [re.sub(r"[\s_-]+", " ", each).strip().lower() for each in head]
    columns = [_COLUMNS.get(each) for each in told]
    known = [each for each in columns if each]
    if not {"address", "mac"} & set(known):
        raise RosterError("The first line must name the columns, 'address' or 'mac' among them.")
    if len(known) != len(set(known)):
        raise RosterError(f"The first line names a column twice: {', '.join(head)}.")
    return columns, tuple(each for each, column in zip(told, columns, strict=True) if each and not column)


def _rows(
    lines: list[tuple[int, str]], mark: str, columns: list[str | None], *, public: bool
) -> tuple[tuple[Row, ...], tuple[RowFault, ...]]:
    rows: list[Row] = []
    faults: list[RowFault] = []
    first: dict[tuple[str, str], int] = {}
    open_since = None
    for number, line in lines:
        try:
            _check_begins(line, mark, open_since)
            row = _row(number, _cells(line, mark), columns, public=public)
            _check_new(row, first)
            rows.append(row)
            open_since = None
        except (_Bad, RosterError) as error:
            faults.append(RowFault(number, str(error)))
            open_since = number if isinstance(error, _Open) else None
    return tuple(rows), tuple(faults)


def _check_begins(line: str, mark: str, open_since: int | None) -> None:
    """That it is not the end of a cell of the line before. Raises _Bad."""
    _, quote, after = line.partition('"')
    if open_since is not None and quote and after.lstrip()[:1] in ("", mark) and line.count('"') % 2:
        raise _Bad(f"it seems to be the rest of line {open_since}, in which a cell holds a line break")


def _cells(line: str, mark: str) -> list[str]:
    """Each line by itself: a quote that is left open spoils no other. Raises RosterError."""
    try:
        found = next(csv.reader([line], delimiter=mark, strict=True, skipinitialspace=True))
    except csv.Error as error:
        raise _Open("a quotation mark is left open, or a cell holds a line break") from error
    return [_cell(each) for each in found]


def _cell(text: str) -> str:
    """Without what spreadsheets put around: blanks of all kinds, ="…", a leading apostrophe."""
    text = " ".join(text.split())
    wrapped = _SPREADSHEET_TEXT.fullmatch(text)
    text = wrapped[1].strip() if wrapped else text
    return text.removeprefix("'")


def _row(number: int, cells: list[str], columns: list[str | None], *, public: bool) -> Row:
    if any(cells[len(columns) :]):
        raise _Bad(f"it has {len(cells)} cells, and the first line names {len(columns)}")
    told = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    address, mac = told.get("address", ""), told.get("mac", "")
    if not address and not mac:
        raise _Bad("it has neither address nor MAC")
    for name, longest in _LONGEST.items():
        _check_text(name, told.get(name, ""), longest)
    words = Words(
        told.get("name", ""), told.get("place", ""), told.get("client", ""), tags_of(told.get("tags", ""))
    )
    return Row(number, _address(address, public=public), _mac(mac), words)


def tags_of(text: str) -> tuple[str, ...]:
    """Separated by commas, semicolons or bars, each once. Raises RosterError."""
    tags = tuple(dict.fromkeys(each.strip() for each in re.split(r"[,;|]", text) if each.strip()))
    if len(tags) > MOST_TAGS:
        raise RosterError(f"it has {len(tags)} tags; a device has at most {MOST_TAGS}")
    for tag in tags:
        _check_text("tag", tag, LONGEST_TAG)
    return tags


def checked_words(name: str, place: str, client: str, tags: str) -> Words:
    """Of what was typed. Raises RosterError for what is too long or not printable."""
    for what, text in (("name", name), ("place", place), ("client", client)):
        _check_text(what, text, _LONGEST[what])
    return Words(name.strip(), place.strip(), client.strip(), tags_of(tags))


def _check_text(what: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise RosterError(f"its {what} has {len(text)} characters; at most {longest} are kept")
    if not text.isprintable():
        raise RosterError(f"its {what} holds a character that cannot be printed")
    if text.startswith(("=", "@")):
        raise RosterError(f"its {what} begins with {text[0]}, as a spreadsheet's formula does")


def _address(text: str, *, public: bool) -> str | None:
    if not text:
        return None
    try:
        address = IPv4Address(text)
    except AddressValueError as error:
        if re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", text) and re.search(r"(^|\.)0\d", text):
            raise _Bad(f"{text} has zeros before a number; write 10.0.0.5 and not 010.000.000.005") from error
        raise _Bad(f"{text[:40]!r} is no IPv4 address") from error
    if reason := refusal(address, public=public):
        more = "; asic-edge import --public takes it" if reason == OUTSIDE else ""
        raise _Bad(f"{address} {reason}{more}")
    return str(address)


def _mac(text: str) -> str | None:
    if not text:
        return None
    if _SPREADSHEET_NUMBER.fullmatch(text):
        raise _Bad(f"the spreadsheet made a number of its MAC ({text}); format that column as text")
    mac = mac_of(text)
    if mac is None:
        raise _Bad(f"{text[:40]!r} is no MAC address")
    return mac


def _check_new(row: Row, first: dict[tuple[str, str], int]) -> None:
    """Each MAC, address and name once in a file."""
    told = (("MAC", row.mac), ("address", row.address), ("name", row.words.name.casefold()))
    for what, value in told:
        if value and (what, value) in first:
            raise _Bad(f"its {what} stands in line {first[what, value]} already")
    first.update({(what, value): row.line for what, value in told if value})
