"""Operations around playbooks: the address book, the software list, playbooks and their versions."""

from __future__ import annotations

from collections.abc import Mapping

from cloud.entrypoints.http.openapi.operation import PLAYBOOKS, Operation, Query
from wire import templates

_PACE = Query(
    "pace",
    {"enum": [*templates.Speed], "default": str(templates.Speed.CAREFUL)},
    "`careful`: above 10 rigs one goes first, the rest after its first accepted share. `at_once`: all.",
    "422 bad_query",
)
_PROGRAM, _VERSION = (
    Query(
        name,
        {"type": "string", "pattern": "^[A-Za-z0-9._+-]{1,64}$"},
        f"Which {name} of the farm's own.",
        "422 bad_query",
        True,
    )
    for name in ("program", "version")
)
_BOOK = ("409 name_taken", "409 too_many_templates", "409 try_again")
_POOL = ("422 bad_label", "422 bad_letter", "422 bad_name")
_WALLET = ("422 bad_address", "422 bad_letter", "422 bad_name")
_CHANGED = ("409 cannot_sign", "409 name_taken", "409 try_again", "422 wrong_coin")
_DRAFT = (
    "409 name_taken",
    "409 too_many_users",
    "409 try_again",
    "422 bad_label",
    "422 bad_letter",
    "422 bad_name",
    "422 bad_script",
    "422 not_installable",
    "422 unknown_template",
    "422 wrong_coin",
)
_SPREADS = "What uses it gets a new version, which goes to the rigs that are to run it."
_ADDRESS = "An address that is not one of its coin is refused; `checked` says whether that is known."

_TEMPLATES: Mapping[str, Operation] = {
    "GET /v1/templates": Operation(
        tag=PLAYBOOKS,
        summary="The address book: pools and wallets, and what uses them",
        answer=templates.TemplateBook,
    ),
    "POST /v1/pools": Operation(
        tag=PLAYBOOKS,
        summary="Add a pool",
        status=201,
        body=templates.PoolRequest,
        answer=templates.PoolTemplate,
        refusals=(*_BOOK, *_POOL),
    ),
    "PUT /v1/pools/{pool}": Operation(
        tag=PLAYBOOKS,
        summary="Change a pool",
        about=_SPREADS,
        body=templates.PoolRequest,
        answer=templates.PoolTemplate,
        query=(_PACE,),
        refusals=("404 pool_unknown", *_CHANGED, *_POOL),
    ),
    "POST /v1/pools/{pool}/preview": Operation(
        tag=PLAYBOOKS,
        summary="What changing a pool would change",
        about="Nothing is kept.",
        body=templates.PoolRequest,
        answer=templates.TemplateImpact,
        refusals=("404 pool_unknown", "422 wrong_coin", *_POOL),
    ),
    "DELETE /v1/pools/{pool}": Operation(
        tag=PLAYBOOKS,
        summary="Delete a pool that nothing uses",
        status=204,
        refusals=("404 pool_unknown", "409 template_in_use", "409 try_again"),
    ),
    "POST /v1/wallets": Operation(
        tag=PLAYBOOKS,
        summary="Add a wallet",
        about=_ADDRESS,
        status=201,
        body=templates.WalletRequest,
        answer=templates.WalletTemplate,
        refusals=(*_BOOK, *_WALLET),
    ),
    "PUT /v1/wallets/{wallet}": Operation(
        tag=PLAYBOOKS,
        summary="Change a wallet",
        about=f"{_SPREADS} {_ADDRESS}",
        body=templates.WalletRequest,
        answer=templates.WalletTemplate,
        query=(_PACE,),
        refusals=("404 wallet_unknown", *_CHANGED, *_WALLET),
    ),
    "POST /v1/wallets/{wallet}/preview": Operation(
        tag=PLAYBOOKS,
        summary="What changing a wallet would change",
        about="Nothing is kept.",
        body=templates.WalletRequest,
        answer=templates.TemplateImpact,
        refusals=("404 wallet_unknown", "422 wrong_coin", *_WALLET),
    ),
    "DELETE /v1/wallets/{wallet}": Operation(
        tag=PLAYBOOKS,
        summary="Delete a wallet that nothing uses",
        status=204,
        refusals=("404 wallet_unknown", "409 template_in_use", "409 try_again"),
    ),
    "GET /v1/software": Operation(
        tag=PLAYBOOKS,
        summary="The programs that a playbook may name, and how each is started",
        about="What has no archive with a SHA-256 is shown, and cannot be installed.",
        answer=templates.SoftwareList,
    ),
    "POST /v1/software": Operation(
        tag=PLAYBOOKS,
        summary="Add a program, or a version of one, for one system",
        status=201,
        body=templates.SoftwareRequest,
        answer=templates.SoftwareList,
        refusals=("409 software_known", "409 too_many_templates", "409 try_again", "422 bad_software"),
    ),
    "DELETE /v1/software": Operation(
        tag=PLAYBOOKS,
        summary="Delete a program of the farm's own, for all systems",
        status=204,
        query=(_PROGRAM, _VERSION),
        refusals=("404 software_unknown", "409 software_in_use", "409 try_again"),
    ),
}
_PLAYBOOKS: Mapping[str, Operation] = {
    "GET /v1/playbooks": Operation(
        tag=PLAYBOOKS,
        summary="The farm's playbooks with their newest versions",
        answer=templates.PlaybookList,
    ),
    "POST /v1/playbooks": Operation(
        tag=PLAYBOOKS,
        summary="Make a playbook",
        status=201,
        body=templates.PlaybookDraft,
        answer=templates.PlaybookView,
        refusals=("409 too_many_templates", *_DRAFT),
    ),
    "POST /v1/playbook-previews": Operation(
        tag=PLAYBOOKS,
        summary="Fill the scripts of a draft",
        about="As a rig called rig-1 would get them, and what is wrong with them. Nothing is kept.",
        body=templates.PlaybookDraft,
        answer=templates.FilledPreview,
        refusals=("422 unknown_template",),
    ),
    "GET /v1/playbooks/{playbook}": Operation(
        tag=PLAYBOOKS,
        summary="The newest 50 versions of a playbook",
        answer=templates.PlaybookHistory,
        refusals=("404 playbook_unknown",),
    ),
    "PUT /v1/playbooks/{playbook}": Operation(
        tag=PLAYBOOKS,
        summary="Make a new version of a playbook",
        about="It goes to the rigs that are to run it.",
        body=templates.PlaybookDraft,
        answer=templates.PlaybookView,
        query=(_PACE,),
        refusals=("404 playbook_unknown", "409 cannot_sign", *_DRAFT),
    ),
    "DELETE /v1/playbooks/{playbook}": Operation(
        tag=PLAYBOOKS,
        summary="Delete a playbook that no rig is to run",
        status=204,
        refusals=("404 playbook_unknown", "409 playbook_in_use", "409 try_again"),
    ),
    "POST /v1/playbooks/{playbook}/versions": Operation(
        tag=PLAYBOOKS,
        summary="Go back to an earlier version",
        about="It becomes the newest one, with the addresses of then, and goes to the rigs.",
        status=201,
        body=templates.VersionRequest,
        answer=templates.PlaybookView,
        refusals=(
            "404 playbook_unknown",
            "404 version_unknown",
            "409 cannot_sign",
            "409 too_many_users",
            "409 try_again",
        ),
    ),
}
ON_PLAYBOOKS: Mapping[str, Operation] = {**_TEMPLATES, **_PLAYBOOKS}
