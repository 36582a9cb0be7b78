"""What is done with a deployment, step by step: as its operator, its owner, a rig and a page do it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx
from websockets.sync.client import ClientConnection, connect

from cloud.domain import keys
from cloud.gateway.server import SECURITY_HEADERS
from infra.deploy.work import PAGE
from tests.deploy.deployment import Deployment, StepFailure, expect, until
from tests.deploy.front_door import FrontDoor
from tests.deploy.sign_ins import Account, origin_secret, provider_settings, show_addresses, show_provider
from tests.system.identity_provider import CLIENT_SECRET
from tests.system.processes import Program, free_port

Json = dict[str, Any]
OWNER, FARM = "owner@example.org", "The farm of the test"
_FAST = ("--set", "RIG_REPORT_INTERVAL_S=2", "--set", "RIG_SAMPLE_INTERVAL_S=1")
_KEPT_DAYS = "9"
_ERROR = re.compile(r'"level": "(ERROR|CRITICAL)"|Traceback|AccessDenied|Task timed out')
_POISONED = re.compile(r'"logger": "cloud.entrypoints.queue", "message": "message \S+ was not stored"')
_PUSH_S, _SCHEDULE_S, _DEAD_LETTER_S = 30, 100, 60


class Step(NamedTuple):
    """A line of the report: what is shown, and by what. It gives a detail for the line, or nothing."""

    name: str
    show: Callable[[], str]


class Journey:
    """Every step over one deployment; later ones build on earlier ones."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.door: FrontDoor | None = None
        self.sentry: Program | None = None
        self._client: httpx.Client | None = None
        self._password = self._token = self._machine = self._farm = ""
        self._provider_port = free_port()

    def steps(self) -> list[Step]:
        """In order; the queue's only where there is one."""
        queued = [
            Step(
                "a report waits in SQS while the consumer rests, and is stored afterwards",
                self._through_queue,
            ),
            Step("a poisoned message ends as a dead letter, the rest is stored", self._poison),
        ]
        return [
            Step("cdk bootstrap and cdk deploy", self._deploy),
            Step("the page comes from the bucket by CloudFront, with its headers", self._page),
            Step("commander admin create-owner", self._create_owner),
            Step("the owner signs in; another site's page may not", self._sign_in),
            Step("the viewer's address is known by CloudFront alone", self._addresses),
            Step("a sentry is created for the public address", self._create_sentry),
            Step("edge-sentry enrols and reports", self._enrol),
            Step("the report is in DynamoDB", self._stored),
            Step("a page's socket receives the next figures", self._pushed),
            *(queued if self.deployment.is_queued else []),
            Step("commander admin smoke", self._smoke),
            Step("a second deployment changes a setting and loses nothing", self._deploy_again),
            Step("the owner signs in by an OpenID Connect provider", self._by_provider),
            Step("the minute's rule runs its function", self._scheduled),
            Step("no log holds a secret, and none an error", self._quiet_logs),
            Step("destroy leaves the table, and the rig goes on", self._destroy),
        ]

    def end(self) -> None:
        """Ends what was started."""
        if self.sentry and self.sentry.process.poll() is None:
            self.sentry.kill()
        if self._client:
            self._client.close()
        if self.door:
            self.door.close()

    @property
    def client(self) -> httpx.Client:
        """The owner's browser."""
        if self._client is None:
            raise StepFailure("Nobody has signed in.")
        return self._client

    def _deploy(self) -> str:
        said = self.deployment.deploy(*_FAST)
        found = self.deployment.found()
        expect(f"The commander is at {found.address}" in said, "The command does not tell the address.")
        expect(f"--table {found.table}" in said, "The command does not tell how to make the owner.")
        socket_api = found.outputs["SocketUrl"].split("//")[1].partition(".")[0]
        emulator = self.deployment.emulator
        domain = found.address.removeprefix("https://")
        self.door = FrontDoor(emulator.port, emulator.tls(), domain, socket_api)
        package = re.search(r"Package: (.* bytes zipped)", said)
        return package[1] if package else ""

    def _url(self) -> str:
        if self.door is None:
            raise StepFailure("Nothing is deployed.")
        return self.door.url

    def _page(self) -> str:
        with httpx.Client(base_url=self._url(), trust_env=False, timeout=30) as visitor:
            answer = visitor.get("/")
            expect(
                answer.content == (PAGE / "index.html").read_bytes(),
                f"/ is not the page: {answer.text[:200]}",
            )
            for name, value in SECURITY_HEADERS.items():
                expect(answer.headers.get(name) == value, f"{name} is {answer.headers.get(name)!r}.")
            expect("max-age" in answer.headers.get("Strict-Transport-Security", ""), "HSTS is missing.")
            script = visitor.get("/app.js")
            expect(script.headers["content-type"].startswith("text/javascript"), "app.js has another type.")
            expect(visitor.get("/no-such-file").status_code in (403, 404), "A missing file is answered.")
        return ""

    def _create_owner(self) -> str:
        table = self.deployment.found().table
        said = self.deployment.run(
            "cloud", "admin", "create-owner", "--email", OWNER, "--farm", FARM, "--table", table
        )
        password = re.search(r"password (\S+)", said)
        expect(password, f"No password was told: {said}")
        self._password = password[1] if password else ""
        return ""

    def _sign_in(self) -> str:
        credentials = {"email": OWNER, "password": self._password}
        client = httpx.Client(base_url=self._url(), trust_env=False, timeout=30)
        foreign = client.post(
            "/v1/session", json=credentials, headers={"Origin": "https://elsewhere.example"}
        )
        expect(foreign.status_code == 403, f"Another site's page is answered with {foreign.status_code}.")
        answer = client.post("/v1/session", json=credentials, headers={"Origin": self._url()})
        expect(answer.status_code == 200, f"{answer.status_code}: {answer.text}")
        cookie = answer.headers["set-cookie"]
        expect(cookie.startswith("__Host-") and "Secure" in cookie, "The cookie is not kept safe.")
        client.headers.update({"Cookie": cookie.partition(";")[0], "Origin": self._url()})
        client.cookies.clear()
        self._client, self._farm = client, answer.json()["farms"][0]["farm"]
        return ""

    def _addresses(self) -> str:
        return show_addresses(self.deployment, self._url(), Account(OWNER, self._password))

    def _by_provider(self) -> str:
        return show_provider(self.deployment, self._url(), self._provider_port, OWNER)

    def _create_sentry(self) -> str:
        answer = self.client.post("/v1/agents", json={"name": "rig one", "kind": "cpu_gpu"})
        expect(answer.status_code == 201, f"{answer.status_code}: {answer.text}")
        made = answer.json()
        self._token, self._machine = made["token"], made["agent"]["machine"]
        address = self.deployment.found().address
        expect(made["url"] == address, f"Agents are told {made['url']} and not {address}.")
        return address

    def _enrol(self) -> str:
        folder = ["--data", str(self.deployment.folder / "sentry")]
        given = ["--url", self._url(), "--token", self._token, *folder]
        self.deployment.run("edge_sentry", "enrol", *given)
        log = self.deployment.folder / "sentry.log"
        self.sentry = Program("edge_sentry", ["run", *folder], log)
        begun = time.monotonic()
        until("no figures of the rig", lambda: self._cpu_load() is not None)
        return f"figures after {time.monotonic() - begun:.1f} s"

    def _view(self) -> Json:
        answer = self.client.get(f"/v1/machines/{self._machine}")
        expect(answer.status_code == 200, f"{answer.status_code}: {answer.text}")
        view: Json = answer.json()
        return view

    def _cpu_load(self) -> float | None:
        values = self._view()["live"]["values"].get("cpu_load_pct")
        return values[0] if values else None

    def _received_at(self) -> float:
        """By the commander's clock, when it last stored a report of the rig."""
        received: float | None = self._view()["live"]["received_at"][0]
        return received or 0.0

    def _after(self, what: str, since: float, timeout_s: float = 30) -> None:
        until(what, lambda: self._received_at() > since, timeout_s)

    def _stored(self) -> str:
        key = keys.latest(self._farm, self._machine)
        kinds: dict[str, int] = {}
        found = False
        for item in self.deployment.items(self.deployment.found().table):
            kinds[item["kind"]] = kinds.get(item["kind"], 0) + 1
            found = found or (item["pk"], item["sk"]) == tuple(key)
        expect(found, f"There is no item {key}, but: {kinds}")
        return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))

    def _open_socket(self) -> ClientConnection:
        ticket = self.client.post("/v1/socket-tickets").json()["ticket"]
        address = f"{self._url().replace('http', 'ws', 1)}/socket?ticket={ticket}"
        return connect(address, origin=None, proxy=None, open_timeout=30)

    def _pushed(self) -> str:
        begun = time.monotonic()
        with self._open_socket() as socket:
            socket.send(json.dumps({"type": "look", "machines": [self._machine]}))
            while True:
                left_s = _PUSH_S - (time.monotonic() - begun)
                try:
                    message = json.loads(socket.recv(timeout=max(left_s, 0)))
                except TimeoutError as error:
                    raise StepFailure(f"Nothing was pushed within {_PUSH_S} s.") from error
                if message["type"] == "delta" and self._machine in message["live"]["machine"]:
                    return f"after {time.monotonic() - begun:.1f} s"

    def _through_queue(self) -> str:
        with self._consumer_at_rest():
            self._until_waiting(2)
            before = self._received_at()
        self._after("the waiting reports were not stored", before)
        return ""

    def _poison(self) -> str:
        """In one batch with good reports, which must not suffer."""
        sqs, outputs = self.deployment.client("sqs"), self.deployment.found().outputs
        # Production lets two minutes pass between two tries.
        sqs.set_queue_attributes(QueueUrl=outputs["QueueUrl"], Attributes={"VisibilityTimeout": "1"})
        with self._consumer_at_rest():
            sqs.send_message(QueueUrl=outputs["QueueUrl"], MessageBody="no report at all")
            self._until_waiting(3)
            poisoned = self._received_at()
        self._after("good reports of the same batch were not stored", poisoned)

        def shown() -> str | None:
            said = self.deployment.run(
                "cloud", "dead-letters", "show", "--dead-letter-url", outputs["DeadLetterUrl"]
            )
            return said if re.search(r"^1 report", said, re.MULTILINE) else None

        said = until("the poisoned message is no dead letter", shown, _DEAD_LETTER_S)
        return said.splitlines()[0]

    @contextmanager
    def _consumer_at_rest(self) -> Iterator[None]:
        """Meanwhile SQS gives no message to the function."""
        functions = self.deployment.client("lambda")
        mappings = functions.list_event_source_mappings()["EventSourceMappings"]
        mapping = next(found["UUID"] for found in mappings if ":sqs:" in found["EventSourceArn"])
        functions.update_event_source_mapping(UUID=mapping, Enabled=False)
        yield
        functions.update_event_source_mapping(UUID=mapping, Enabled=True)

    def _until_waiting(self, count: int) -> None:
        sqs, queue = self.deployment.client("sqs"), self.deployment.found().outputs["QueueUrl"]
        name = "ApproximateNumberOfMessages"

        def waiting() -> bool:
            found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"]
            return int(found[name]) >= count

        until(f"there are not {count} messages in the queue", waiting)

    def _scheduled(self) -> str:
        key = tuple(keys.beat())
        table = self.deployment.found().table
        begun = time.monotonic()

        def beaten() -> bool:
            return any((item["pk"], item["sk"]) == key for item in self.deployment.items(table))

        until("the minute's function has not run", beaten, _SCHEDULE_S)
        return f"waited {time.monotonic() - begun:.0f} s"

    def _smoke(self) -> str:
        given = ["--url", self._url(), "--email", OWNER]
        said = self.deployment.run("cloud", "admin", "smoke", *given, env={"RIG_PASSWORD": self._password})
        return f"{said.count('ok  ')} checks"

    def _deploy_again(self) -> str:
        table = self.deployment.found().table
        lasting = self._lasting(table)
        secret = origin_secret(self.deployment)
        self.deployment.deploy(
            *_FAST,
            "--set",
            f"RIG_SAMPLES_KEPT_DAYS={_KEPT_DAYS}",
            *provider_settings(self.deployment, self._provider_port),
        )
        kept = origin_secret(self.deployment)
        expect(kept == secret, "The second deployment has another secret of CloudFront.")
        expect(self.deployment.found().table == table, "The second deployment has another table.")
        lost = lasting - self._lasting(table)
        expect(not lost, f"The second deployment lost {sorted(lost)[:5]}")
        functions = self.deployment.client("lambda").list_functions()["Functions"]
        values = {
            function["Environment"]["Variables"].get("RIG_SAMPLES_KEPT_DAYS")
            for function in functions
            if "RIG_TABLE" in function.get("Environment", {}).get("Variables", {})
        }
        expect(values == {_KEPT_DAYS}, f"The functions' setting is {values}.")
        self._after("the rig's reports no longer arrive", self._received_at())
        return f"{len(lasting)} lasting items"

    def _lasting(self, table: str) -> set[tuple[str, str]]:
        """Keys of what never expires by itself."""
        return {(item["pk"], item["sk"]) for item in self.deployment.items(table) if "expires_at" not in item}

    def _quiet_logs(self) -> str:
        lines = [line for found in self.deployment.log_lines().values() for line in found]
        cookie = self.client.headers["Cookie"].partition("=")[2]
        origin = origin_secret(self.deployment)
        secrets = (self._password, self._token, cookie, origin, CLIENT_SECRET)
        expect(all(secrets), "A secret is not known to this test.")
        loud = [line for line in lines if any(secret in line for secret in secrets)]
        expect(not loud, f"{len(loud)} lines of the logs hold a secret.")
        errors = [line for line in lines if _ERROR.search(line) and not _POISONED.search(line)]
        expect(not errors, f"The functions logged {len(errors)} errors, the first: {errors[:1]}")
        return f"{len(lines)} lines"

    def _destroy(self) -> str:
        found = self.deployment.found()
        given = ["--edition", self.deployment.choices.edition, "--destroy", "--yes"]
        said = self.deployment.run("infra.deploy", *given)
        for name, value in found.staying.items():
            expect(value in said, f"It is not told that {name} stays.")
        self._expect_gone(found.page_bucket)
        kept = sum(1 for _ in self.deployment.items(found.table))
        expect(kept > 0, "The table is empty.")
        self.deployment.client("s3").head_bucket(Bucket=found.outputs["PlaybooksBucket"])
        key = self.deployment.client("kms").describe_key(KeyId=found.outputs["SigningKeyArn"])["KeyMetadata"]
        expect(key["KeyState"] == "Enabled", f"The signing key is {key['KeyState']}.")
        expect(self.sentry and self.sentry.process.poll() is None, "The rig's agent has ended.")
        expect(self.sentry and self.sentry.end() == 0, "The rig's agent did not end well.")
        return f"{kept} items stay"

    def _expect_gone(self, page_bucket: str) -> None:
        functions = self.deployment.client("lambda").list_functions()["Functions"]
        expect(not functions, f"Functions are left: {[found['FunctionName'] for found in functions]}")
        apis = self.deployment.client("apigatewayv2").get_apis()["Items"]
        expect(not apis, f"{len(apis)} APIs are left.")
        distributions = self.deployment.client("cloudfront").list_distributions()["DistributionList"]
        expect(not distributions.get("Items"), "A distribution is left.")
        buckets = [found["Name"] for found in self.deployment.client("s3").list_buckets()["Buckets"]]
        expect(page_bucket not in buckets, "The page's bucket is left.")
