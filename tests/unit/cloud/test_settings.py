"""Settings from the environment."""

from __future__ import annotations

import pytest

from cloud.domain.policy import Policy
from cloud.settings import (
    MAIL_SETTINGS,
    OIDC_SETTINGS,
    MailSecurity,
    MailServer,
    MailSettings,
    ProviderSettings,
    Settings,
    SettingsError,
    read_mail_server,
    read_settings,
)

SAMPLE, REPORT = "RIG_SAMPLE_INTERVAL_S", "RIG_REPORT_INTERVAL_S"
URL = "http://127.0.0.1:8080"


def _read(**environment: str) -> Settings:
    return read_settings(environment, URL, Policy(sample_interval_s=10, report_interval_s=60))


def test_nothing_set_gives_the_defaults() -> None:
    assert _read() == Settings(URL, Policy(sample_interval_s=10, report_interval_s=60))
    assert _read(**{SAMPLE: "", REPORT: ""}) == _read()


def test_both_are_read() -> None:
    policy = _read(**{SAMPLE: "2.5", REPORT: "3600"}).policy
    assert (policy.sample_interval_s, policy.report_interval_s) == (2.5, 3600)


def test_shorter_report_interval_shortens_the_default_of_samples() -> None:
    policy = _read(**{REPORT: "4"}).policy
    assert (policy.sample_interval_s, policy.report_interval_s) == (4, 4)


@pytest.mark.parametrize("name", [SAMPLE, REPORT])
@pytest.mark.parametrize("text", ["0", "0.9", "3601", "-5", "x", "nan", "inf", "1,5", " ", "1e9", "5s"])
def test_unusable_number_is_named_with_what_it_must_be(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}=.* must be a number of seconds, 1 to 3,600"):
        _read(**{name: text})


def test_samples_further_apart_than_reports_are_refused() -> None:
    with pytest.raises(SettingsError, match="must not be longer"):
        _read(**{SAMPLE: "20", REPORT: "10"})


ISSUER, CLIENT, SECRET, NAME = (row.variable for row in OIDC_SETTINGS)
PROVIDER = {ISSUER: "https://login.example.org/realms/one", CLIENT: "rigs"}


def test_a_provider_is_named_by_its_host_unless_it_is_said() -> None:
    assert _read().provider is None
    assert _read(**dict.fromkeys(PROVIDER, "")).provider is None
    assert _read(**PROVIDER).provider == ProviderSettings(PROVIDER[ISSUER], "rigs", "", "login.example.org")
    named = _read(**PROVIDER, **{SECRET: "s3cret", NAME: "Our club"}).provider
    assert named == ProviderSettings(PROVIDER[ISSUER], "rigs", "s3cret", "Our club")
    assert "s3cret" not in repr(named)


@pytest.mark.parametrize(
    "issuer", ["", "x", "http://login.example.org", "https://a/?b", "https://a/#b", "https:///"]
)
def test_a_provider_without_a_safe_address_is_refused(issuer: str) -> None:
    with pytest.raises(SettingsError, match=r"RIG_OIDC_ISSUER=.* must be an https:// address"):
        _read(**{**PROVIDER, ISSUER: issuer, NAME: "x"})


def test_a_provider_on_this_computer_needs_no_tls() -> None:
    assert _read(**{**PROVIDER, ISSUER: "http://127.0.0.1:9000"}).provider is not None


def test_what_lacks_or_is_too_long_is_named() -> None:
    with pytest.raises(SettingsError, match="RIG_OIDC_CLIENT_ID is not set"):
        _read(**{**PROVIDER, CLIENT: ""})
    for name in ("x" * 41, "two\nlines"):
        with pytest.raises(SettingsError, match=r"RIG_OIDC_NAME=.* at most 40 letters"):
            _read(**PROVIDER, **{NAME: name})


SMTP, FROM = (row.variable for row in MAIL_SETTINGS)
SENDER = "rigs@example.org"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtps://me:p%40ss%2Fw%3A1@mail.example.org",
            MailServer(MailSecurity.TLS, "mail.example.org", 465, "me", "p@ss/w:1"),
        ),
        (
            "smtp+starttls://me%40example.org:x@mail.example.org:2525/",
            MailServer(MailSecurity.STARTTLS, "mail.example.org", 2525, "me@example.org", "x"),
        ),
        ("smtp://127.0.0.1:1025", MailServer(MailSecurity.NONE, "127.0.0.1", 1025, "", "")),
        ("smtps://relay.example.org", MailServer(MailSecurity.TLS, "relay.example.org", 465, "", "")),
    ],
)
def test_mail_server_is_read_from_its_url(url: str, expected: MailServer) -> None:
    assert read_mail_server(url) == expected
    assert _read(**{SMTP: url, FROM: SENDER}).mail == MailSettings(url, SENDER)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://me:topsecret@mail.example.org",
        "smtps://",
        "smtps://me:topsecret@mail.example.org:port",
        "smtps://me:topsecret@mail.example.org:0",
        "smtps://me:topsecret@mail.example.org/inbox",
        "smtps://me:topsecret@mail.example.org?x=1",
        "smtps://me:topsecret@mail.example.org#x",
        "smtps://topsecret@mail.example.org",
        "https://me:topsecret@mail.example.org",
        "mail.example.org",
        "smtps://me:topsecret@mail.example.org\n",
        "smtps://me:tops#ecret@mail.example.org",
    ],
)
def test_url_that_says_no_mail_server_is_told_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError, match="RIG_SMTP_URL must be smtps://") as caught:
        _read(**{SMTP: url, FROM: SENDER})
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_mail_needs_both_and_an_address_to_come_from() -> None:
    assert _read(**{SMTP: "", FROM: ""}).mail is None
    for given in ({SMTP: "smtps://mail.example.org"}, {FROM: SENDER}):
        with pytest.raises(SettingsError, match="belong together"):
            _read(**given)
    for sender in ("rigs", "Rigs <rigs@example.org>", "a@b.org, c@d.org", "a@b.org\n"):
        with pytest.raises(SettingsError, match="RIG_MAIL_FROM="):
            _read(**{SMTP: "smtps://mail.example.org", FROM: sender})


def test_url_of_the_parameter_store_is_read_later_and_none_is_printed() -> None:
    mail = _read(**{SMTP: "ssm:/rigs/smtp", FROM: SENDER}).mail
    assert mail == MailSettings("ssm:/rigs/smtp", SENDER)
    assert "topsecret" not in repr(_read(**{SMTP: "smtps://me:topsecret@mail.example.org", FROM: SENDER}))
