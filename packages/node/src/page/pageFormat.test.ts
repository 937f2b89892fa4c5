import { describe, expect, it } from 'vitest';
import { acceptsGzip, pageFormat } from './pageFormat.ts';

const text = 'text/plain; version=0.0.4; charset=utf-8';
const open = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
/** The default Accept header of Prometheus 3. */
const prometheus3 = [
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6',
  'application/openmetrics-text;version=0.0.1;q=0.5',
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4',
  'text/plain;version=0.0.4;q=0.3',
  '*/*;q=0.2',
].join();

describe('pageFormat', () => {
  it.each([
    ['nothing', undefined, text],
    ['an empty header', '', text],
    ['curl', '*/*', text],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', text],
    ['Prometheus 3', prometheus3, open],
    ['OpenMetrics of any version', 'application/openmetrics-text', open],
    ['OpenMetrics in quotes and capitals', 'Application/OpenMetrics-Text; Version="1.0.0"', open],
    ['a version that is not here', 'application/openmetrics-text;version=0.0.1', text],
    ['text rather than OpenMetrics', 'application/openmetrics-text;q=0.5,text/plain', text],
    ['OpenMetrics rather than text', 'text/plain;q=0.5,application/openmetrics-text;q=0.51', open],
    ['both alike, OpenMetrics first', 'application/openmetrics-text,text/plain', open],
    ['both alike, text first', 'text/plain,application/openmetrics-text', text],
    ['anything but OpenMetrics', 'application/openmetrics-text;q=0,*/*;q=0.1', text],
    ['anything but text', 'text/plain;q=0,*/*,application/openmetrics-text;q=0.1', open],
    ['what the page cannot be', 'application/json', text],
    ['nonsense for a weight', 'application/openmetrics-text;q=much,text/plain;q=0.1', text],
    ['garbage', ';;,=,/;q', text],
  ])('answers a request for %s in its format', (_what, accept, contentType) => {
    expect(pageFormat(accept, false).contentType).toBe(contentType);
  });

  it.each([
    ['Prometheus 3', prometheus3, `${open}; escaping=allow-utf-8`],
    [
      'the newer text',
      'text/plain;version=1.0.0;escaping=allow-utf-8',
      'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    ],
    ['names with dots spelled out', 'text/plain;version=0.0.4;escaping=dots', `${text}; escaping=dots`],
    ['names with values', 'application/openmetrics-text;escaping=values', `${open}; escaping=values`],
    ['a scheme that is not known', 'text/plain;escaping=rot13', `${text}; escaping=underscores`],
    ['nothing', undefined, `${text}; escaping=underscores`],
  ])(
    'where names may have dots, answers a request for %s with names that the scraper can read',
    (_what, accept, contentType) => {
      expect(pageFormat(accept, true).contentType).toBe(contentType);
    },
  );
});

it.each([
  ['gzip, deflate', true],
  ['gzip;q=0, *', false],
  [undefined, false],
])('accept-encoding %s takes gzip: %s', (header, takes) => {
  expect(acceptsGzip(header)).toBe(takes);
});
