"""Who may do what: each route and each action of the socket, and what each kind of caller is answered.

The matrix test takes its rows from the app and fails where one has no line here. These lines are written
by hand, and not made from what the routes declare.
"""

from __future__ import annotations

from tests.contract.matrix_site import SHOWN

YES, REDIRECT, NONE = "y", "r", "-"
REFUSALS = {
    "s": (401, "not_signed_in"),
    "m": (401, "token_missing"),
    "t": (401, "token_wrong"),
    "n": (403, "not_allowed"),
    "f": (404, "farm_unknown"),
    "k": (409, "wrong_kind"),
}
"""Letters of the tables; `y`: an answer of 200 to 299, `r`: of 303."""

_HEADS = "no ag vi op ow av ao so ex re vt ot"
"""nobody, the agent of Ann's rig, viewer, operator, owner, Ann's viewer, Ann's operator, owner of South,
expired session, revoked API token, API token of a viewer, of an owner: as in `SHOWN`."""

_ROUTES = """
                                             no ag vi op ow av ao so ex re vt ot
POST   /v1/session                            y  y  y  y  y  y  y  y  y  y  y  y
GET    /v1/sign-in                            y  y  y  y  y  y  y  y  y  y  y  y
GET    /v1/openapi.json                       y  y  y  y  y  y  y  y  y  y  y  y
POST   /v1/passwords/forgotten                y  y  y  y  y  y  y  y  y  y  y  y
POST   /v1/passwords/reset                    y  y  y  y  y  y  y  y  y  y  y  y
POST   /v1/invitations/look                   y  y  y  y  y  y  y  y  y  y  y  y
POST   /v1/invitations/join                   y  y  y  y  y  y  y  y  y  y  y  y
GET    /v1/oidc/start                         r  r  r  r  r  r  r  r  r  r  r  r
GET    /v1/oidc/callback                      r  r  r  r  r  r  r  r  r  r  r  r

GET    /v1/session                            s  s  y  y  y  y  y  y  s  s  s  s
DELETE /v1/session                            s  s  y  y  y  y  y  y  s  s  s  s
PUT    /v1/account/password                   s  s  y  y  y  y  y  y  s  s  s  s
POST   /v1/account/second-factor              s  s  y  y  y  y  y  y  s  s  s  s
PUT    /v1/account/second-factor              s  s  y  y  y  y  y  y  s  s  s  s
POST   /v1/account/second-factor/end          s  s  y  y  y  y  y  y  s  s  s  s
GET    /v1/account/sessions                   s  s  y  y  y  y  y  y  s  s  s  s
DELETE /v1/account/sessions                   s  s  y  y  y  y  y  y  s  s  s  s
DELETE /v1/account/sessions/{session}         s  s  y  y  y  y  y  y  s  s  s  s
POST   /v1/invitations/accept                 s  s  y  y  y  y  y  y  s  s  s  s
POST   /v1/farms                              s  s  y  y  y  y  y  y  s  s  s  s

GET    /v1/metrics                            s  t  y  y  y  y  y  f  s  t  y  y
GET    /v1/farm                               s  t  y  y  y  y  y  f  s  t  y  y
GET    /v1/events                             s  t  y  y  y  y  y  f  s  t  y  y
GET    /v1/machines                           s  t  y  y  y  y  y  f  s  t  y  y
GET    /v1/machines/{machine}                 s  t  y  y  y  y  y  f  s  t  y  y
GET    /v1/machines/{machine}/events          s  t  y  y  y  y  y  f  s  t  y  y
GET    /v1/machines/{machine}/history         s  t  y  y  y  y  y  f  s  t  y  y
PATCH  /v1/machines/{machine}                 s  t  n  y  y  n  y  f  s  t  n  y
GET    /v1/machines/{machine}/log             s  t  n  y  y  n  y  f  s  t  n  y
POST   /v1/machines/{machine}/orders          s  t  n  y  y  n  y  f  s  t  n  y
DELETE /v1/machines/{machine}/orders/{number} s  t  n  y  y  n  y  f  s  t  n  y
PUT    /v1/machines/{machine}/watched         s  t  n  y  y  n  y  f  s  t  n  y

GET    /v1/agents                             s  t  y  y  y  n  n  f  s  t  y  y
POST   /v1/agents                             s  t  n  y  y  n  n  f  s  t  n  y
DELETE /v1/agents/{agent}                     s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/agents/{agent}/token               s  t  n  y  y  n  n  f  s  t  n  y
GET    /v1/agents/{agent}                     s  t  y  y  y  n  n  f  s  t  y  y
POST   /v1/agents/{agent}/errands             s  t  n  y  y  n  n  f  s  t  n  y
GET    /v1/agents/{agent}/errands/{number}    s  t  y  y  y  n  n  f  s  t  y  y
GET    /v1/bin                                s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/bin/{agent}/restore                s  t  n  y  y  n  n  f  s  t  n  y

GET    /v1/templates                          s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/pools                              s  t  n  y  y  n  n  f  s  t  n  y
PUT    /v1/pools/{pool}                       s  t  n  y  y  n  n  f  s  t  n  y
DELETE /v1/pools/{pool}                       s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/pools/{pool}/preview               s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/wallets                            s  t  n  y  y  n  n  f  s  t  n  y
PUT    /v1/wallets/{wallet}                   s  t  n  y  y  n  n  f  s  t  n  y
DELETE /v1/wallets/{wallet}                   s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/wallets/{wallet}/preview           s  t  n  y  y  n  n  f  s  t  n  y
GET    /v1/software                           s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/software                           s  t  n  y  y  n  n  f  s  t  n  y
DELETE /v1/software                           s  t  n  y  y  n  n  f  s  t  n  y
GET    /v1/playbooks                          s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/playbooks                          s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/playbook-previews                  s  t  n  y  y  n  n  f  s  t  n  y
GET    /v1/playbooks/{playbook}               s  t  n  y  y  n  n  f  s  t  n  y
PUT    /v1/playbooks/{playbook}               s  t  n  y  y  n  n  f  s  t  n  y
DELETE /v1/playbooks/{playbook}               s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/playbooks/{playbook}/versions      s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/assignments                        s  t  n  y  y  n  n  f  s  t  n  y
GET    /v1/astray                             s  t  n  y  y  n  n  f  s  t  n  y
GET    /v1/machines/{machine}/work            s  t  n  y  y  n  n  f  s  t  n  y
GET    /v1/rollouts                           s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/rollouts/{rollout}/stop            s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/rollouts/{rollout}/continue        s  t  n  y  y  n  n  f  s  t  n  y
POST   /v1/rollouts/{rollout}/back            s  t  n  y  y  n  n  f  s  t  n  y

PUT    /v1/farm/settings                      s  t  n  n  y  n  n  f  s  t  n  y
PATCH  /v1/farm                               s  t  n  n  y  n  n  f  s  t  n  y
GET    /v1/members                            s  t  n  n  y  n  n  f  s  t  n  n
GET    /v1/audit                              s  t  n  n  y  n  n  f  s  t  n  y
PATCH  /v1/members/{member}                   s  t  n  n  y  n  n  f  s  t  n  n
DELETE /v1/members/{member}                   s  t  n  n  y  n  n  f  s  t  n  n
POST   /v1/invitations                        s  t  n  n  y  n  n  f  s  t  n  n
DELETE /v1/invitations/{invitation}           s  t  n  n  y  n  n  f  s  t  n  n
DELETE /v1/membership                         s  t  y  y  y  y  y  f  s  t  n  n
GET    /v1/api-tokens                         s  t  y  y  y  y  y  f  s  t  n  n
POST   /v1/api-tokens                         s  t  y  y  y  y  y  f  s  t  n  n
DELETE /v1/api-tokens/{token}                 s  t  y  y  y  y  y  f  s  t  n  n
POST   /v1/socket-tickets                     s  t  y  y  y  y  y  f  s  t  n  n

POST   /v1/enrolment                          m  y  m  m  m  m  m  m  m  t  t  t
POST   /v1/reports                            m  y  m  m  m  m  m  m  m  t  t  t
POST   /v1/roster                             m  k  m  m  m  m  m  m  m  t  t  t
"""

_SOCKET = """
                                             no ag vi op ow av ao so ex re vt ot
$connect                                      -  -  y  y  y  y  y  -  -  -  -  -
ping                                          -  -  y  y  y  y  y  -  -  -  -  -
look                                          -  -  y  y  y  y  y  -  -  -  -  -
$disconnect                                   y  y  y  y  y  y  y  y  y  y  y  y
pong                                          -  -  y  y  y  y  y  -  -  -  -  -
delta                                         -  -  y  y  y  y  y  -  -  -  -  -
machines_changed                              -  -  y  y  y  y  y  -  -  -  -  -
"""
"""What a page sends is answered with 200 or (`-`) refused; what the commander sends arrives or does not."""


def _read(table: str) -> dict[str, dict[str, str]]:
    """The cells by row and by who asks."""
    heads, *lines = (line.split() for line in table.splitlines() if line.strip())
    assert " ".join(heads) == _HEADS
    columns = len(heads)
    rows = {" ".join(line[:-columns]): dict(zip(SHOWN, line[-columns:], strict=True)) for line in lines}
    assert len(rows) == len(lines)
    return rows


ROUTE_CELLS, SOCKET_CELLS = _read(_ROUTES), _read(_SOCKET)
