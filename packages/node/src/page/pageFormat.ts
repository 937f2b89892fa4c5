/**
 * How names replace characters that Prometheus 2 did not allow.
 * Source: https://prometheus.io/docs/instrumenting/escaping_schemes/
 */
export type Escaping = 'allow-utf-8' | 'underscores' | 'dots' | 'values';

/** The format in which a page is written. */
export interface PageFormat {
  readonly isOpenMetrics: boolean;
  readonly escaping: Escaping;
  readonly contentType: string;
}

interface Range {
  readonly type: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * The format that a scraper prefers by its Accept header (RFC 9110, 12.5.1): OpenMetrics 1.0 or the text format. It gets
 * the text format too when it accepts every format, or none that the page has. Names are escaped as the scraper asks,
 * which makes a difference only where `hasUtf8Names`.
 */
export function pageFormat(accept: string | undefined, hasUtf8Names: boolean): PageFormat {
  const ranges = mediaRanges(accept ?? '');
  const open = ranges.filter(({ type }) => type === 'application/openmetrics-text').filter(hasVersion('1.0.0'));
  const plain = ranges.filter(({ type }) => type === 'text/plain').filter(hasVersion('0.0.4', '1.0.0'));
  const anyText = plain.length > 0 ? plain : ranges.filter(({ type }) => type === 'text/*' || type === '*/*');
  // The sort is stable: formats with the same q value keep the order of the header.
  const best = ranges.filter((range) => range.quality > 0 && (open.includes(range) || anyText.includes(range)));
  const chosen = best.toSorted((a, b) => b.quality - a.quality)[0];
  const isOpenMetrics = chosen !== undefined && open.includes(chosen);
  const escaping = hasUtf8Names ? escapingOf(chosen) : 'underscores';
  const isNewText = escaping === 'allow-utf-8' && chosen?.parameters.get('version') === '1.0.0';
  const type = isOpenMetrics ? 'application/openmetrics-text' : 'text/plain';
  const version = isOpenMetrics || isNewText ? '1.0.0' : '0.0.4';
  const parameter = hasUtf8Names ? `; escaping=${escaping}` : '';
  return { isOpenMetrics, escaping, contentType: `${type}; version=${version}; charset=utf-8${parameter}` };
}

/** Source: RFC 9110, section 12.5.3. */
export function acceptsGzip(header: string | undefined): boolean {
  const codings = new Map(mediaRanges(header ?? '').map(({ type, quality }) => [type, quality > 0]));
  return codings.get('gzip') ?? codings.get('*') ?? false;
}

function mediaRanges(header: string): Range[] {
  return header
    .toLowerCase()
    .split(',')
    .map((part) => {
      const [type = '', ...rest] = part.split(';').map((each) => each.trim());
      const parameters = new Map(rest.map((each) => splitParameter(each)));
      const quality = Number(parameters.get('q') ?? 1);
      return { type, parameters, quality: quality >= 0 && quality <= 1 ? quality : 0 };
    });
}

function splitParameter(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=', 2).map((each) => each.trim());
  return [name, value.replace(/^"(.*)"$/, '$1')];
}

function hasVersion(...known: string[]): (range: Range) => boolean {
  return ({ parameters }) => {
    const version = parameters.get('version');
    return version === undefined || known.includes(version);
  };
}

function escapingOf(range: Range | undefined): Escaping {
  const asked = range?.parameters.get('escaping');
  return asked === 'allow-utf-8' || asked === 'dots' || asked === 'values' ? asked : 'underscores';
}
