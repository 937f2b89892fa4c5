import { expect, it } from 'vitest';
import type { PageFormat } from './pageFormat.ts';
import { pageFormatOf } from './pageFormat.ts';
import { pageTrouble, parsePage, readPage } from './parsePage.ts';

const text = (...lines: string[]) => readPage(`${lines.join('\n')}\n`, { format: 'text' });
const open = (...lines: string[]) => readPage(`${[...lines, '# EOF'].join('\n')}\n`, { format: 'openmetrics' });

it('reads the families of the text format', () => {
  const { series, problems } = text(
    '# HELP jobs_total Jobs, \\\\ and \\n.',
    '# TYPE jobs_total counter',
    'jobs_total{queue="a b",path="C:\\\\x \\"y\\"\\n"} 3 1700000000000',
    'jobs_total 4e2',
    '',
    '# a comment',
    '# TYPE load gauge',
    'load -Inf',
    '# TYPE wait_seconds histogram',
    'wait_seconds_bucket{le="1",queue="a"} 2',
    'wait_seconds_bucket{queue="a",le="+Inf"} 5',
    'wait_seconds_sum{queue="a"} 7.5',
    'wait_seconds_count{queue="a"} 5',
    '# TYPE size summary',
    'size{quantile="0.5"} 1',
    'size{quantile="0.99",} NaN',
    'size_sum 10',
    'size_count 4',
    '# TYPE thing untyped',
    '  thing\t{ a = "b" , }  1  ',
    'bare_value +Inf',
  );
  expect(problems).toEqual([]);
  expect(series).toEqual([
    {
      name: 'jobs_total',
      type: 'counter',
      points: [
        { labels: { path: 'C:\\x "y"\n', queue: 'a b' }, value: 3, exemplars: 0 },
        { labels: {}, value: 400, exemplars: 0 },
      ],
    },
    { name: 'load', type: 'gauge', points: [{ labels: {}, value: -Infinity, exemplars: 0 }] },
    { name: 'wait_seconds', type: 'histogram', points: [{ labels: { queue: 'a' }, value: 5, sum: 7.5, exemplars: 0 }] },
    { name: 'size', type: 'summary', points: [{ labels: {}, value: 4, sum: 10, exemplars: 0 }] },
    { name: 'thing', type: 'unknown', points: [{ labels: { a: 'b' }, value: 1, exemplars: 0 }] },
    { name: 'bare_value', type: 'unknown', points: [{ labels: {}, value: Infinity, exemplars: 0 }] },
  ]);
});

it('reads the families of OpenMetrics under the names of their series, and counts exemplars', () => {
  const { series, problems, format } = open(
    '# TYPE jobs_seconds counter',
    '# UNIT jobs_seconds seconds',
    '# HELP jobs_seconds Time.',
    'jobs_seconds_total{queue="a"} 3.0 1700000000.123 # {trace_id="0af7",span_id="b7ad"} 0.5 1700000000.1',
    'jobs_seconds_created{queue="a"} 1700000000.0',
    '# TYPE wait histogram',
    'wait_bucket{le="1.0"} 2 # {trace_id="0af7"} 0.5',
    'wait_bucket{le="+Inf"} 5 # {} 2.0',
    'wait_sum 7.5',
    'wait_count 5',
    '# TYPE depth gaugehistogram',
    'depth_bucket{le="+Inf"} 2',
    'depth_gcount 2',
    'depth_gsum -1',
    '# TYPE target info',
    'target_info{service="x"} 1',
    '# TYPE mode stateset',
    'mode{mode="on"} 1',
    'mode{mode="off"} 0',
    '# TYPE size summary',
    'size{quantile="0.5"} 1',
    '# TYPE thing unknown',
    'thing 1',
  );
  expect(problems).toEqual([]);
  expect(format).toBe('openmetrics');
  expect(series).toEqual([
    {
      name: 'jobs_seconds_total',
      type: 'counter',
      unit: 'seconds',
      points: [{ labels: { queue: 'a' }, value: 3, exemplars: 1 }],
    },
    { name: 'wait', type: 'histogram', points: [{ labels: {}, value: 5, sum: 7.5, exemplars: 2 }] },
    { name: 'depth', type: 'gaugehistogram', points: [{ labels: {}, value: 2, sum: -1, exemplars: 0 }] },
    { name: 'target_info', type: 'info', points: [{ labels: { service: 'x' }, value: 1, exemplars: 0 }] },
    {
      name: 'mode',
      type: 'stateset',
      points: [
        { labels: { mode: 'on' }, value: 1, exemplars: 0 },
        { labels: { mode: 'off' }, value: 0, exemplars: 0 },
      ],
    },
    // Quantiles alone have no count.
    { name: 'size', type: 'summary', points: [{ labels: {}, value: Number.NaN, exemplars: 0 }] },
    { name: 'thing', type: 'unknown', points: [{ labels: {}, value: 1, exemplars: 0 }] },
  ]);
});

