/** One entry of monitoring/foreign-series.json. */
export interface ForeignEntry {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** What each program has about its language and its own page, and no query asks for. */
const ofLanguage = /^(go|promhttp|process)_/;

/** The metrics of a page in the text format: names, types, and the labels that any of their series has. */
export function entriesOfPage(page: string): readonly ForeignEntry[] {
  const types = new Map<string, string>();
  const labels = new Map<string, Set<string>>();
  for (const line of page.split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) types.set(name, type);
    const [, series = '', inBraces = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (series === '') continue;
    const family = types.has(series) ? series : series.replace(/_(bucket|sum|count|total)$/, '');
    const own = labels.get(family) ?? new Set();
    labels.set(family, own);
    for (const [, label] of inBraces.matchAll(/(?:^|,)([a-zA-Z_]\w*)="/g)) {
      // Of the parts of histograms and summaries, not of the metric.
      if (label !== undefined && label !== 'le' && label !== 'quantile') own.add(label);
    }
  }
  return [...types]
    .filter(([name]) => !ofLanguage.test(name))
    .map(([name, type]) => ({ name, type, labels: [...(labels.get(name) ?? [])].sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
