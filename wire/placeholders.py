"""Start scripts with placeholders: what they may hold, and how they are filled.

`{{name}}` stands for a value, `{{pool_tls|yes|no}}` for one of two texts, and what stands between
`{{#pools}}` and `{{/pools}}` for itself once for each pool. Values are such that none of their letters
means anything to sh or to cmd: they can be written into a script without quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

SCRIPT_MAX_LETTERS: Final = 16_000
POOLS_MAX: Final = 8
TEXT_MAX_LETTERS: Final = 200

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_BEGIN, _END, _TLS = "#pools", "/pools", "pool_tls"
_WORDS = re.compile(r"[A-Za-z0-9+:/._=-]*")


class Values(NamedTuple):
    """What placeholders of the rig stand for; "" where there is none. `api_port`: of the program's API."""

    worker: str = ""
    rig_name: str = ""
    api_port: str = ""


class PoolValues(NamedTuple):
    """What placeholders of one pool stand for. `address`: "host:port"; `mining_address`: the wallet's."""

    address: str
    tls: bool
    mining_address: str
    password: str = "x"  # noqa: S105 - what pools take where they ask for none


class Problem(NamedTuple):
    """What is wrong, and where in the text: line and column count from 1."""

    line: int
    column: int
    text: str


class Refused(Exception):
    """A template or value that is not taken; `problems` in the order of the text."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            "; ".join(f"line {line}, column {column}: {text}" for line, column, text in problems)
        )
        self.problems = tuple(problems)


class Alphabet(NamedTuple):
    """Which letters a value may have: `first` for the first one, `rest` for the others; `most` in all."""

    words: str
    first: str
    rest: str
    most: int


_LETTERS = "A-Za-z0-9"
WORKER: Final = Alphabet("a worker name", _LETTERS, _LETTERS + "_-", 40)
RIG_NAME: Final = Alphabet("a rig's name in a script", _LETTERS, _LETTERS + "._-", 80)
POOL_ADDRESS: Final = Alphabet("a pool's address", _LETTERS, _LETTERS + ".:-", 120)
MINING_ADDRESS: Final = Alphabet("a mining address", _LETTERS, _LETTERS + "._:+/@-", TEXT_MAX_LETTERS)
PASSWORD: Final = Alphabet("a pool's password", _LETTERS, _LETTERS + "._:+/@=,-", TEXT_MAX_LETTERS)
API_PORT: Final = Alphabet("a port", "1-9", "0-9", 5)
_ADDRESS = re.compile(r"[A-Za-z0-9.-]+:([1-9][0-9]{0,4})")
OF_RIG: Final = {"worker": WORKER, "rig_name": RIG_NAME, "api_port": API_PORT}
OF_POOL: Final = {
    "pool_address": POOL_ADDRESS,
    "pool_host": POOL_ADDRESS,
    "pool_port": API_PORT,
    "mining_address": MINING_ADDRESS,
    "pool_password": PASSWORD,
}


class _Tag(NamedTuple):
    start: int
    end: int
    name: str
    choice: tuple[str, str] | None


def value_problem(text: str, alphabet: Alphabet) -> Problem | None:
    """Why `text` is no such value, with the column of the first letter that is wrong; None when it is."""
    if not text:
        return Problem(1, 1, f"{alphabet.words} is missing")
    if len(text) > alphabet.most:
        return Problem(1, alphabet.most + 1, f"{alphabet.words} has at most {alphabet.most} letters")
    good = re.match(f"[{alphabet.first}][{alphabet.rest}]*", text)
    if good is None or good.end() < len(text):
        at = good.end() if good else 0
        return Problem(1, at + 1, f"{alphabet.words} cannot have {text[at]!r} here")
    return None


def pool_address_problem(text: str) -> Problem | None:
    """The same for "host:port"."""
    problem = value_problem(text, POOL_ADDRESS)
    if problem is not None:
        return problem
    found = _ADDRESS.fullmatch(text)
    if found is None or int(found[1]) > 65535:
        return Problem(1, text.rfind(":") + 2, "a pool's address is a host and a port, as pool.example:3333")
    return None


def fails_over_itself(template: str) -> bool:
    """Whether the script hands all pools to the program, which then changes between them."""
    return any(tag.name == _BEGIN for tag in _tags(template))


def template_problems(template: str) -> list[Problem]:
    """All that is wrong with a template, whatever the values will be."""
    if len(template) > SCRIPT_MAX_LETTERS:
        text = f"a script has at most {SCRIPT_MAX_LETTERS:,} letters"
        return [Problem(*_place(template, SCRIPT_MAX_LETTERS), text)]
    problems = [*_letter_problems(template), *_tag_problems(template), *_section_problems(template)]
    return sorted(problems)


def fill(template: str, rig: Values, pools: Sequence[PoolValues]) -> tuple[str, ...]:
    """The scripts: one for each pool to begin with, or a single one that `fails_over_itself`.

    Raises Refused for whatever is wrong with the template or with a value that it uses.
    """
    problems = template_problems(template)
    if not 1 <= len(pools) <= POOLS_MAX:
        problems.append(Problem(1, 1, f"a script needs 1 to {POOLS_MAX} pools"))
    problems = problems or list(_value_problems(template, rig, pools))
    if problems:
        raise Refused(problems)
    if fails_over_itself(template):
        return (_filled(_unrolled(template, pools), rig, pools),)
    return tuple(_filled(template, rig, (pool,)) for pool in pools)


def _filled(template: str, rig: Values, pools: Sequence[PoolValues]) -> str:
    """With the values of the first pool, but for placeholders that say of which one they are."""
    written: list[str] = []
    done = 0
    for tag in _tags(template):
        name, _, number = tag.name.partition("@")
        written += (template[done : tag.start], _value(name, tag.choice, rig, pools[int(number or 0)]))
        done = tag.end
    return "".join(written) + template[done:]


def _unrolled(template: str, pools: Sequence[PoolValues]) -> str:
    """With each section once for each pool; its placeholders say of which one they are."""
    tags = list(_tags(template))
    begins, ends = ([tag for tag in tags if tag.name == name] for name in (_BEGIN, _END))
    written: list[str] = []
    done = 0
    for begin, end in zip(begins, ends, strict=True):
        written.append(template[done : begin.start])
        written += [_numbered(template[begin.end : end.start], number) for number in range(len(pools))]
        done = end.end
    return "".join(written) + template[done:]


def _numbered(text: str, number: int) -> str:
    def named(found: re.Match[str]) -> str:
        name, bar, rest = found[1].partition("|")
        return f"{{{{{name.strip()}@{number}{bar}{rest}}}}}"

    return _TAG.sub(named, text)


def _value(name: str, choice: tuple[str, str] | None, rig: Values, pool: PoolValues) -> str:
    if choice is not None:
        return choice[0 if pool.tls else 1]
    host, _, port = pool.address.rpartition(":")
    texts = {
        "pool_address": pool.address,
        "pool_host": host,
        "pool_port": port,
        "mining_address": pool.mining_address,
        "pool_password": pool.password,
    }
    return rig._asdict()[name] if name in OF_RIG else texts[name]


def _value_problems(template: str, rig: Values, pools: Sequence[PoolValues]) -> Iterator[Problem]:
    """At the placeholders that would be filled with what is missing or has a letter that it may not have."""
    for tag in _tags(template):
        alphabet = (OF_RIG | OF_POOL).get(tag.name)
        if alphabet is None:
            continue
        for pool in pools[:1] if tag.name in OF_RIG else pools:
            found = value_problem(_value(tag.name, None, rig, pool), alphabet)
            if found is None and tag.name == "pool_address":
                found = pool_address_problem(pool.address)
            if found is not None:
                column = f", letter {found.column}" if found.column > 1 else ""
                text = f"{{{{{tag.name}}}}}: {found.text}{column}"
                yield Problem(*_place(template, tag.start), text)
                break


def _tags(template: str) -> Iterator[_Tag]:
    for found in _TAG.finditer(template):
        name, *choice = (part.strip() for part in found[1].split("|"))
        pair = (choice[0], choice[1]) if len(choice) == 2 else None
        yield _Tag(found.start(), found.end(), name, pair)


def _letter_problems(template: str) -> Iterator[Problem]:
    for at, letter in enumerate(template):
        if letter not in "\n\t" and not letter.isprintable():
            what = "a line end of Windows; write plain ones" if letter == "\r" else repr(letter)
            yield Problem(*_place(template, at), f"a script cannot have {what}")
            return


def _tag_problems(template: str) -> Iterator[Problem]:
    known = OF_RIG | OF_POOL
    for tag in _tags(template):
        place, inside = _place(template, tag.start), template[tag.start + 2 : tag.end - 2]
        if tag.name == _TLS:
            if tag.choice is None or not all(map(_WORDS.fullmatch, tag.choice)):
                yield Problem(*place, "write {{pool_tls|text with TLS|text without}}, without blanks in them")
        elif tag.name in (_BEGIN, _END):
            continue
        elif tag.name not in known or "|" in inside:
            names = ", ".join(sorted([*known, _TLS]))
            yield Problem(*place, f"{{{{{inside.strip()[:40]}}}}} is no placeholder; there are {names}")
    rest = _TAG.sub(lambda found: " " * len(found[0]), template)
    for found in re.finditer(r"\{\{|\}\}", rest):
        yield Problem(*_place(template, found.start()), f"{found[0]} without its counterpart")


def _section_problems(template: str) -> Iterator[Problem]:
    """Sections open and close in turn, and hold something of a pool."""
    opened: _Tag | None = None
    for tag in _tags(template):
        place = _place(template, tag.start)
        if tag.name == _BEGIN and opened is not None:
            yield Problem(*place, "{{#pools}} within {{#pools}}")
        elif tag.name == _BEGIN:
            opened = tag
        elif tag.name == _END and opened is None:
            yield Problem(*place, "{{/pools}} without {{#pools}} before")
        elif tag.name == _END:
            opened = None
    if opened is not None:
        yield Problem(*_place(template, opened.start), "{{#pools}} without {{/pools}} behind")


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
