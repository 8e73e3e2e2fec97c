"""What looks like a secret wherever it stands: keys of known make, tokens, cards, passwords in addresses, ``name=value`` in text.

Everything here takes a text and gives spans. A text may be many joined by NUL, which no pattern crosses: the cost is that of a
few searches for fixed words, and a pattern is tried (and compiled) only where its words are.
"""

import re
from typing import Any, Callable, Dict, Iterable, List, Match, NamedTuple, Pattern, Tuple

from ._builtins import keep_builtins
from ._lazy import lazy
from ._names import NO, STRONG, WEAK, Names, lowered
from ._values import is_hidden

keep_builtins(globals())


class Span(NamedTuple):
    """A secret in a text, and the rule that found it."""

    start: int
    end: int
    rule: str


class Shape(NamedTuple):
    """One rule: `words` of which one is in every such text, `pattern` whose last group that took part is the secret."""

    rule: str
    words: Tuple[str, ...]
    pattern: str


#: nothing of a token before it
_B = r"(?<![A-Za-z0-9])"
_KEY_LINES = r"[^\0]*?(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|(?=\0)|\Z)"

#: in the order in which they are tried; a later one does not see what an earlier one took
SHAPES: Tuple[Shape, ...] = (
    Shape("private key", ("PRIVATE KEY",), r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----" + _KEY_LINES),
    Shape("private key", ("Private-Lines:",), r"Private-Lines: \d+\s+([A-Za-z0-9+/=\s]+?)(?=\r?\nPrivate-MAC|\0|\Z)"),
    Shape("private key", ("AGE-SECRET-KEY-",), r"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}"),
    Shape("JWT", ("eyJ",), _B + r"eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*){1,3}"),
    Shape("JWT", ("eyJ",), _B + r"eyJ[\w-]{16,}\.[\w-]{16,}"),
    Shape(
        "AWS key",
        ("AKIA", "ASIA", "ABIA", "ACCA", "AROA", "AIDA", "AGPA", "ANPA", "ANVA", "APKA"),
        _B + r"A(?:KIA|SIA|BIA|CCA|ROA|IDA|GPA|NPA|NVA|PKA)[A-Z0-9]{16}(?![A-Za-z0-9])",
    ),
    Shape("Google key", ("AIza", "ya29.", "GOCSPX-", "1//0"), _B + r"(?:AIza[\w-]{30,}|ya29\.[\w.-]{20,}|GOCSPX-[\w-]{20,}|1//0[\w-]{30,})"),
    Shape("Azure key", ("AccountKey=", "SharedAccessKey=", "SharedAccessSignature=", "AccessKey="),
          r"(?:AccountKey|SharedAccessKey|SharedAccessSignature|AccessKey)=([^\s;\0\"']{8,})"),
    Shape("Azure key", ("Q~",), _B + r"[\w.~-]{3}\dQ~[\w.~-]{30,36}"),
    Shape("Azure key", ("JQQJ99", "AZDO", "AzCa", "ACDb", "AIoT", "AzSe", "AzFu"), _B + r"[A-Za-z0-9+/]{20,}(?:JQQJ99|AZDO|AzCa|ACDb|AIoT|AzSe|AzFu)[\w+/=]{4,}"),
    Shape("GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), _B + r"(?:gh[pousr]_[\w.-]{20,}|github_pat_\w{20,})"),
    Shape("GitLab token", ("glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glsoat-", "gloas-", "glffct-", "GR1348941"),
          _B + r"(?:gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|oas|ffct)-[\w.-]{16,}|GR1348941[\w-]{16,})"),
    Shape("Bitbucket token", ("ATBB", "ATCTT3", "ATATT3"), _B + r"AT(?:BB|CTT3|ATT3)[\w=-]{20,}"),
    Shape("Slack token", ("xox", "xapp-", "xwfp-"), _B + r"(?:xox[a-z]-|xoxe\.xox[bp]-|xapp-|xwfp-)[\w-]{10,}"),
    Shape("web hook", ("hooks.slack.com/",), r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/+-]{16,})"),
    Shape("web hook", ("/api/webhooks/",), r"/api/webhooks/\d+/([\w-]{20,})"),
    Shape("web hook", ("webhook.office.com/",), r"webhook\.office\.com/webhookb2/([\w@/-]{30,})"),
    Shape("Stripe key", ("_live_", "_test_", "whsec_"), _B + r"(?:[srp]k_(?:live|test)_[A-Za-z0-9]{8,}|rzp_(?:live|test)_\w{8,}|(?:live|test)_pub_\w{16,}|whsec_[\w+/=-]{16,})"),
    Shape("OpenAI or Anthropic key", ("sk-",), _B + r"sk-(?=[\w-]*\d)(?:[a-z0-9]{2,12}-){0,3}[\w-]{16,}"),
    Shape("model provider's key", ("gsk_", "pplx-", "xai-", "hf_", "api_org_", "r8_", "csk-", "fw_", "tgp_v1_", "nvapi-"),
          _B + r"(?:gsk_|pplx-|xai-|hf_|api_org_|r8_|csk-|fw_|tgp_v1_|nvapi-)[\w-]{16,}"),
    Shape("package index token", ("npm_", "pypi-", "rubygems_", "dckr_", "oy2", "cio"),
          _B + r"(?:npm_[A-Za-z0-9]{20,}|pypi-[\w-]{20,}|rubygems_[a-f0-9]{20,}|dckr_[po]at_[\w-]{16,}|oy2[a-z0-9]{40,}|cio[A-Za-z0-9]{32}(?![A-Za-z0-9]))"),
    Shape("SendGrid key", ("SG.",), _B + r"SG\.[\w-]{10,}\.[\w-]{16,}"),
    Shape("Twilio key", ("SK",), _B + r"SK[0-9a-f]{32}(?![A-Za-z0-9])"),
    Shape("mail service key", ("key-", "-us", "xkeysib-", "xsmtpsib-", "mlsn."),
          _B + r"(?:key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}|xkeysib-[\w-]{30,}|xsmtpsib-[\w-]{30,}|mlsn\.[0-9a-f]{40,})(?![A-Za-z0-9])"),
    Shape("Telegram token", (":AA",), r"(?<![0-9A-Za-z])\d{6,12}:AA[\w-]{30,}"),
    Shape("shop token", ("shpat_", "shpca_", "shppa_", "shpss_", "sq0", "EAAA", "access_token$"),
          _B + r"(?:shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|sq0[a-z]{3}-[\w-]{20,}|EAAA[\w-]{56,}|access_token\$(?:production|sandbox)\$\w+\$\w{20,})"),
    Shape("infrastructure token",
          ("dop_v1_", "doo_v1_", "dor_v1_", "hvs.", "hvb.", "hvr.", ".atlasv1.", "pul-", "dapi", "dp.", "fo1_", "fm1", "fm2_", "tskey-", "pscale_", "sbp_", "sb_secret_",
           "HRKU-", "nfp_", "glc_", "glsa_", "NRAK-", "NRII-", "NRJS-", "NRRA-", "PMAK-", "lin_api_", "ntn_", "secret_", "figd_", "sntrys_", "sntryu_", "CFPAT-", "CLOJARS_",
           "LTAI", "sgp_", "AKCp", "pnu_", "tfp_", "sl.", "pat-", "v1.0-", "cloudinary://", "vercel_", "phc_", "phx_", "rdme_", "shippo_", "dd_api_"),
          _B + r"(?:do[opr]_v1_[a-f0-9]{32,}|hv[sbr]\.[\w-]{20,}|\w{10,16}\.atlasv1\.[\w-]{30,}|pul-[a-f0-9]{32,}|dapi[0-9a-f]{32}(?:-\d)?|dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{20,}"
          r"|fo1_[\w-]{20,}|fm[12][ar]?_[\w+/=-]{20,}|tskey-[\w-]{16,}|pscale_(?:tkn|pw|oauth)_[\w.-]{16,}|sbp_[a-f0-9]{32,}|sb_secret_[\w-]{16,}|HRKU-[\w-]{20,}|nfp_\w{20,}|glc_[\w+/=]{20,}"
          r"|glsa_\w{20,}|NR(?:AK|II|JS|RA)-[\w-]{16,}|PMAK-[a-f0-9-]{20,}|lin_api_\w{20,}|ntn_\w{20,}|secret_[A-Za-z0-9]{32,}|figd_[\w-]{20,}|sntry[su]_[\w+/=]{20,}"
          r"|CFPAT-[\w-]{30,}|CLOJARS_\w{40,}|LTAI[A-Za-z0-9]{12,24}(?![A-Za-z0-9])|sgp_\w{30,}|AKCp\w{50,}|pnu_\w{30,}|tfp_\w{30,}|sl\.(?:u\.)?[\w-]{60,}|pat-[a-z]{2}\d-[a-f0-9-]{36}"
          r"|v1\.0-[a-f0-9]{16,}-[a-f0-9]{40,}|vercel_\w{20,}|ph[cx]_\w{30,}|rdme_\w{30,}|shippo_(?:live|test)_\w{20,}|dd_api_\w{20,})"),
    Shape("password in an address", ("://",),
          r"://(?<!file://)[^\s:/?#@\0\"'<>]{0,200}:((?!\d{1,5}(?:[/?#\s\"'<>]|$))[^\s\0\"'<>]{1,500})@(?=[\w\[.%-])"),
    Shape("token in an address", ("://",), r"://((?=[\w%.~+-]*\d)[\w%.~+-]{16,})(?::x-oauth-basic)?@(?=[\w\[.-])"),
    Shape("authorization", ("asic ", "earer ", "ASIC ", "EARER ", "Token ", "igest ", "egotiate ", "AWS4-HMAC-SHA256 ", "ApiKey ", "GenieKey "),
          r"(?:[Bb]asic|BASIC|[Bb]earer|BEARER|Token|[Dd]igest|[Nn]egotiate|ApiKey|GenieKey|AWS4-HMAC-SHA256) +((?!realm=)[\w.~+/=:,\"%$-]{8,}(?:, ?[\w-]+=[^\s,\0]+)*)"),
)  # fmt: skip


def _bytes_as(kept: str) -> bytes:
    """A table for `bytes.translate`: 1 for the bytes that are kept, 0 for others."""
    return bytes(chr(code) in kept for code in range(256))


_ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#: runs of which every key of known make has one, those of random tokens, and those of card numbers
_RUNS, _RUN = _bytes_as(_ALNUM + "_-"), b"\1" * 16
_TOKENS, _TOKEN_RUN = _bytes_as(_ALNUM + "_-+/~"), b"\1" * 20
_NUMBERS, _LONG_NUMBER = _bytes_as("0123456789 -"), b"\1" * 12
#: shapes that may have no long run
_SHORT = ("private key", "password in an address", "token in an address", "authorization")
_SHORT_WORDS = [(word, shape) for shape in SHAPES for word in shape.words if shape.rule in _SHORT]
_LONG_WORDS = [(word, shape) for shape in SHAPES for word in shape.words if shape.rule not in _SHORT]
#: a long run, and how near to one the words are; what has lower case only is a name, or is written as one
_LONG_RUN, _NEAR = lazy(r"[A-Za-z0-9_-]{16,}"), 80
_CAMEL = lazy(r"(?:[_-]*(?:[A-Z]?[a-z]{2,15}(?![a-z])|[A-Z]{2,15}(?=[A-Z][a-z]|[^A-Za-z]|\Z)))+[_-]*")
_LOWER = "abcdefghijklmnopqrstuvwxyz_-/+~="

#: card numbers: beginnings and lengths of the large networks
_CARD = lazy(
    r"(?<![0-9A-Za-z])(?<!\d[.,])(?:4\d{3}|5[0-8]\d\d|2[2-7]\d\d|6\d{3}|3[0-9]\d\d|8[12]\d\d)(?:[ -]?\d{2,6}){2,5}(?![0-9A-Za-z])(?![.,]\d)"
)
_CARD_KIND = lazy(
    r"4\d{12}(?:\d{3})?(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|(?:6011|65\d\d|64[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}|220[0-4]\d{12}|(?:60|81|82|508)\d{13,14}"
)
_DIGITS = lazy(r"\d[\d -]{11,}")


def _is_card(found: str) -> bool:
    digits = found.replace(" ", "").replace("-", "")
    if _CARD_KIND().fullmatch(digits) is None or len(set(digits)) < 2:
        return False
    doubled = [int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


# ---------------------------------------------------------------------------------------------------------------------
# Tokens that are too random to be anything else

#: the shortest token whose randomness is believed
_SHORTEST_TOKEN = 20
_TOKEN = lazy(r"[A-Za-z0-9+/_~-]{20,}={0,2}(?:\.[A-Za-z0-9_-]{4,}){0,3}")
#: hexadecimal, UUIDs, numbers, digests with their kind in front, ULIDs: identities, secret only under a secret name
_PLAIN_FORM = lazy(
    r"[a-z_/+~-]+|[A-Z_/+~-]+|[0-9a-f-]+|[0-9A-F-]+|[\d._/+=~-]+|0[xX][0-9a-fA-F]+|(?:sha\d{1,3}|md5|blake\w{0,3})[-:_=]?[\w+/=-]+"
    r"|0[0-7][0-9A-HJKMNP-TV-Z]{24}|[A-Za-z]+[-_][0-9a-f-]{32,}|/[a-z][a-z0-9_.-]*/[\w./+~-]+|(?:[a-z][a-z0-9_.-]*/){2,}[\w./+~-]*"
)
#: pairs of letters that make up most of English, and of names in programs
_PAIRS = frozenset(
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li "
    "ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol "
    "rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr "
    "oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga qu ue ff ba ey ls va um pp ua up "
    "lu go ht ru ug ds lt pi rc rr eg au ck ew mu br bi pt ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip ub oi rl gu dr".split()
)
_FIELD = lazy(r"[A-Za-z]{1,30}(?:[_-][A-Za-z]{1,30}){0,6}")
_LETTERS = lazy(r"[A-Za-z]+")


def is_random(token: str) -> bool:
    """Whether a token is made of letters and digits that no person chose."""
    token = token[:256].strip("=-_~+/.")
    size = len(token)
    if size < _SHORTEST_TOKEN or _PLAIN_FORM().fullmatch(token):
        return False
    classes = token.translate(_CLASSES)
    lower, upper, digits = classes.count("a"), classes.count("A"), classes.count("0")
    letters = lower + upper
    changes = sum([classes.count(pair) for pair in ("aA", "Aa", "a0", "0a", "A0", "0A")])
    rate = changes / len(classes) if classes else 0.0
    kinds = (lower > 0) + (upper > 0) + (digits > 0)
    if letters < 6 or rate < (0.25 if kinds == 3 else 0.12 if digits else 0.33) or len(set(token)) < 10:
        return False
    pairs, share = _likeness(token)
    if 6 * (size - len(classes)) > size:  # many short parts
        return kinds == 3 and rate >= 0.5 and share < 0.5
    if kinds == 3:
        return rate >= 0.45 or share < 0.66
    if digits:
        return digits >= 2 and share < 0.66 and pairs >= 3
    return share < 0.72 and pairs >= 4


def _likeness(text: str) -> Tuple[int, float]:
    """(pairs of letters, the part of them that is usual in words)."""
    pairs = common = 0
    for run in _LETTERS().findall(text):
        # a camel's hump is where a word ends
        for first, second in zip(run, run[1:]):
            if not (first.islower() and second.isupper()):
                pairs += 1
                common += (first + second).lower() in _PAIRS
    return pairs, common / pairs if pairs else 0.0


def is_wordlike(text: str) -> bool:
    """Whether a text is a word, or several in one, as the names of fields are."""
    return _FIELD().fullmatch(text) is not None and _likeness(text)[1] >= 0.75


#: each letter and digit as its class, and all else away
_CLASSES = {
    code: "a" if chr(code).islower() else "A" if chr(code).isupper() else "0" if chr(code).isdigit() else None
    for code in range(128)
}


# ---------------------------------------------------------------------------------------------------------------------
# A name and its value within a text

#: headers whose value is the rest of the line
_HEADERS = frozenset(
    [
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "cookies",
        "http_authorization",
        "http_cookie",
        "x-authorization",
    ]
)
_QUOTED = lazy(r"\(?\s{0,20}[rbufRBUF]{0,2}(\"\"\"|'''|\\{0,3}[\"'`])")
#: characters of a value that are looked at; one that goes on is hidden to the end of its word
_LONG = 2000
_UNQUOTED = lazy(r"(?:(?![,;]\s*[\w.\"'-]{1,40}\s*[=:])[^\s\0&;\"'<>`\\]){1,%d}" % _LONG)
_LISTED = lazy(r"[\[({](?:\s*[rbu]?(?:\"[^\"\0]{0,500}\"|'[^'\0]{0,500}')\s*(?:,|:|(?=[\])}])))+[\])}]")
_REST_OF_WORD = lazy(r"[^\s\0]+")
_REST_OF_LINE = lazy(r"[^\r\n\0]+")
_CODE = lazy(r"[A-Za-z_][\w.]*[(\[.{]|[({\[<%$*]|\.\.\.|f[\"']")
_SEPARATOR = lazy(r"[=:\"'`<%]")
_NAME_TAIL = lazy(r"[\w.-]+\Z")
_SPACED = lazy(r"(?:^|[^\w.-])([A-Za-z]{2,20})[ _-]\Z")
_QUOTE = lazy(r"(?<!\\)[\"']")
_NUMBER = lazy(r"\d{4,}")
_MORE_WORDS = lazy(r"[ \t]+[A-Za-z]{2,}")
_ADJACENT = lazy(r"[\"']?\s{0,3}\)?")


class Rules:
    """All rules of one dump, with the user's patterns."""

    def __init__(
        self, names: Names, patterns: Iterable[Tuple[str, "Pattern[str]"]] = (), allowed: Iterable[str] = ()
    ) -> None:
        self.names = names
        self._user = list(patterns)
        self._allowed = frozenset(allowed)
        stems = names.stems
        # A name, then what separates it from its value: a sign, space before a quote or after an option, a tag's end.
        annotation = r"\s{0,4}:\s{0,4}[\w.\[\], |]{1,60}=\s{0,8}(?=\(?\s*[rbufRBUF]{0,2}[\"'])"
        self._pair = re.compile(
            r"(?:"
            + stems
            + r")[\w.-]{0,40}(\\{0,3}[\"'`]?\]?)("
            + annotation
            + r"|\s{0,8}(?:=>|:=|={1,3}|:)\s{0,8}|(?:%3[dDaA])"
            r"|\s{1,8}(?=b?\\{0,2}[\"'])|[ ]{1,3}(?=[^\s\0])|,\s{0,8}(?=[rbuf]{0,2}\\{0,2}[\"'])|>)"
        )

    def spans(self, text: str, data: bytes, code: bool = False) -> List[Span]:
        """The secrets in a text, in order, none over another; `data` is its UTF-8. In `code` only what is quoted is a value."""
        return _merge(self.forms(text, data) + self.pairs(text, code))

    def forms(self, text: str, data: bytes) -> List[Span]:
        """What looks like a secret by itself."""
        found: List[Span] = []
        for name, pattern in self._user:
            for match in pattern.finditer(text):
                self._add(found, text, match, name)
        # What a search for fixed bytes rules out is not left to the patterns.
        if _RUN in data.translate(_RUNS):
            near = "\0".join(
                [
                    text[max(match.start() - _NEAR, 0) : match.end() + _NEAR]
                    for match in _LONG_RUN().finditer(text)
                    if match.group().strip(_LOWER) and not _CAMEL().fullmatch(match.group())
                ]
            )
            if near:
                self._try(_LONG_WORDS, near, text, found)
        self._try(_SHORT_WORDS, text, text, found)
        if _LONG_NUMBER in data.translate(_NUMBERS) and _DIGITS().search(text):
            for match in _CARD().finditer(text):
                if _is_card(match.group()):
                    self._add(found, text, match, "card number")
        if _TOKEN_RUN in data.translate(_TOKENS):
            for match in _TOKEN().finditer(text):
                token = match.group()
                if token.strip(_LOWER) and is_random(token):
                    if text.startswith((":", "-"), match.start() - 1) and _is_digest(text, match.start()):
                        continue
                    self._add(found, text, match, "random token")
        return found

    def _try(self, words: List[Tuple[str, Shape]], near: str, text: str, found: List[Span]) -> None:
        """The shapes of which a word is in `near`."""
        tried = ""
        for word, shape in words:
            if word in near and shape.pattern != tried:
                tried = shape.pattern
                for match in _PATTERNS[shape.pattern]().finditer(text):
                    if _CHECKS.get(shape.rule, _yes)(match):
                        self._add(found, text, match, shape.rule)

    def _add(self, found: List[Span], text: str, match: "Match[str]", rule: str) -> None:
        group = match.lastindex or 0
        start, end = match.span(group)
        if end > start and text[start:end] not in self._allowed:
            found.append(Span(start, end, rule))

    @staticmethod
    def may_have_pairs(text: str) -> bool:
        """Whether anything in a text separates a name from a value."""
        return _SEPARATOR().search(text) is not None or " -" in text or text.startswith("-")

    def pairs(self, text: str, code: bool = False) -> List[Span]:
        """Values beside a name that promises a secret."""
        found: List[Span] = []
        if not self.may_have_pairs(text):
            return found
        lower = lowered(text)
        for match in self._pair.finditer(lower):
            start = match.start()
            if found and start < found[-1].end:
                continue  # within a value
            left = _NAME_TAIL().search(text, max(start - 60, 0), start)
            begin = left.start() if left else start
            name = text[begin : match.start(1)]
            option = name.startswith("-")
            trust = self.names.trust(name)
            if trust == NO:
                spaced = _SPACED().search(text, max(begin - 24, 0), begin)
                if spaced is None or len(name) > 8:
                    continue
                name = spaced.group(1) + " " + name
                trust = self.names.trust(name)
                if trust == NO:
                    continue
            self._value(text, name, trust, option, match, begin, code, found)
        return found

    def _value(
        self,
        text: str,
        name: str,
        trust: int,
        option: bool,
        match: "Match[str]",
        begin: int,
        code: bool,
        found: List[Span],
    ) -> None:
        closing, separator = match.group(1), match.group(2)
        at = match.end()
        sign = separator.strip()
        if sign == ">" and not text.startswith("<", begin - 1):
            return
        quoted = _QUOTED().match(text, at)
        if sign == "" and not ((option and not code) or (quoted and trust == STRONG)):
            return
        if sign == ",":
            # ("name", "value") alone: a pair, or the arguments of a call
            if not closing.strip("]") or quoted is None:
                return
        if quoted:
            end = _closing(text, quoted)
            start = quoted.end()
            if sign == "," and not text[end : end + 8].lstrip("\\\"' \n").startswith(")"):
                return
            if sign == "," and not is_hidden(text[start:end], WEAK):
                return
            self._keep(text, start, end, trust, found)
            return
        if sign == ",":
            return
        listed = _LISTED().match(text, at)
        if listed and trust == STRONG:
            for inner in re.finditer(r"\"([^\"\0]*)\"|'([^'\0]*)'", listed.group()):
                group = inner.lastindex or 0
                self._keep(text, at + inner.start(group), at + inner.end(group), trust, found)
            return
        if code and not _in_literal(text, begin):
            number = _NUMBER().match(text, at) if trust == STRONG else None
            if number:
                found.append(Span(number.start(), number.end(), "value of a name"))
            return
        if name.strip("\"'").lower() in _HEADERS and sign == ":":
            rest = _REST_OF_LINE().match(text, at)
            if rest:
                self._keep(text, at, rest.end(), trust, found)
            return
        value = _UNQUOTED().match(text, at)
        if value is None or _CODE().match(text, at):
            return
        long = len(value.group()) == _LONG
        end = at + len(value.group().rstrip(",.)]}:"))
        plain = text[at:end]
        if (
            sign == ":"
            and separator != ":"
            and plain.isalpha()
            and (trust == WEAK or _MORE_WORDS().match(text, value.end()))
        ):
            return  # a sentence
        if sign == ">" and not text.startswith("</", value.end()):
            end = max(text.find("<", at), end) if "<" in text[at : at + 500] else end
        self._keep(text, at, end, trust, found)
        if long and found and found[-1].start == at:
            rest = _REST_OF_WORD().match(text, end)
            found[-1] = found[-1]._replace(end=rest.end() if rest else end)

    def _keep(self, text: str, start: int, end: int, trust: int, found: List[Span]) -> None:
        value = text[start:end]
        if is_hidden(value, trust) and value not in self._allowed and not self.names.is_name(value):
            found.append(Span(start, end, "value of a name"))


def _in_literal(text: str, at: int) -> bool:
    """Whether a place in a program is within a text that began on its line."""
    quote = ""
    start = text.rfind("\n", 0, at) + 1
    for match in _QUOTE().finditer(text, max(start, at - 1000), at):
        if not quote:
            quote = match.group()
        elif match.group() == quote:
            quote = ""
    return quote != ""


def _closing(text: str, quoted: "Match[str]") -> int:
    """Where a quoted value ends: at its quote, else at the end of the line."""
    quote, at = quoted.group(1), quoted.end()
    while True:
        end = text.find(quote, at)
        stop = text.find("\0", quoted.end())
        if end < 0 or 0 <= stop < end or end - quoted.end() > 10_000:
            line = _REST_OF_LINE().match(text, quoted.end())
            return line.end() if line else quoted.end()
        back = end
        while quote[0] != "\\" and back > quoted.end() and text[back - 1] == "\\":
            back -= 1
        if (end - back) % 2 == 0:
            return end
        at = end + 1


def _is_digest(text: str, start: int) -> bool:
    return re.search(r"(?:sha\d+|md5|blake\w*)[-:]\Z", text[max(start - 12, 0) : start]) is not None


def _yes(match: "Match[str]") -> bool:
    return True


def _is_authorization(match: "Match[str]") -> bool:
    value = match.group(1)
    return not value.isalpha() or (value.lower() != value and value.capitalize() != value)


_PLACEHOLDER = lazy(r"\*+|%s|%\(\w+\)s|\{\w*\}|\$\{?\w+\}?|<[^>]*>|x+|X+")


def _is_password(match: "Match[str]") -> bool:
    return not _PLACEHOLDER().fullmatch(match.group(1))


_CHECKS: Dict[str, Callable[["Match[str]"], bool]] = {
    "authorization": _is_authorization,
    "password in an address": _is_password,
}
_PATTERNS = {shape.pattern: lazy(shape.pattern, re.ASCII) for shape in SHAPES}


def _merge(found: List[Span]) -> List[Span]:
    """In order; of two that meet, one over both."""
    out: List[Span] = []
    for span in sorted(found):
        if out and span.start < out[-1].end:
            if span.end > out[-1].end:
                out[-1] = Span(out[-1].start, span.end, out[-1].rule)
            continue
        out.append(span)
    return out


def rule_names(user: Iterable[Tuple[str, Any]] = ()) -> List[str]:
    """All rules there are, in a fixed order; the user's last."""
    own = ["name", "value of a name", "known value", "random token", "card number"]
    return list(dict.fromkeys(own + [shape.rule for shape in SHAPES] + [name for name, _ in user]))
