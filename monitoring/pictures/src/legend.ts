export type Labels = Readonly<Record<string, string>>;

/**
 * The name of a series in a legend: the format with the values of its labels. A label that the series lacks is empty.
 * `__auto`, or no format, is what Grafana chooses: the query where it has one series, else the labels.
 */
export function legendOf(labels: Labels, format: string | undefined, expr: string, count: number): string {
  if (format === undefined || format === '' || format === '__auto') return count === 1 ? expr : written(labels);
  const text = format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => labels[name] ?? '');
  return text.trim() === '' ? written(labels) : text.trim();
}

/** A series as Prometheus writes it. */
function written({ __name__: name = '', ...labels }: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`;
}
