"""Which values are worth hiding under a secret name, and which are so much their own that they are hidden in any text."""

from ._builtins import keep_builtins
from ._lazy import lazy
from ._names import STRONG

keep_builtins(globals())

_NEVER = frozenset(
    "none null nil true false yes no on off undefined unset empty n/a na nan inf str int bytes float bool any object optional list "
    "dict tuple set type self cls required missing invalid unknown string bearer basic digest oauth oauth2 hmac".split()
)
#: values that stand in texts for other reasons, however often they are someone's password
_COMMON = frozenset(
    "password passwort secret token admin administrator root user username guest test testing default example demo local localhost "
    "postgres postgresql mysql mariadb redis mongo mongodb oracle sqlite rabbitmq elastic master server client public private python "
    "django flask fastapi changeme letmein welcome login access account service system manager application database session cookie "
    "authorization authentication identifier operator keyword number literal comment newline indent dedent "
    "development production staging".split()
)
_PLACEHOLDER = lazy(
    r"[*.xX•·#_-]+|%s|%\(\w+\)s|\{\w*\}|\$\{?\w+\}?|\{\{.*\}\}|<[^<>]*>|\[[A-Za-z _-]+\]|(?:Optional|Union|List|Dict|Type|Literal|typing\.\w+)\[.*"
)
_WORDS = lazy(r"[A-Za-z]+(?:[ _.:/-][A-Za-z]+)*")
_PATH = lazy(r"(?:[A-Za-z]:\\|/|\./|\.\./|~/)[\w ./\\@+-]*")
_DIGITS = lazy(r"[\d .,:/-]+")


def is_hidden(text: str, trust: int) -> bool:
    """Whether a text under a secret name is hidden where it stands."""
    plain = text.strip()
    if len(plain) < 3 or plain.lower() in _NEVER or _PLACEHOLDER().fullmatch(plain):
        return False
    if trust == STRONG:
        return True
    return not (plain.isalpha() and (len(plain) <= 5 or plain.lower() in _COMMON))


def is_distinctive(text: str, trust: int) -> bool:
    """Whether a text found under a secret name is a secret wherever it occurs."""
    size = len(text)
    if size < 6 or text.lower() in _COMMON or text.lower() in _NEVER or len(set(text)) < 3:
        return False
    if _DIGITS().fullmatch(text):
        return sum(char.isdigit() for char in text) >= 8
    if _WORDS().fullmatch(text):
        return size >= (8 if trust == STRONG else 20)
    return not _PATH().fullmatch(text)
