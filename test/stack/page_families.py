"""Reads metrics pages with the reference parsers of prometheus_client, and prints what they have.

Standard input has a page a line, as JSON: {"format": "openmetrics" | "text", "text"}. For each page a line of JSON is
printed: {"error": text}, or {"families": [[name, type, [[sample, labels, value, hasExemplar], ...]], ...]}.
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

for line in sys.stdin:
    page = json.loads(line)
    try:
        families = [
            [
                family.name,
                family.type,
                [
                    [each.name, each.labels, str(float(each.value)), each.exemplar is not None]
                    for each in family.samples
                ],
            ]
            for family in parsers[page["format"]](io.StringIO(page["text"], newline="\n"))
        ]
        print(json.dumps({"families": families}))
    except Exception as error:  # any refusal counts
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
