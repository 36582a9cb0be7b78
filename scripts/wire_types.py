"""Writes web_static/wire.d.ts, the wire's structs as TypeScript; `--check` only compares."""

from __future__ import annotations

import argparse
import inspect
import sys
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import msgspec
import msgspec.inspect as mi

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "web_static" / "wire.d.ts"
HEADER = "// The wire's messages as types; written by scripts/wire_types.py, never by hand.\n"
SCALARS: dict[type[mi.Type], str] = {
    mi.StrType: "string",
    mi.BytesType: "string",
    mi.IntType: "number",
    mi.FloatType: "number",
    mi.BoolType: "boolean",
    mi.NoneType: "null",
    mi.AnyType: "unknown",
}


def structs_of(module: ModuleType) -> list[type[msgspec.Struct]]:
    """The structs with fields or a tag that `module` itself defines."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, msgspec.Struct)
        and value.__module__ == module.__name__
        and (value.__struct_fields__ or value.__struct_config__.tag)
    ]


def expression(kind: mi.Type, named: dict[str, type]) -> str:
    """`kind` in TypeScript; the classes that it mentions are added to `named`."""
    if scalar := SCALARS.get(type(kind)):
        return scalar
    if isinstance(kind, mi.StructType | mi.EnumType):
        named[kind.cls.__name__] = kind.cls
        return kind.cls.__name__
    if isinstance(kind, mi.LiteralType):
        return " | ".join(f'"{value}"' for value in kind.values)
    if isinstance(kind, mi.UnionType):
        return " | ".join(expression(part, named) for part in kind.types)
    if isinstance(kind, mi.DictType):
        return f"Record<string, {expression(kind.value_type, named)}>"
    if isinstance(kind, mi.ListType | mi.VarTupleType):
        item = expression(kind.item_type, named)
        return f"({item})[]" if "|" in item else f"{item}[]"
    raise TypeError(f"no TypeScript is known for {kind}")


def comment(cls: type) -> str:
    """The class's docstring as JSDoc; "" when it has none of its own."""
    text = inspect.cleandoc(vars(cls).get("__doc__") or "")
    if not text:
        return ""
    lines = (f" * {line}".rstrip() for line in text.splitlines())
    return "/**\n" + "\n".join(lines) + "\n */\n"


def interface(struct: type[msgspec.Struct], named: dict[str, type]) -> str:
    """A struct as an interface: a field with a default may be left out."""
    shape = mi.type_info(struct)
    assert isinstance(shape, mi.StructType)  # noqa: S101 - narrows the type
    lines = [f'  {shape.tag_field}: "{shape.tag}";'] if shape.tag_field else []
    for field in shape.fields:
        mark = "" if field.required else "?"
        lines.append(f"  {field.encode_name}{mark}: {expression(field.type, named)};")
    return f"{comment(struct)}export interface {struct.__name__} {{\n" + "\n".join(lines) + "\n}\n"


def enumeration(enum: type[Enum]) -> str:
    """An enum of strings as a union of its values."""
    union = " | ".join(f'"{member.value}"' for member in enum)
    return f"{comment(enum)}export type {enum.__name__} = {union};\n"


def alias(name: str, union: Any) -> str:
    """A union of messages under its own name."""
    members = get_args(union) or (union,)
    return f"export type {name} = {' | '.join(member.__name__ for member in members)};\n"


def declarations() -> str:
    """The whole file, its declarations sorted by name."""
    # Found here, so that the script runs from a checkout that is not installed.
    sys.path.insert(0, str(ROOT))
    from wire import edge, edge_page, live, messages, people, templates  # noqa: PLC0415

    named: dict[str, type] = {}
    for module in (messages, live, people, edge, edge_page, templates):
        for struct in structs_of(module):
            if named.setdefault(struct.__name__, struct) is not struct:
                raise TypeError(f"two types of the wire are named {struct.__name__}")
    written: dict[str, str] = {}
    while missing := sorted(named.keys() - written.keys()):
        for name in missing:
            cls = named[name]
            is_enum = issubclass(cls, Enum)
            written[name] = enumeration(cls) if is_enum else interface(cls, named)
    written |= {name: alias(name, getattr(live, name)) for name in ("ToPage", "FromPage")}
    return HEADER + "\n" + "\n".join(written[name] for name in sorted(written))


def main() -> None:
    """Write the file, or with `--check` say whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; write nothing")
    wanted = declarations()
    if not parser.parse_args().check:
        TARGET.write_text(wanted, encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != wanted:
        name = TARGET.relative_to(ROOT)
        sys.exit(f"{name} differs from wire/: run scripts/wire_types.py and commit the result.")


if __name__ == "__main__":
    main()
