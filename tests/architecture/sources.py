"""The files that are ours: what the architecture's tests look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("wire", "cloud", "edge_sentry", "asic_edge", "infra")
FOLDERS = (*PACKAGES, "web_static", "scripts", "tests")
_FOREIGN = {"vendor", "node_modules", "__pycache__", "cdk.out", "build"}


def files(*suffixes: str, within: tuple[str, ...] = FOLDERS) -> list[Path]:
    """Paths relative to the root, sorted; what was installed or built is left out."""
    return sorted(path.relative_to(ROOT) for folder in within for path in _walk(ROOT / folder, suffixes))


def _walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    if not folder.is_dir() or folder.name in _FOREIGN:
        return
    for path in folder.iterdir():
        if path.is_dir():
            yield from _walk(path, suffixes)
        elif path.suffix in suffixes:
            yield path


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), str(path))
