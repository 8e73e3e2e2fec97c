"""What is a secret, as data: words of names, forms of keys, what is never one.

This file is read twice: imported by the capture, and by `crashsite redact`, which has it compiled in and reads it as text. So
there is nothing in it but literals, what was defined above, and ``+``. The patterns know neither look-ahead nor look-behind,
which the other side's engine has not (it takes time in proportion on any text), but `_B` and `_E` at their ends.
"""

from typing import Tuple

#: words that promise a secret
STRONG = (
    "password passwords passwd passphrase passphrases passcode passcodes pwd pwds secret secrets credential credentials creds "
    "authorization cookie cookies dsn dsns apikey apikeys jwt jwts otp totp cvv cvv2 cvc cvc2 ssn mnemonic htpasswd pgpass "
    "passwort passwoerter kennwort geheimnis geheim contrasena contraseña senha motdepasse wachtwoord lösenord losenord haslo "
    "hasło parola пароль 密码 密碼 パスワード"
)

#: words that promise one where the value looks like it
WEAK = "token tokens auth pass pw pswd bearer csrf xsrf pin cred sessionid sid phpsessid jsessionid sig"

#: what ends in one of these is the same, written together: ``dbpassword``, ``csrftoken``
ENDINGS = (
    "password", "passwd", "passphrase", "secret", "apikey", "secretkey", "accesskey", "privatekey", "signingkey", "masterkey",
    "encryptionkey", "sharedkey", "accountkey", "authkey", "authtoken", "accesstoken", "refreshtoken", "csrftoken", "apitoken",
    "sessiontoken", "idtoken", "bearertoken", "sessionid", "pwd", "passwort", "kennwort", "connectionstring",
)  # fmt: skip

#: a last word and what may stand before it
COMPOUNDS = {
    "token": (
        "access refresh auth api bearer csrf xsrf session id oauth oauth2 bot security user client device jwt personal secret "
        "registration reset verification deploy push app service account login admin root webhook"
    ),
    "tokens": "access refresh auth api bearer session",
    "pass": "db database smtp mail email user ftp sftp ssh ldap redis mysql pg postgres proxy http admin root login account",
    "key": (
        "api access secret private encryption decryption signing sign master shared account storage auth app application "
        "license licence ssh service subscription consumer deploy hmac aes rsa ecdsa ed25519 jwt jwk fernet session webhook server "
        "cipher symmetric crypto wallet vault kms root admin secretaccess gpg pgp tls ssl pem hash salt password function host token"
    ),
    "keys": "api access secret private encryption signing master shared account ssh",
    "id": "session sess",
    "string": "connection conn",
    "str": "connection conn",
    "code": "otp mfa totp 2fa pin security verification backup recovery auth authorization",
    "codes": "backup recovery mfa otp",
    "number": "card cc creditcard pan pin ssn",
    "num": "card cc pan",
    "card": "credit",
    "phrase": "pass seed recovery secret",
    "words": "seed mnemonic recovery",
    "blob": "secret credential",
    "material": "key",
    "security": "social",
}

#: words that say which one, or in which form, and are no subject of their own
QUALIFIERS = (
    "value val values string str text txt plain plaintext cleartext raw bytes data hash hashed digest encoded enc encrypted "
    "decrypted decoded b64 base64 hex new old current confirm confirmation confirmed again repeat retype retyped input header "
    "prod production dev development test testing staging live sandbox primary secondary backup default temp tmp prev previous "
    "next override base main local remote json yaml pem 1 2 3 4 5 6 7 8 9 0 a b x obj object param arg used given fallback fallbacks"
)

#: what counts or measures tokens, in front of them
COUNTED = (
    "max min num n total prompt completion input output used count cached reasoning stop pad eos bos unk sep next peek"
)

#: before a secret word these ask whether there is one, or do something to it
ASKED = "has have no is needs need require requires required allow allows without reset forgot change validate"

