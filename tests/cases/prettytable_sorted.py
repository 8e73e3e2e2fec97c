"""A table that is to be sorted is given its fields.

python: 3.9
requires: prettytable==3.13.0 wcwidth==0.2.13
reported: https://github.com/prettytable/prettytable/issues/354
"""

from prettytable import PrettyTable

PrettyTable(field_names=["My", "Fields"], sortby="Fields")
