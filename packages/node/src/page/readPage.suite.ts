/** The content of a page for Prometheus: value by series, and type by family. */
export interface ReadPage {
  readonly types: Readonly<Record<string, string>>;
  readonly help: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;

/**
 * Reads Prometheus' text format 0.0.4, strictly: throws for everything that makes Prometheus refuse a scrape, and for samples
 * outside their family.
 */
export function readPage(text: string): ReadPage {
  const types: Record<string, string> = {};
  const help: Record<string, string> = {};
  const values: Record<string, number> = {};
  const closed = new Set<string>();
  let family = '';
  if (text !== '' && !text.endsWith('\n')) throw new Error('The last line has no end.');
  for (const line of text.split('\n').slice(0, -1)) {
    const fail = (why: string) => new Error(`${why}: ${line}`);
    const [, kind = '', name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line) ?? [];
    if (kind !== '') {
      if (name !== family && (closed.has(name) || name in types)) throw fail('The family is there already');
      if (name !== family) closed.add(family);
      family = name;
      const known = kind === 'HELP' ? help : types;
      if (name in known) throw fail(`Second ${kind}`);
      known[name] = rest;
      continue;
    }
    const [, sample = '', labels = '', value = ''] = sampleLine.exec(line) ?? [];
    if (sample === '') throw fail('No sample');
    const suffixes = types[family] === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    if (!suffixes.some((suffix) => sample === family + suffix)) throw fail(`Not of family ${family}`);
    const seen = readLabels(labels, fail);
    if (sample.endsWith('_bucket') && types[family] === 'histogram' && !seen.has('le')) throw fail('No le');
    const series = `${sample}{${[...seen].map(([key, each]) => `${key}=${each}`).join()}}`;
    if (series in values) throw fail('The series is there already');
    values[series] = number(value, fail);
  }
  return { types, help, values };
}

function readLabels(text: string, fail: (why: string) => Error): Map<string, string> {
  const labels = new Map<string, string>();
  let rest = text;
  while (rest !== '') {
    const [whole, name = '', value = ''] = label.exec(rest) ?? [];
    if (whole === undefined) throw fail('Bad label');
    if (labels.has(name)) throw fail('Duplicate label');
    labels.set(name, value);
    rest = rest.slice(whole.length);
  }
  return labels;
}

function number(text: string, fail: (why: string) => Error): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  const value = Number(text);
  if (Number.isNaN(value) && text !== 'NaN') throw fail('No value');
  return value;
}