#: keys of what stands beside a secret in `credentials`
BESIDE = (
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

#: values that are no secret
NEVER = (
    "none null nil true false yes no on off undefined unset empty n/a na nan inf str int bytes float bool any object optional list "
    "dict tuple set type self cls required missing invalid unknown string bearer basic digest oauth oauth2 hmac"
)

#: values that stand in texts for other reasons, however often they are someone's password
COMMON = (
    "password passwort secret token admin administrator root user username guest test testing default example demo local localhost "
    "postgres postgresql mysql mariadb redis mongo mongodb oracle sqlite rabbitmq elastic master server client public private python "
    "django flask fastapi changeme letmein welcome login access account service system manager application database session cookie "
    "authorization authentication identifier operator keyword number literal comment newline indent dedent "
    "development production staging"
)

#: what stands for a value
PLACEHOLDER = r"[*.xX•·#_-]+|%s|%\(\w+\)s|\{\w*\}|\$\{?\w+\}?|\{\{.*\}\}|<[^<>]*>|\[[A-Za-z _-]+\]|(?:Optional|Union|List|Dict|Type|Literal|typing\.\w+)\[.*"

#: what stands for a password in an address
ADDRESS_PLACEHOLDER = r"\*+|%s|%\(\w+\)s|\{\w*\}|\$\{?\w+\}?|<[^>]*>|x+|X+"

#: words, and no more
ONLY_WORDS = r"[A-Za-z]+(?:[ _.:/-][A-Za-z]+)*"

#: a file
ONLY_PATH = r"(?:[A-Za-z]:\\|/|\./|\.\./|~/)[\w ./\\@+-]*"

#: a number, a date
ONLY_DIGITS = r"[\d .,:/-]+"

#: nothing of a token before it
_B = r"(?<![A-Za-z0-9])"
#: and nothing after it
_E = r"(?![A-Za-z0-9])"
_KEY_LINES = r"(?:[^\0]*?-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|[^\0]*)"

#: in the order in which they are tried; a later one does not see what an earlier one took
SHAPES: Tuple[Tuple[str, Tuple[str, ...], str], ...] = (
    ("private key", ("PRIVATE KEY",), r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----" + _KEY_LINES),
    ("private key", ("Private-Lines:",), r"Private-Lines: \d+\s+([A-Za-z0-9+/=\s]+?)(?:\r?\nPrivate-MAC|\0|\Z)"),
    ("private key", ("AGE-SECRET-KEY-",), r"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}"),
    ("JWT", ("eyJ",), _B + r"eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*){1,3}"),
    ("JWT", ("eyJ",), _B + r"eyJ[\w-]{16,}\.[\w-]{16,}"),
    (
        "AWS key",
        ("AKIA", "ASIA", "ABIA", "ACCA", "AROA", "AIDA", "AGPA", "ANPA", "ANVA", "APKA"),
        _B + r"A(?:KIA|SIA|BIA|CCA|ROA|IDA|GPA|NPA|NVA|PKA)[A-Z0-9]{16}" + _E,
    ),
    ("Google key", ("AIza", "ya29.", "GOCSPX-", "1//0"), _B + r"(?:AIza[\w-]{30,}|ya29\.[\w.-]{20,}|GOCSPX-[\w-]{20,}|1//0[\w-]{30,})"),
    ("Azure key", ("AccountKey=", "SharedAccessKey=", "SharedAccessSignature=", "AccessKey="),
          r"(?:AccountKey|SharedAccessKey|SharedAccessSignature|AccessKey)=([^\s;\0\"']{8,})"),
    ("Azure key", ("Q~",), _B + r"[\w.~-]{3}\dQ~[\w.~-]{30,36}"),
    ("Azure key", ("JQQJ99", "AZDO", "AzCa", "ACDb", "AIoT", "AzSe", "AzFu"), _B + r"[A-Za-z0-9+/]{20,}(?:JQQJ99|AZDO|AzCa|ACDb|AIoT|AzSe|AzFu)[\w+/=]{4,}"),
    ("GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), _B + r"(?:gh[pousr]_[\w.-]{20,}|github_pat_\w{20,})"),
    ("GitLab token", ("glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glsoat-", "gloas-", "glffct-", "GR1348941"),
          _B + r"(?:gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|oas|ffct)-[\w.-]{16,}|GR1348941[\w-]{16,})"),
    ("Bitbucket token", ("ATBB", "ATCTT3", "ATATT3"), _B + r"AT(?:BB|CTT3|ATT3)[\w=-]{20,}"),
    ("Slack token", ("xox", "xapp-", "xwfp-"), _B + r"(?:xox[a-z]-|xoxe\.xox[bp]-|xapp-|xwfp-)[\w-]{10,}"),
    ("web hook", ("hooks.slack.com/",), r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/+-]{16,})"),
    ("web hook", ("/api/webhooks/",), r"/api/webhooks/\d+/([\w-]{20,})"),
    ("web hook", ("webhook.office.com/",), r"webhook\.office\.com/webhookb2/([\w@/-]{30,})"),
    ("Stripe key", ("_live_", "_test_", "whsec_"), _B + r"(?:[srp]k_(?:live|test)_[A-Za-z0-9]{8,}|rzp_(?:live|test)_\w{8,}|(?:live|test)_pub_\w{16,}|whsec_[\w+/=-]{16,})"),
    ("OpenAI or Anthropic key", ("sk-",), _B + r"sk-[\w-]{16,}"),
    ("model provider's key", ("gsk_", "pplx-", "xai-", "hf_", "api_org_", "r8_", "csk-", "fw_", "tgp_v1_", "nvapi-"),
          _B + r"(?:gsk_|pplx-|xai-|hf_|api_org_|r8_|csk-|fw_|tgp_v1_|nvapi-)[\w-]{16,}"),
    ("package index token", ("npm_", "pypi-", "rubygems_", "dckr_", "oy2"),
          _B + r"(?:npm_[A-Za-z0-9]{20,}|pypi-[\w-]{20,}|rubygems_[a-f0-9]{20,}|dckr_[po]at_[\w-]{16,}|oy2[a-z0-9]{40,})"),
    ("package index token", ("cio",), _B + r"cio[A-Za-z0-9]{32}" + _E),
    ("SendGrid key", ("SG.",), _B + r"SG\.[\w-]{10,}\.[\w-]{16,}"),
    ("Twilio key", ("SK",), _B + r"SK[0-9a-f]{32}" + _E),
    ("mail service key", ("key-", "-us", "xkeysib-", "xsmtpsib-", "mlsn."),
          _B + r"(?:key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}|xkeysib-[\w-]{30,}|xsmtpsib-[\w-]{30,}|mlsn\.[0-9a-f]{40,})" + _E),
    ("Telegram token", (":AA",), _B + r"\d{6,12}:AA[\w-]{30,}"),
    ("shop token", ("shpat_", "shpca_", "shppa_", "shpss_", "sq0", "EAAA", "access_token$"),
          _B + r"(?:shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|sq0[a-z]{3}-[\w-]{20,}|EAAA[\w-]{56,}|access_token\$(?:production|sandbox)\$\w+\$\w{20,})"),
    ("infrastructure token",
          ("dop_v1_", "doo_v1_", "dor_v1_", "hvs.", "hvb.", "hvr.", ".atlasv1.", "pul-", "dapi", "dp.", "fo1_", "fm1", "fm2_", "tskey-", "pscale_", "sbp_", "sb_secret_",
           "HRKU-", "nfp_", "glc_", "glsa_", "NRAK-", "NRII-", "NRJS-", "NRRA-", "PMAK-", "lin_api_", "ntn_", "secret_", "figd_", "sntrys_", "sntryu_", "CFPAT-", "CLOJARS_",
           "sgp_", "AKCp", "pnu_", "tfp_", "sl.", "pat-", "v1.0-", "cloudinary://", "vercel_", "phc_", "phx_", "rdme_", "shippo_", "dd_api_"),
          _B + r"(?:do[opr]_v1_[a-f0-9]{32,}|hv[sbr]\.[\w-]{20,}|\w{10,16}\.atlasv1\.[\w-]{30,}|pul-[a-f0-9]{32,}|dapi[0-9a-f]{32}(?:-\d)?|dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{20,}"
          r"|fo1_[\w-]{20,}|fm[12][ar]?_[\w+/=-]{20,}|tskey-[\w-]{16,}|pscale_(?:tkn|pw|oauth)_[\w.-]{16,}|sbp_[a-f0-9]{32,}|sb_secret_[\w-]{16,}|HRKU-[\w-]{20,}|nfp_\w{20,}|glc_[\w+/=]{20,}"
          r"|glsa_\w{20,}|NR(?:AK|II|JS|RA)-[\w-]{16,}|PMAK-[a-f0-9-]{20,}|lin_api_\w{20,}|ntn_\w{20,}|secret_[A-Za-z0-9]{32,}|figd_[\w-]{20,}|sntry[su]_[\w+/=]{20,}"
          r"|CFPAT-[\w-]{30,}|CLOJARS_\w{40,}|sgp_\w{30,}|AKCp\w{50,}|pnu_\w{30,}|tfp_\w{30,}|sl\.(?:u\.)?[\w-]{60,}|pat-[a-z]{2}\d-[a-f0-9-]{36}"
          r"|v1\.0-[a-f0-9]{16,}-[a-f0-9]{40,}|vercel_\w{20,}|ph[cx]_\w{30,}|rdme_\w{30,}|shippo_(?:live|test)_\w{20,}|dd_api_\w{20,})"),
    ("infrastructure token", ("LTAI",), _B + r"LTAI[A-Za-z0-9]{12,24}" + _E),
    ("password in an address", ("://",),
          r"://[^\s:/?#@\0\"'<>]{0,200}:(\d{0,5}[^\s\0\"'<>\d/?#][^\s\0\"'<>]{0,494}|\d{6}[^\s\0\"'<>]{0,494}|\d{1,5}|[/?#][^\s\0\"'<>]{0,499})@[\w\[.%-]"),
    ("token in an address", ("://",), r"://([\w%.~+-]{16,})(?::x-oauth-basic)?@[\w\[.-]"),
    ("authorization", ("asic ", "earer ", "ASIC ", "EARER ", "Token ", "igest ", "egotiate ", "AWS4-HMAC-SHA256 ", "ApiKey ", "GenieKey "),
          r"(?:basic|Basic|BASIC|bearer|Bearer|BEARER|Token|digest|Digest|negotiate|Negotiate|ApiKey|GenieKey|AWS4-HMAC-SHA256) +([\w.~+/=:,\"%$-]{8,}(?:, ?[\w-]+=[^\s,\0]+)*)"),
)  # fmt: skip

#: what may be a card number, where neither a letter, a digit nor the rest of a decimal number is beside it
CARD = r"(?:4\d{3}|5[0-8]\d\d|2[2-7]\d\d|6\d{3}|3[0-9]\d\d|8[12]\d\d)(?:[ -]?\d{2,6}){2,5}"
#: beginnings and lengths of the large networks
CARD_KIND = (
    r"4\d{12}(?:\d{3})?(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|(?:6011|65\d\d|64[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}|220[0-4]\d{12}|(?:60|81|82|508)\d{13,14}"
)

#: hexadecimal, UUIDs, numbers, digests with their kind in front, ULIDs: identities, secret only under a secret name
PLAIN_FORM = (
    r"[a-z_/+~-]+|[A-Z_/+~-]+|[0-9a-f-]+|[0-9A-F-]+|[\d._/+=~-]+|0[xX][0-9a-fA-F]+|(?:sha\d{1,3}|md5|blake\w{0,3})[-:_=]?[\w+/=-]+"
    r"|0[0-7][0-9A-HJKMNP-TV-Z]{24}|[A-Za-z]+[-_][0-9a-f-]{32,}|/[a-z][a-z0-9_.-]*/[\w./+~-]+|(?:[a-z][a-z0-9_.-]*/){2,}[\w./+~-]*"
)

#: pairs of letters that make up most of English, and of names in programs
PAIRS = (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li "
    "ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol "
    "rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr "
    "oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga qu ue ff ba ey ls va um pp ua up "
    "lu go ht ru ug ds lt pi rc rr eg au ck ew mu br bi pt ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip ub oi rl gu dr"
)

#: headers whose value is the rest of the line
HEADERS = (
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "cookies",
    "http_authorization",
    "http_cookie",
    "x-authorization",
)

#: where a class that is named for a secret keeps it
HOLDERS = (
    "value", "_value", "_secret_value", "coded_value", "_coded_value", "data", "_data", "raw", "raw_data", "object_data", "text", "plain",
     "content", "secret", "_secret", "_Secret__value", "_raw",
)  # fmt: skip
