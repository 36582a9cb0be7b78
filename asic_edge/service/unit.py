"""The text of the systemd unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asic_edge.descriptors import DESCRIPTORS
from asic_edge.settings.folder import SettingsError

NAME = "asic-edge.service"
# Neither systemd nor a shell reads anything into these.
_PLAIN = re.compile(r"/[A-Za-z0-9_.,@+/-]+")
_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))

_TEXT = """\
# Written by `asic-edge install-service`, which writes it anew each time.
# Changes of your own belong into: systemctl edit asic-edge

[Unit]
Description=ASIC edge of Rig Commander
After=network.target
ConditionPathExists={data}/identity.json
StartLimitIntervalSec=0

[Service]
Type=exec
User={user}
WorkingDirectory={data}
Environment=HOME={data}
ExecStart={python} -I -m asic_edge run --data {data}
Restart=always
RestartSec=5
TimeoutStopSec=20
LimitNOFILE={descriptors}

UMask=0077
LimitCORE=0
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths={data}
PrivateTmp=yes
PrivateDevices=yes
ProtectHome={homes}
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True)
class Service:
    """What differs from one computer to the next. `program`: where the program and its Python lie."""

    python: Path
    user: str
    data: Path
    program: Sequence[Path] = ()


def text(service: Service) -> str:
    """The unit; raises SettingsError where a path has a character that systemd could misread."""
    for path in (service.python, service.data):
        if not _PLAIN.fullmatch(str(path)):
            raise SettingsError(
                f"A service cannot use {path}: only letters, digits and _ . , @ + - may be in its name."
            )
    needed = (service.python, service.data, *service.program)
    seen = any(path.is_relative_to(home) for path in needed for home in _HOMES)
    return _TEXT.format(
        data=service.data,
        user=service.user,
        python=service.python,
        descriptors=DESCRIPTORS,
        homes="read-only" if seen else "yes",
    )


def service_of(unit: str) -> Service | None:
    """What a unit that we wrote was made for; None for any other text."""
    values = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and line[0].isalpha())
    data, user = values.get("WorkingDirectory"), values.get("User")
    command = values.get("ExecStart", "").split()
    return Service(Path(command[0]), user, Path(data)) if data and user and command else None
