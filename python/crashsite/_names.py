"""Which names promise a secret: ``api_key``, ``dbPassword``, ``X-Auth-Token``; not ``token_count``, ``monkey``, ``author``.

A name is taken apart into words. What it names is its last word, once words that only qualify it (``_old``, ``_value``,
``2``) are gone: a `password_reset_url_name` is a name.
"""

import re
from typing import Dict, FrozenSet, Iterable, List, Tuple

from ._builtins import keep_builtins
from ._lazy import lazy

keep_builtins(globals())

#: how far a name is trusted: a value under a `WEAK` one must not look like a word
NO, WEAK, STRONG = 0, 1, 2

# What is beyond U+00DE counts as lower case; said the other way round, it is compiled in a hundredth of the time.
_WORD = lazy(r"[A-Z]+(?![a-z]|[^\x00-\xde])|[A-Z]?(?:[a-z]|[^\x00-\xde])+|[0-9]+")
_PHRASE = lazy(r"[A-Za-z]+(?:[ _-][A-Za-z]+){0,4}")
_LONGEST = 100


def _set(words: str) -> FrozenSet[str]:
    return frozenset(words.split())


_STRONG = _set(
    "password passwords passwd passphrase passphrases passcode passcodes pwd pwds secret secrets credential credentials creds "
    "authorization cookie cookies dsn dsns apikey apikeys jwt jwts otp totp cvv cvv2 cvc cvc2 ssn mnemonic htpasswd pgpass "
    "passwort passwoerter kennwort geheimnis geheim contrasena contraseña senha motdepasse wachtwoord lösenord losenord haslo "
    "hasło parola пароль 密码 密碼 パスワード"
)
_WEAK = _set("token tokens auth pass pw pswd bearer csrf xsrf pin cred sessionid sid phpsessid jsessionid sig")
#: what ends in one of these is the same, written together: ``dbpassword``, ``csrftoken``
_ENDINGS = (
    "password", "passwd", "passphrase", "secret", "apikey", "secretkey", "accesskey", "privatekey", "signingkey", "masterkey",
    "encryptionkey", "sharedkey", "accountkey", "authkey", "authtoken", "accesstoken", "refreshtoken", "csrftoken", "apitoken",
    "sessiontoken", "idtoken", "bearertoken", "sessionid", "pwd", "passwort", "kennwort", "connectionstring",
)  # fmt: skip
#: a last word and what may stand before it
_COMPOUNDS = {
    "token": _set(
        "access refresh auth api bearer csrf xsrf session id oauth oauth2 bot security user client device jwt personal secret "
        "registration reset verification deploy push app service account login admin root webhook"
    ),
    "tokens": _set("access refresh auth api bearer session"),
    "pass": _set(
        "db database smtp mail email user ftp sftp ssh ldap redis mysql pg postgres proxy http admin root login account"
    ),
    "key": _set(
        "api access secret private encryption decryption signing sign master shared account storage auth app application "
        "license licence ssh service subscription consumer deploy hmac aes rsa ecdsa ed25519 jwt jwk fernet session webhook server "
        "cipher symmetric crypto wallet vault kms root admin secretaccess gpg pgp tls ssl pem hash salt password function host token"
    ),
    "keys": _set("api access secret private encryption signing master shared account ssh"),
    "id": _set("session sess"),
    "string": _set("connection conn"),
    "str": _set("connection conn"),
    "code": _set("otp mfa totp 2fa pin security verification backup recovery auth authorization"),
    "codes": _set("backup recovery mfa otp"),
    "number": _set("card cc creditcard pan pin ssn"),
    "num": _set("card cc pan"),
    "card": _set("credit"),
    "phrase": _set("pass seed recovery secret"),
    "words": _set("seed mnemonic recovery"),
    "blob": _set("secret credential"),
    "material": _set("key"),
    "security": _set("social"),
}
#: words that say which one, or in which form, and are no subject of their own
_QUALIFIERS = _set(
    "value val values string str text txt plain plaintext cleartext raw bytes data hash hashed digest encoded enc encrypted "
    "decrypted decoded b64 base64 hex new old current confirm confirmation confirmed again repeat retype retyped input header "
    "prod production dev development test testing staging live sandbox primary secondary backup default temp tmp prev previous "
    "next override base main local remote json yaml pem 1 2 3 4 5 6 7 8 9 0 a b x obj object param arg used given fallback fallbacks"
)
#: what counts or measures tokens, in front of them
_COUNTED = _set(
    "max min num n total prompt completion input output used count cached reasoning stop pad eos bos unk sep next peek"
)
#: before a secret word these ask whether there is one, or do something to it
_ASKED = _set("has have no is needs need require requires required allow allows without reset forgot change validate")
#: keys of what stands beside a secret in `credentials`
_BESIDE = _set(
    "user username login name email mail type host hostname port scope scopes url uri path domain expires expiry expiration realm "
    "database db engine driver scheme protocol region version role grant method algorithm alg timeout label description comment"
)

