"""Runs SQL of standard input with DuckDB in the current folder.

Standard input is a list of queries as JSON. Prints, as JSON, the rows of each query: objects by the name of their column.
"""

import json
import sys

import duckdb

results = []
for query in json.load(sys.stdin):
    cursor = duckdb.execute(query)
    names = [column[0] for column in cursor.description]
    results.append([dict(zip(names, row)) for row in cursor.fetchall()])
print(json.dumps(results))
