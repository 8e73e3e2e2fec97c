"""The condensation of an empty graph.

python: 3.8
requires: networkx==1.11 decorator==4.4.2
reported: https://github.com/networkx/networkx/pull/2047
"""

import networkx

networkx.condensation(networkx.DiGraph())
