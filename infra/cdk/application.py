"""The commander itself: its APIs, and one function with one role for each way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.cdk import apis, triggers
from infra.cdk.functions import Program, add_function, allow
from infra.cdk.parameters import Edition, Parameters
from infra.cdk.queues import RECEIVE_ACTIONS, SEND_ACTIONS, Queues, on_reports
from infra.cdk.secrets import origin_proof, read_secrets
from infra.cdk.storage import StorageStack

# API Gateway gives up after 30 s: the function's own answer should come first.
API = Program("cloud.functions.api.handler", memory_mb=256, timeout_s=25)
SOCKET = Program("cloud.functions.socket.handler", memory_mb=256, timeout_s=10)
CONSUMER = Program("cloud.functions.consumer.handler", memory_mb=256, timeout_s=20)
STREAM = Program("cloud.functions.stream.handler", memory_mb=256, timeout_s=30)
# What one minute's run did not do, the next one does.
SCHEDULE = Program("cloud.functions.schedule.handler", memory_mb=256, timeout_s=50, retries=0)

_GET, _QUERY, _PUT, _DELETE = (f"dynamodb:{verb}" for verb in ("GetItem", "Query", "PutItem", "DeleteItem"))
# What each program calls, and no more: a test reads the programs. A transaction needs the permissions of
# what it does, and none of its own.
API_ACTIONS = (_GET, "dynamodb:BatchGetItem", _QUERY, _PUT, _DELETE)
SOCKET_ACTIONS = (_GET, "dynamodb:BatchGetItem", _PUT, _DELETE)
CONSUMER_ACTIONS = (_GET, "dynamodb:BatchGetItem", _QUERY, _PUT)
STREAM_ACTIONS = (_GET, "dynamodb:BatchGetItem", _QUERY, _DELETE)
SCHEDULE_ACTIONS = API_ACTIONS


class ApplicationStack(Stack):
    """Everything here may be deleted and deployed anew; only the queues stay behind."""

    def __init__(self, scope: Construct, name: str, parameters: Parameters, storage: StorageStack) -> None:
        super().__init__(scope, name, analytics_reporting=False)
        self._parameters, self._storage = parameters, storage
        self.queues = Queues(self, "Queues") if parameters.edition is Edition.ENTERPRISE else None
        self.socket = apis.socket_api(self, parameters.edition)
        self.origin_proof = origin_proof(self)
        self.http_api = apis.http_api(self, parameters.edition, self._api())
        self._socket()
        self._stream()
        self._schedule()
        if self.queues:
            self._consumer(self.queues)
        self._outputs()

    def _api(self) -> lambda_.Function:
        reports = self.queues.reports if self.queues else None
        send = [allow(SEND_ACTIONS, reports.queue_arn)] if reports else []
        # Signing out closes the session's sockets.
        allowed = [apis.reach_connections(self.socket, "DELETE"), *send]
        address = {"RIG_QUEUE_URL": reports.queue_url} if reports else {}
        # Whether there is mail is told to the page; the letters are sent by the schedule.
        texts = {**self._parameters.provider, **self._parameters.mail}
        told = {**self._push_address(), **address, **texts, "RIG_ORIGIN_SECRET": self.origin_proof}
        allowed += read_secrets(self, self._parameters.provider)
        return self._function("Api", API, API_ACTIONS, allowed, told)

    def _socket(self) -> None:
        allowed = [apis.reach_connections(self.socket, method) for method in ("POST", "DELETE")]
        function = self._function("Socket", SOCKET, SOCKET_ACTIONS, allowed, self._push_address())
        apis.connect(self.socket.api, function)

    def _stream(self) -> None:
        table = self._storage.table
        allowed = [apis.reach_connections(self.socket, "POST"), *triggers.read_changes(self, table)]
        function = self._function("Stream", STREAM, STREAM_ACTIONS, allowed, self._push_address())
        triggers.on_changes(function, table)

    def _schedule(self) -> None:
        mail = self._parameters.mail
        allowed = read_secrets(self, mail)
        triggers.each_minute(self, self._function("Schedule", SCHEDULE, SCHEDULE_ACTIONS, allowed, mail))

    def _consumer(self, queues: Queues) -> None:
        receive = [allow(RECEIVE_ACTIONS, queues.reports.queue_arn)]
        on_reports(self._function("Consumer", CONSUMER, CONSUMER_ACTIONS, receive), queues.reports)

    def _push_address(self) -> dict[str, str]:
        return {"RIG_SOCKET_ENDPOINT": self.socket.stage.callback_url}

    def _function(
        self,
        name: str,
        program: Program,
        table_actions: Sequence[str],
        allowed: Sequence[iam.PolicyStatement] = (),
        environment: Mapping[str, str] | None = None,
    ) -> lambda_.Function:
        table, public_url = self._storage.table, self._parameters.address
        basic = {"RIG_TABLE": table.table_name, **({"RIG_PUBLIC_URL": public_url} if public_url else {})}
        statements = [allow(table_actions, table.table_arn), *allowed]
        return add_function(
            self, name, program, self._parameters, {**basic, **(environment or {})}, statements
        )

    def _outputs(self) -> None:
        CfnOutput(self, "HttpApiUrl", value=self.http_api.api_endpoint)
        CfnOutput(self, "SocketUrl", value=self.socket.stage.url)
        if self.queues:
            CfnOutput(self, "QueueUrl", value=self.queues.reports.queue_url)
            CfnOutput(self, "DeadLetterUrl", value=self.queues.dead_letters.queue_url)
