"""An attribute that is a number.

python: 3.9
requires: xmltodict==0.9.2
reported: https://github.com/martinblech/xmltodict/issues/86
"""

import xmltodict

message = {"MessageData": {"@infotype": 0, "#text": "08"}}
xmltodict.unparse(message)
