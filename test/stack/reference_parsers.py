"""Reads metrics pages with the reference parsers of prometheus_client.

Standard input has a page a line, as JSON: {"name", "format": "openmetrics" | "text", "text"}. Prints the pages that a parser
refuses, as JSON: [[name, error], ...], and the types of the families of the others by page.
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
types = {}
for line in sys.stdin:
    page = json.loads(line)
    try:
        families = list(parsers[page["format"]](io.StringIO(page["text"], newline="\n")))
        types[page["name"]] = {family.name: family.type for family in families}
    except Exception as error:  # any refusal counts
        refused.append([page["name"], f"{type(error).__name__}: {error}"])
json.dump({"refused": refused, "types": types}, sys.stdout)