it('reads names of any characters in quotes, in both formats', () => {
  const lines = ['# TYPE "http.requests" gauge', '{"http.requests","a.b"="é",c="d"} 1'];
  const expected = [{ name: 'http.requests', labels: { 'a.b': 'é', c: 'd' } }];
  for (const page of [text(...lines), open(...lines)]) {
    expect(page.problems).toEqual([]);
    expect(page.series.map(({ name, points }) => ({ name, labels: points[0]?.labels }))).toEqual(expected);
  }
});

it('keeps a label named as a part of objects, and leaves out a label without a value', () => {
  const [family] = text('x{__proto__="a",empty=""} 1').series;
  expect(Object.entries(family?.points[0]?.labels ?? {})).toEqual([['__proto__', 'a']]);
});

it('takes the value with the latest timestamp', () => {
  const { series, problems } = text('x 1 1000', 'x 2 2000');
  expect([series[0]?.points[0]?.value, problems]).toEqual([2, []]);
});

it('takes the lines of a family together that are apart in the text format', () => {
  const page = text('# TYPE h histogram', 'h_bucket{le="+Inf"} 1', 'x 1', 'h_sum 2', 'h_count 1');
  expect(page.problems).toEqual([]);
  expect(page.series.map(({ name }) => name)).toEqual(['h', 'x']);
});

const manyLabels = Array.from({ length: 129 }, (_, k) => `l${k}="x"`).join();

const badLines: [PageFormat | 'both', string, string][] = [
  ['both', '9x 1', 'it does not begin with a name'],
  ['both', '{a="b"} 1', 'it does not begin with a name'],
  ['both', 'x{"y",a="b"} 1', 'it has two names'],
  ['both', 'x', 'it has no value'],
  ['both', 'x one', 'its value "one" is not a number'],
  ['both', 'x 1_000', 'its value "1_000" is not a number'],
  ['both', 'x 0x10', 'its value "0x10" is not a number'],
  ['both', 'x 1e', 'its value "1e" is not a number'],
  ['both', 'x 1 yesterday', 'its timestamp "yesterday" is not a number'],
  ['both', 'x 1 NaN', 'its timestamp is not a finite number'],
  ['text', 'x 1 1.5', 'its timestamp is not in whole milliseconds'],
  ['both', 'x 1 2 3', '"3" is after its end'],
  ['both', 'x{a="b" 1', '"," is missing before'],
  ['both', 'x{a="b"', '"," is missing before ""'],
  ['both', 'x{a} 1', '"=" is missing before'],
  ['both', 'x{a=b} 1', 'the label a has no value in quotes'],
  ['both', 'x{a="b} 1', 'the label a has no value in quotes'],
  ['both', 'x{a="b",a="c"} 1', 'the label a is there twice'],
  ['both', 'x{a="\\t"} 1', '\\t is not an escape'],
  ['both', 'x{9="b"} 1', '"9="b"} 1" is not a label'],
  ['both', `x{${manyLabels}} 1`, 'it has more than 128 labels'],
  ['both', `x{a="${'b'.repeat(70_000)}"} 1`, 'it has more than 65536 characters'],
  ['text', 'x 1 # {trace_id="a"} 1', 'it has an exemplar, which only OpenMetrics has'],
  ['both', '# TYPE x histogramm', 'the type "histogramm" is not one of counter, gauge'],
  ['text', '# TYPE x info', 'the type "info" is not one of'],
  ['openmetrics', '# TYPE x untyped', 'the type "untyped" is not one of'],
  ['both', '# TYPE x', 'the type "" is not one of'],
  ['both', '# TYPE', 'it has no valid name'],
  ['both', '# TYPE 9x gauge', 'it has no valid name'],
  ['both', '# TYPE a-b gauge', 'it has no valid name'],
  ['openmetrics', '# a comment', 'OpenMetrics has no comments'],
  ['openmetrics', '', 'OpenMetrics has no empty lines'],
  ['openmetrics', 'x  1', 'it has no value'],
  ['openmetrics', 'x 1 ', 'it ends with a space'],
  ['openmetrics', ' x 1', 'it does not begin with a name'],
  ['openmetrics', '# UNIT x seconds', 'x does not end with its unit "seconds"'],
  ['openmetrics', 'x 1 # {a="b"} 1', 'an exemplar is not allowed on a unknown'],
  ['openmetrics', 'x 1 # {"n",a="b"} 1', 'its exemplar has a name'],
  ['openmetrics', 'x 1 # {a="b"}', 'it has no value of the exemplar'],
  ['openmetrics', `x 1 # {a="${'b'.repeat(128)}"} 1`, 'its exemplar has more than 128 characters of labels'],
];

