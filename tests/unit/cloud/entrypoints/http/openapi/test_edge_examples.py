"""Examples of ASIC edges are true in themselves."""

from __future__ import annotations

from cloud.domain.errands import checked, kind_of
from cloud.entrypoints.http.openapi.edge_examples import EDGE_EXAMPLES
from wire.edge_page import EdgeView, ErrandRequest, ErrandView


def test_counts_and_numbers_agree() -> None:
    request, errand, view = EDGE_EXAMPLES[:3]
    assert isinstance(request, ErrandRequest)
    assert isinstance(errand, ErrandView)
    assert isinstance(view, EdgeView)
    assert checked(request.errand) == request.errand
    assert kind_of(request.errand) == view.errands[0].kind
    assert errand.result is not None
    assert errand.number == errand.result.number
    assert view.state is not None
    assert view.state.silent_count == len(view.state.silent)
    assert [each.result.lines for each in view.errands if each.result] == [()]
