"""Reads metrics pages with the reference parsers of prometheus_client.

Standard input has a page a line, as JSON: {"name", "format": "openmetrics" | "text", "text"}. Prints the pages that a parser
refuses, and the number of the others, as JSON: {"refused": [[name, error], ...], "read": number}.
"""

import io
import json
import sys

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

parsers = {
    "openmetrics": openmetrics_parser.text_fd_to_metric_families,
    "text": parser.text_fd_to_metric_families,
}

refused = []
read = 0
for line in sys.stdin:
    page = json.loads(line)
    try:
        list(parsers[page["format"]](io.StringIO(page["text"], newline="\n")))
        read += 1
    except Exception as error:  # any refusal counts
        refused.append([page["name"], f"{type(error).__name__}: {error}"])
json.dump({"refused": refused, "read": read}, sys.stdout)