it.each(badLines)('names the line that is wrong, and reads the others: %s, %s', (format, line, why) => {
  for (const each of format === 'both' ? (['text', 'openmetrics'] as const) : [format]) {
    const { series, problems } = (each === 'text' ? text : open)('before 1', line, 'after 2');
    expect(problems).toEqual([{ line: 2, why: expect.stringContaining(why) }]);
    expect(series.map(({ name }) => name)).toEqual(['before', 'after']);
  }
});

const badPages: [PageFormat | 'both', string[], string][] = [
  ['both', ['x 1', 'x 1'], 'line 2: the series is there already'],
  ['both', ['x{a="1",b="2"} 1', 'x{b="2",a="1"} 1'], 'line 2: the series is there already'],
  ['both', ['x 1', 'x{a=""} 1'], 'line 2: the series is there already'],
  ['both', ['x 1 5', 'x 1 4'], 'line 2: the series is there already'],
  ['both', ['# TYPE x gauge', '# TYPE x gauge'], 'line 2: x has a second TYPE'],
  ['both', ['# HELP x a', '# HELP x b'], 'line 2: x has a second HELP'],
  ['both', ['x 1', '# TYPE x gauge'], 'line 2: the TYPE of x comes after its samples'],
  ['openmetrics', ['x 1', 'y 1', 'x{a="b"} 1'], 'line 3: the lines of x are not together'],
  ['openmetrics', ['# TYPE x counter', 'x 1'], 'line 2: x does not belong to the counter x'],
  ['openmetrics', ['# TYPE x counter', 'x_total -1'], 'line 2: a count is not -1'],
  ['openmetrics', ['# TYPE x counter', 'x_total NaN'], 'line 2: a count is not NaN'],
  ['openmetrics', ['# TYPE x info', 'x_info 2'], 'line 2: the value of an info is 1'],
  ['openmetrics', ['# TYPE x stateset', 'x{x="a"} 2'], 'line 2: the value of a state is 0 or 1'],
  ['openmetrics', ['# TYPE x stateset', 'x 1'], 'line 2: a state has the label x'],
  ['both', ['# TYPE x histogram', 'x_bucket 1'], 'line 2: a bucket has a number as its label le'],
  ['both', ['# TYPE x histogram', 'x_bucket{le="a"} 1'], 'line 2: a bucket has a number as its label le'],
  ['both', ['# TYPE x histogram', 'x_sum 1', 'x_count 1'], 'x has a histogram without the bucket le="+Inf"'],
  ['both', ['# TYPE x histogram', 'x_bucket{le="+Inf"} 1', 'x_count 2'], 'whose bucket le="+Inf" is not its count'],
  [
    'both',
    ['# TYPE x histogram', 'x_bucket{le="1"} 1', 'x_bucket{le="1.0"} 1', 'x_bucket{le="+Inf"} 1'],
    'line 3: the series is there already',
  ],
  [
    'openmetrics',
    ['# TYPE x histogram', 'x_bucket{le="2.0"} 1', 'x_bucket{le="1.0"} 1', 'x_bucket{le="+Inf"} 1'],
    'line 3: the buckets of a histogram have rising bounds',
  ],
  [
    'openmetrics',
    ['# TYPE x histogram', 'x_bucket{le="1.0"} 2', 'x_bucket{le="+Inf"} 1'],
    'line 3: a bucket of a histogram has at least the count of the bucket below it',
  ],
  ['both', ['# TYPE x summary', 'x 1'], 'line 2: a quantile has a number as its label quantile'],
  ['openmetrics', ['# TYPE x counter', 'x_total 1', '# TYPE x_total gauge'], 'x_total is a name of x_total and of x'],
  ['openmetrics', ['# TYPE x_sum gauge', '# TYPE x histogram'], 'x_sum is a name of x and of x_sum'],
  [
    'openmetrics',
    ['# TYPE x histogram', 'x_bucket{le="+Inf"} 1', 'x_sum 1'],
    'x has a histogram with a sum or a count, and not both',
  ],
  ['openmetrics', ['x{__a="b"} 1'], 'line 1: the label __a is reserved'],
  ['openmetrics', ['# EOF', 'x 1'], 'line 2: it comes after # EOF'],
];

