"""The list prices of docs/benchmarks.md, and the rules by which AWS turns what was done into billed units."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any

Bill = dict[str, float]
"""How much of each row of PRICES; fractions are right, for it may be an average."""

PRICES: Mapping[str, float] = {
    "rest_requests": 3.50e-6,
    "http_requests": 1.00e-6,
    "lambda_requests": 0.20e-6,
    "lambda_gb_s": 0.0000133334,
    "write_units": 0.625e-6,
    "read_units": 0.125e-6,
    "sqs_requests": 0.40e-6,
    "socket_messages": 1.00e-6,
    "socket_minutes": 0.25e-6,
    "gb_months": 0.25,
}
"""US dollars each; us-east-1, arm64, no free tier."""

MEMORY_MB = 256
FULL_CPU_MB = 1769
"""With so much memory a function has one whole virtual CPU, with less its share."""
CPU_SCALE = 1.0
"""CPU time of a Graviton2 core beside the one measured on; unknown here, so taken as equal."""
WAIT_S = 0.004
"""A function waits so long for each AWS call, and is billed for it. Assumed, not measured."""


def dollars(bill: Mapping[str, float]) -> float:
    """The bill at list prices; a unit without a price is an error."""
    return sum(PRICES[name] * count for name, count in bill.items())


def times(bill: Mapping[str, float], factor: float) -> Bill:
    """The same so many times."""
    return {name: count * factor for name, count in bill.items()}


def plus(*bills: Mapping[str, float]) -> Bill:
    """All of them together."""
    names = {name for bill in bills for name in bill}
    return {name: sum(bill.get(name, 0) for bill in bills) for name in sorted(names)}


def lambda_bill(cpu_s: float, aws_calls: float, invocations: float = 1) -> Bill:
    """Some invocations that together used so much CPU and made so many calls."""
    billed_s = cpu_s * CPU_SCALE * FULL_CPU_MB / MEMORY_MB + aws_calls * WAIT_S
    billed_s += invocations * 0.0005  # rounded up to whole ms: half a one on average
    return {"lambda_requests": invocations, "lambda_gb_s": billed_s * MEMORY_MB / 1024}


def item_size(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Bytes of an item in DynamoDB's form, as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def write_units(size: int) -> int:
    """One for each KB begun."""
    return max(1, math.ceil(size / 1024))


def read_units(size: int, *, consistent: bool) -> float:
    """One for each 4 KB begun, a half where an old answer will do."""
    return max(1, math.ceil(size / 4096)) * (1 if consistent else 0.5)


def chunks(size: int, chunk_kb: int) -> int:
    """Billed requests or messages of so many KB each."""
    return max(1, math.ceil(size / (chunk_kb * 1024)))


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(content if isinstance(content, bytes) else base64.b64decode(content))
        case "N":
            return _number_size(content)
        case "BOOL" | "NULL":
            return 1
        case "M":
            return 3 + len(content) + item_size(content)
        case "L":
            return 3 + len(content) + sum(_value_size(each) for each in content)
        case _:
            raise ValueError(f"no rule for the size of a {kind}")


def _number_size(text: str) -> int:
    """A byte for each two significant digits, one more, and one for a minus."""
    digits = text.lstrip("-").replace(".", "").strip("0")
    return math.ceil(len(digits) / 2) + 1 + text.startswith("-")
