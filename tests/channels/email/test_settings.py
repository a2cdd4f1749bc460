import pytest
from pydantic import SecretStr

from voice_agent.channels.email.settings import LONGEST_LOCAL, Account, mail_settings
from voice_agent.channels.email.thread import conversation_id, reply_address
from voice_agent.config import Settings
from voice_agent.errors import ConfigError


def settings(**changes: object) -> Settings:
    given = {"email_address": "Sales@Tideline.example", **changes}
    return Settings(_env_file=None, **given)  # type: ignore[call-arg, arg-type]


def test_without_an_address_there_is_no_mail():
    assert mail_settings(Settings(_env_file=None), b"k") is None  # type: ignore[call-arg]


def test_accounts_are_read_from_their_urls():
    made = mail_settings(
        settings(
            email_smtp=SecretStr("smtp://me%40x:p%2Fw@mx.example"),
            email_imap=SecretStr("imaps://u:p@mx.example/Sales/New"),
            email_listen="[::1]:2525",
            email_forms="a@b.example, c@d.example",
        ),
        b"k",
    )
    assert made is not None and made.address == "sales@tideline.example"
    assert made.smtp == Account("mx.example", 587, "starttls", "me@x", "p/w")
    assert made.imap == Account("mx.example", 993, "tls", "u", "p", "Sales/New")
    assert made.listen == ("::1", 2525) and made.forms == ("a@b.example", "c@d.example")
    assert "hunter2" not in repr(settings(email_smtp=SecretStr("smtp://u:hunter2@x")))


def test_the_longest_address_leaves_room_for_a_threads_token():
    made = mail_settings(settings(email_address=f"{'s' * LONGEST_LOCAL}@tideline.example"), b"k")
    assert made is not None
    token = reply_address(made.secret, made.address, conversation_id("0123456789" * 3))
    assert len(token.partition("@")[0]) == 64


@pytest.mark.parametrize(
    "wrong",
    [
        {"email_address": "sales"},
        {"email_address": "sales+x@tideline.example"},
        {"email_address": f"{'s' * 28}@tideline.example"},
        {"email_smtp": SecretStr("mx.example:25")},
        {"email_smtp": SecretStr("http://mx.example")},
        {"email_smtp": SecretStr("smtp://u:p@mx.example:no")},
        {"email_smtp": SecretStr("smtp://u:p@mx.example?tls=none")},
        {"email_smtp": SecretStr("smtp://mx.example?tls=maybe")},
        {"email_imap": SecretStr("smtp://mx.example")},
        {"email_listen": "2525"},
        {"email_listen": "0.0.0.0:99999"},
        {"email_forms": "a@b.example, nobody"},
    ],
    ids=str,
)
def test_a_wrong_setting_is_named_without_its_password(wrong):
    with pytest.raises(ConfigError) as error:
        mail_settings(settings(**{"email_address": "s@t.example", **wrong}), b"k")
    (name,) = wrong
    assert f"VOICE_AGENT_{name.upper()}" in str(error.value) and "u:p@" not in str(error.value)