it.each(badPages)('refuses what makes a page ambiguous: %s, %j', (format, lines, why) => {
  for (const each of format === 'both' ? (['text', 'openmetrics'] as const) : [format]) {
    expect(pageTrouble((each === 'text' ? text : open)(...lines))).toContain(why);
  }
});

it.each([
  ['openmetrics', 'x 1\n', 'line 1: the page is cut short: it has no # EOF'],
  ['openmetrics', '', 'the page is cut short: it has no # EOF'],
  ['text', 'x 1\ny 12', 'line 2: the page is cut short: its last line has no line feed'],
] as const)('sees that a page is cut short: %s, %j', (format, page, why) => {
  expect(pageTrouble(readPage(page, { format }))).toContain(why);
  expect(() => parsePage(page, { format })).toThrow(why);
});

it('reads an empty page of the text format', () => {
  expect(parsePage('')).toEqual([]);
});

it.each([
  ['x 1\n', 'text'],
  ['x 1\n# EOF\n', 'openmetrics'],
  ['# TYPE x unknown\n', 'openmetrics'],
  ['# TYPE x_total counter\nx_total 1\n', 'text'],
  ['# TYPE x counter\nx_total 1 # {trace_id="a"} 1\n', 'openmetrics'],
  ['x{a="b # {"} 1\n', 'openmetrics'],
])('guesses the format of a page that comes without one: %j', (page, format) => {
  expect(readPage(page).format).toBe(format);
});

it.each([
  ['application/openmetrics-text; version=1.0.0; charset=utf-8', 'openmetrics'],
  ['Text/Plain;version=0.0.4', 'text'],
  ['text/html', undefined],
  ['application/vnd.google.protobuf', undefined],
  ['', undefined],
  [null, undefined],
])('reads the format in a Content-Type: %j', (type, format) => {
  expect(pageFormatOf(type)).toBe(format);
});

it('keeps series up to its bounds, and counts the samples beyond', () => {
  const lines = Array.from({ length: 30 }, (_, k) => `x{k="${k}"} 1\n`).join('');
  const byPoints = readPage(lines, { format: 'text', bounds: { points: 10 } });
  expect([byPoints.series[0]?.points.length, byPoints.droppedSamples]).toEqual([10, 20]);
  const bySamples = readPage(lines, { format: 'text', bounds: { samples: 25 } });
  expect([bySamples.series[0]?.points.length, bySamples.droppedSamples]).toEqual([25, 5]);
  expect(() => parsePage(lines, { bounds: { points: 10 } })).toThrow('20 samples beyond the bound');
});

it('names the first 100 mistakes and counts the others', () => {
  const page = text(...Array.from({ length: 150 }, () => '9 9'));
  expect([page.problems.length, page.problemCount]).toEqual([100, 150]);
  expect(pageTrouble(page)).toContain('line 1: it does not begin with a name, and 149 further mistakes');
});

it('takes time in proportion to a hostile line', () => {
  const { problemCount } = text(
    `x{a="${'\\\\'.repeat(32_000)}`,
    `x{a="${'"'.repeat(60_000)}`,
    `${'x'.repeat(65_000)}{`,
  );
  expect(problemCount).toBe(3);
});