#: part of every such name, lower case: what has none of them need not be taken apart
STEMS = (
    "pass", "pwd", "pw", "pswd", "secret", "cred", "auth", "cookie", "dsn", "key", "jwt", "otp", "cvv", "cvc", "ssn", "mnemonic",
    "kennwort", "geheim", "contrase", "senha", "wachtwoord", "senord", "has\u0142o", "haslo", "parola", "\u043f\u0430\u0440\u043e\u043b\u044c",
    "\u5bc6\u7801", "\u5bc6\u78bc", "\u30d1\u30b9\u30ef\u30fc\u30c9", "token", "bearer", "csrf", "xsrf", "pin", "sess", "sid", "sig", "connection",
    "conn", "2fa", "mfa", "verification", "recovery", "backup", "card", "pan", "phrase", "words", "motdepasse", "security",
)  # fmt: skip


def words_of(name: str) -> List[str]:
    """The words of a name in any style, in lower case."""
    name = name[:_LONGEST]
    if not name.isascii():
        name = "".join([char if char <= "\uffff" else " " for char in name])
    return [word.lower() for word in _WORD().findall(name)]


class Names:
    """The names that count, with the user's own and without those that are allowed."""

    def __init__(self, extra: Iterable[str] = (), allowed: Iterable[str] = ()) -> None:
        self._extra: List[Tuple[str, ...]] = [found for found in (tuple(words_of(name)) for name in extra) if found]
        self._allowed = {tuple(words_of(name)) for name in allowed}
        self._known: Dict[str, int] = {}
        #: a pattern of `STEMS` and of the user's names, for text in lower case
        self.stems = _alternatives(STEMS + tuple(max(words, key=len) for words in self._extra))
        self._stem = re.compile(self.stems)

    def has_stem(self, text: str) -> bool:
        """Whether some name in a text has to be taken apart."""
        return self._stem.search(lowered(text)) is not None

    def trust(self, name: str) -> int:
        """`NO`, `WEAK` or `STRONG`."""
        found = self._known.get(name)
        if found is None:
            if len(self._known) > 50_000:
                self._known.clear()
            found = self._known[name] = self._judge(name)
        return found

    def is_name(self, text: str) -> bool:
        """Whether a text is itself such a name, as labels and fields of forms are, and no secret."""
        return _PHRASE().fullmatch(text) is not None and _trust(words_of(text), ()) != NO

    def _judge(self, name: str) -> int:
        if name == "PWD" or name == "OLDPWD":  # the shell's working directory
            return NO
        if not self.has_stem(name):
            return NO
        words = words_of(name)
        whole = tuple(words)
        if not words or whole in self._allowed:
            return NO
        for extra in self._extra:
            if any(whole[start : start + len(extra)] == extra for start in range(len(whole))):
                return STRONG
        return _trust(words)


def _alternatives(stems: Iterable[str]) -> str:
    """A pattern of any of them, by first letters: the search tries one letter after the other."""
    by_first: Dict[str, List[str]] = {}
    for stem in dict.fromkeys(stems):
        by_first.setdefault(stem[0], []).append(re.escape(stem[1:]))
    return "|".join(
        "%s(?:%s)" % (re.escape(first), "|".join(sorted(rest, key=len, reverse=True)))
        for first, rest in by_first.items()
    )


def lowered(text: str) -> str:
    """In lower case, character by character: only one changes its length."""
    return text.replace("\u0130", "I").lower()


def _trust(words: List[str], endings: Tuple[str, ...] = _ENDINGS) -> int:
    if words[0] in _ASKED and len(words) > 1:
        return NO
    end = len(words)
    while end:
        last = words[end - 1]
        before = words[end - 2] if end > 1 else ""
        together = before + last
        if last in _STRONG or together in _STRONG or before in _COMPOUNDS.get(last, ()):
            return STRONG
        if last in _WEAK or together in _WEAK or (endings and last.endswith("token")):
            counted = last in ("token", "tokens", "pass", "pin") and before in _COUNTED
            return NO if counted else WEAK
        if last.endswith(endings):
            return STRONG
        if last not in _QUALIFIERS:
            return NO
        end -= 1
    return NO


def is_beside(name: str) -> bool:
    """Whether, within `credentials`, this names something that is no secret."""
    words = words_of(name)
    return bool(words) and words[-1] in _BESIDE
