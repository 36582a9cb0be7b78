"""Runs ministack with its own Python; started by `emulator.py`, in no other way.

Two things differ from the command `ministack`. The names of APIs, which no DNS knows here, lead CloudFront
back to the emulator; and with TLS it keeps to the one port that it was given.
"""

from __future__ import annotations

import importlib
import os
from typing import Any


def main() -> None:
    """Until a signal ends it."""
    program: Any = importlib.import_module("ministack.app")
    cloudfront: Any = importlib.import_module("ministack.services.cloudfront")
    forward = cloudfront._forward_to_origin

    def to_own_api(origin: dict[str, Any], *rest: Any) -> Any:
        api = origin["domain_name"].partition(".")[0]
        return forward({**origin, "domain_name": f"{api}.execute-api.localhost"}, *rest)

    def own_port(*_: Any) -> tuple[str, int, bool]:
        return "localhost", int(os.environ["GATEWAY_PORT"]), True

    cloudfront._forward_to_origin, cloudfront._origin_connect_target = to_own_api, own_port
    program._port_is_bindable = lambda *_: False
    program.main()


if __name__ == "__main__":
    main()
