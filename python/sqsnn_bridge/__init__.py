"""Runs circuits of swift-sqsnn with Qiskit: a process that answers requests, one line of JSON each.

Started by the package's backends `aer`, `aer-fake-brisbane` and `ibm:NAME` as `python -m sqsnn_bridge TARGET`.
Requests come on standard input and answers go to what was standard output; what libraries print goes to standard error.
"""

# Of the requests and answers; raised whenever either changes meaning.
PROTOCOL = 1
VERSION = "1.0.0"
