"""What a rig is to run: its worker name, its playbooks in their versions, and the document made of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Final, Literal

import msgspec

from cloud.domain.playbooks import StoredVersion
from cloud.domain.records import Record
from wire.assignments import PLAYBOOKS_MAX, AssignedPlaybook, AssignedPool, Document, System
from wire.faults import Fault
from wire.messages import Specs
from wire.placeholders import WORKER, Refused, Values

FIRST_PORT: Final = 42_000
_PORTS_KEPT: Final = 64
_BEFORE_KEPT: Final = 5
Versions = Mapping[tuple[str, int], StoredVersion]
How = Literal["set", "add", "remove", "versions", "back", "same"]


class WorkerName(Record, frozen=True):
    """Which rig has a worker name."""

    machine: str


class Work(Record, frozen=True):
    """Of a rig. `wanted`: playbook to version, in the order in which they were assigned.

    `ports`: the API port of each playbook, kept for when it comes back. (epoch, revision): of the newest
    document that was signed, at `signed_at`. `before`: rollout to what was wanted before it, the last few.
    """

    machine: str
    worker: str = ""
    wanted: dict[str, int] = {}  # noqa: RUF012 - msgspec copies it
    ports: dict[str, int] = {}  # noqa: RUF012 - msgspec copies it
    epoch: int = 0
    revision: int = 0
    signed_at: float = 0
    before: dict[str, dict[str, int]] = {}  # noqa: RUF012 - msgspec copies it

    @property
    def place(self) -> tuple[int, int]:
        """Newer is larger."""
        return self.epoch, self.revision


class Wish(Record, frozen=True):
    """What a rollout makes of the work of each of its rigs. `playbooks`: to versions.

    `versions`: those that it has go to these versions; `back`: to what it was before the rollout `of`;
    `same`: nothing changes, it is only signed again.
    """

    how: How
    playbooks: dict[str, int] = {}  # noqa: RUF012 - msgspec copies it
    of: str = ""

    def applied(self, work: Work, rollout: str) -> Work:
        """The work under this rollout; a second time changes nothing. Raises Fault `too_many_playbooks`."""
        wanted = self._wanted(work)
        if len(wanted) > PLAYBOOKS_MAX:
            message = f"A rig runs at most {PLAYBOOKS_MAX} playbooks."
            raise Fault("too_many_playbooks", message, "playbooks", status=409)
        before = work.before
        if rollout not in before and wanted != work.wanted:
            kept = [*before.items(), (rollout, work.wanted)]
            before = dict(kept[-_BEFORE_KEPT:])
        return msgspec.structs.replace(work, wanted=wanted, before=before)

    def _wanted(self, work: Work) -> dict[str, int]:
        if self.how == "set":
            return self.playbooks
        if self.how == "add":
            return work.wanted | self.playbooks
        if self.how == "remove":
            return {each: version for each, version in work.wanted.items() if each not in self.playbooks}
        if self.how == "versions":
            return {each: self.playbooks.get(each, version) for each, version in work.wanted.items()}
        if self.how == "back":
            return work.before.get(self.of, work.wanted)
        return work.wanted


def worker_names(rig_name: str, machine: str) -> Iterator[str]:
    """Names to try for a rig that has none: made of its own, the last one nobody else's for certain."""
    plain = unicodedata.normalize("NFKD", rig_name).encode("ascii", "ignore").decode()
    word = re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-_") or "rig"
    yield word[: WORKER.most]
    for number in range(2, 6):
        yield f"{word[: WORKER.most - 2]}-{number}"
    tail = re.sub(r"[^A-Za-z0-9]", "", machine)[-16:]
    yield f"{word[: WORKER.most - 17]}-{tail}"


def with_ports(work: Work, taken: Collection[int]) -> Work:
    """With a port for each playbook that has none; none of `taken`, nor twice the same."""
    ports = {playbook: port for playbook, port in work.ports.items() if port not in taken}
    if len(ports) + len(work.wanted) > _PORTS_KEPT:
        ports = {playbook: port for playbook, port in ports.items() if playbook in work.wanted}
    for playbook in work.wanted:
        if playbook not in ports:
            used = {*taken, *ports.values()}
            ports[playbook] = next(port for port in range(FIRST_PORT, 65_536) if port not in used)
    return msgspec.structs.replace(work, ports=ports)


def system_of(specs: Specs | None) -> System:
    """What a rig told of itself; Linux as long as it told nothing."""
    told = (specs.os or "") if specs else ""
    return System.WINDOWS if told.lower().startswith("windows") else System.LINUX


def document_of(work: Work, versions: Versions, system: System, rig_name: str) -> Document:
    """All that the rig is to run. Raises Fault `cannot_be_filled` (409) with the playbook and the reason."""
    return Document(
        tuple(
            _assigned(work, versions.get((playbook, version)), playbook, system, rig_name)
            for playbook, version in work.wanted.items()
        )
    )


def _assigned(
    work: Work, version: StoredVersion | None, playbook: str, system: System, rig_name: str
) -> AssignedPlaybook:
    if version is None:
        raise _unfit(playbook, "this version is not there any more")
    draft, archive = version.told.draft, version.archives.get(system)
    if system not in draft.scripts or archive is None:
        raise _unfit(draft.name, f"it has no script and archive for {system}")
    port = work.ports[playbook]
    try:
        scripts = version.filled(system, Values(work.worker, rig_name, str(port)))
    except Refused as error:
        raise _unfit(draft.name, str(error)) from error
    return AssignedPlaybook(
        playbook=playbook,
        version=version.told.version,
        name=draft.name,
        program=draft.program,
        program_version=draft.program_version,
        system=system,
        archive=archive,
        scripts=scripts,
        pools=tuple(AssignedPool(pool.address, pool.tls) for pool in version.pools),
        api_port=port,
        devices=draft.devices,
        secrets=version.secrets(),
    )


def _unfit(name: str, reason: str) -> Fault:
    return Fault(
        "cannot_be_filled", f"The playbook {name} cannot be brought to this rig: {reason}.", status=409
    )
