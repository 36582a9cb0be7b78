"""Operations around farms: reports go in both of their types, and spans are those of the charts."""

from __future__ import annotations

from cloud.entrypoints.http.openapi.on_farms import ON_FARMS
from cloud.usecases.show_history import SPANS
from wire.messages import REPORT_CONTENT_TYPE


def test_reports_are_sent_gzipped_or_plain() -> None:
    assert ON_FARMS["POST /v1/reports"].types == (REPORT_CONTENT_TYPE, "application/json")


def test_every_span_of_history_is_named() -> None:
    span = ON_FARMS["GET /v1/machines/{machine}/history"].query[0]
    assert span.schema["enum"] == list(SPANS)
