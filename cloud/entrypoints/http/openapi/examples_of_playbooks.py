"""An example of each message around playbooks."""

from __future__ import annotations

import msgspec

from cloud.domain.catalogue.scripts import script_templates
from wire import templates
from wire.assignments import Archive, System

_AT, _BY = 1_767_225_600.0, "owner@farm.example"
_POOL = templates.PoolRequest("Pool in Europe", "pool.example:3333", tls=True, coin="XMR", region="eu")
_WALLET = templates.WalletRequest("Ann's BTC", "BTC", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")
_USE = templates.Use("playbook_3m5k7q2x9c4v6b8n", "Monero on processors", 12)
_ARCHIVE = Archive("https://programs.example/miner-1.2.tar.gz", "0" * 64, "tar.gz", "miner-1.2/miner")
_SCRIPTS = script_templates()["xmrig"]
_DRAFT = templates.PlaybookDraft(
    _USE.name,
    "xmrig",
    "6.26.0",
    (templates.PoolChoice("pool_8n6b4v2c9x7q5k3m", "wallet_2x9c4v6b8n3m5k7q"),),
    {System.LINUX: _SCRIPTS[System.LINUX]},
    ("cpu0",),
)
_VERSION = templates.PlaybookVersion(
    3, _DRAFT, (_POOL.address,), (_WALLET.address,), _AT, _BY, "wallet Ann's BTC changed"
)
_POOL_VIEW = templates.PoolTemplate("pool_8n6b4v2c9x7q5k3m", _POOL, _AT, _BY, (_USE,))
_WALLET_VIEW = templates.WalletTemplate(
    "wallet_2x9c4v6b8n3m5k7q", _WALLET, templates.Checked.VALID, _AT, _BY, (_USE,)
)
_VIEW = templates.PlaybookView(_USE.playbook, _VERSION, 12, 3)
_SOFTWARE = templates.Software(
    "miner",
    "1.2",
    (templates.SoftwareArchive(System.LINUX, _ARCHIVE, _ARCHIVE.url),),
    own=True,
    readable=False,
)

ON_PLAYBOOKS: tuple[msgspec.Struct, ...] = (
    _POOL,
    _WALLET,
    _DRAFT,
    templates.SoftwareRequest("miner", "1.2", System.LINUX, _ARCHIVE),
    templates.VersionRequest(2),
    _POOL_VIEW,
    _WALLET_VIEW,
    templates.TemplateBook((_POOL_VIEW,), (_WALLET_VIEW,)),
    templates.TemplateImpact(_POOL.address, "pool.example:3334", (_USE,), 12, "XMR"),
    templates.SoftwareList((_SOFTWARE,), {"xmrig": _SCRIPTS}),
    _VIEW,
    templates.PlaybookList((_VIEW,)),
    templates.PlaybookHistory(_USE.playbook, (_VERSION,)),
    templates.FilledPreview(
        {System.LINUX: ("exec ./xmrig -o pool.example:3333 ${RIG_API_ARGUMENTS}\n",)},
        (templates.ScriptProblem(System.WINDOWS, 3, 7, "{{wallet}} is no placeholder"),),
    ),
)
