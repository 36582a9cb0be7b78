"""The one shape in which anything is refused: a code for programs, a sentence for people, the field."""

from __future__ import annotations


class Fault(Exception):
    """Something that was asked for cannot be done, in words that may be shown to the asker.

    `code` is a stable snake_case word, `message` a full sentence, `field` the path of the
    offending value (`machines[0].series[2].metric`) or "". Never holds a secret.
    `status` is the HTTP status; `server_at` the commander's clock where it matters to the asker,
    `retry_after_s` when it is worth another try.
    """

    def __init__(
        self,
        code: str,
        message: str,
        field: str = "",
        *,
        status: int = 422,
        server_at: float | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.status = status
        self.server_at = server_at
        self.retry_after_s = retry_after_s
