import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { maxProbeBytes, parseProbeFile } from './parseProbeFile.ts';

const path = 'probe.yaml';
const bytesOf = (text: string) => new TextEncoder().encode(text);

function findings(text: string): readonly string[] {
  const parsed = parseProbeFile(path, bytesOf(text));
  if ('file' in parsed) return [];
  return parsed.findings.map(({ line, column, message, fix }) => `${line}:${column ?? ''} ${message} ${fix}`);
}

function fileOf(text: string) {
  const parsed = parseProbeFile(path, bytesOf(text));
  if ('findings' in parsed) throw new Error(JSON.stringify(parsed.findings));
  return parsed.file;
}

/** Below `version: 1`, so that the first line of each text is line 2. */
function withVersion(text: string): readonly string[] {
  return findings(`version: 1\n${text}`);
}

describe('a file of expectations', () => {
  it('is read whole', () => {
    const file = fileOf(`version: 1
series:
  - name: orders_total
    labels: {shop: '*'}
    delta: 2
spans:
  - name: checkout
    count: < 3
    status: ok
    attributes: {order.id: string, paid: {oneOf: [true]}}
logs:
  - event: paid
    fields: {n: int}
budgets: [p95(checkout) < 250 ms, p95(checkout) < 1.05 x baseline]
baseline: {ref: main, warmup: 2, margin: 1.05}
energy: {calibration: rig.json, idle: 10s, allowSimulated: true}
`);

    expect(file).toMatchObject({
      path,
      expectations: {
        series: [{ name: 'orders_total', labels: { shop: '*' }, atLeast: 1, delta: { comparison: '==', limit: 2 } }],
        spans: [
          {
            name: 'checkout',
            count: { comparison: '<', limit: 3 },
            status: ['ok'],
            attributes: { 'order.id': { type: 'string' }, paid: { oneOf: [true] } },
          },
        ],
        logs: [{ event: 'paid', atLeast: 1, fields: { n: { type: 'int' } } }],
      },
      budgets: [{ text: 'p95(checkout) < 250 ms' }],
      relativeBudgets: ['p95(checkout) < 1.05 x baseline'],
      baseline: { ref: 'main', warmup: 2, margin: 1.05 },
      energy: { calibration: 'rig.json', idleMs: 10_000, allowSimulated: true },
    });
  });

  it('may use anchors and merge keys', () => {
    const file = fileOf('version: 1\nspans:\n  - &a {name: a, kind: server}\n  - {<<: *a, name: b}\n');

    expect(file.expectations.spans.map(({ name, kind }) => [name, kind])).toEqual([
      ['a', 'server'],
      ['b', 'server'],
    ]);
  });

  it('may have a byte order mark and CR LF', () => {
    expect(fileOf('\uFEFFversion: 1\r\nspans:\r\n  - name: a\r\n').expectations.spans).toHaveLength(1);
  });
});

describe('a mistake in the form has its place, what is allowed and the nearest name', () => {
  it.each([
    [
      'spanz: []',
      '2:1 The key "spanz" is not known in the file. The keys are version, series, spans, logs, budgets, baseline, energy. Did you mean spans?',
    ],
    [
      'spans:\n  - name: a\n    knd: server',
      '4:5 The key "knd" is not known in spans[0]. The keys are name, count, kind, status, parent, root, attributes, provenance. Did you mean kind?',
    ],
    [
      'spans:\n  - name: a\n    kind: servr',
      '4:11 spans[0].kind is "servr". It must be one of internal, server, client, producer, consumer. Did you mean server?',
    ],
    [
      'spans:\n  - kind: server',
      '3:5 spans[0].name is missing. It must be the name of a span: a text of 1 to 256 characters.',
    ],
    ['spans: 7', '2:8 spans is 7. It must be a list of spans, 0 to 1000 of them.'],
    ['spans:\n  - checkout', '3:5 spans[0] is "checkout". It must be a map with name.'],
    ['spans:\n  - name: 7', '3:11 spans[0].name is 7. It must be the name of a span'],
    ['spans:\n  - name:', '3:5 spans[0].name has no value. It must be the name of a span'],
    [
      "spans:\n  - {name: a, count: '> many'}",
      '3:22 spans[0].count is "> many". It must be a comparison with a number',
    ],
    ['spans:\n  - {name: a, count: true}', '3:22 spans[0].count is true. It must be a comparison'],
    ['spans:\n  - {name: a, count: .inf}', '3:22 spans[0].count is Infinity. It must be a comparison'],
    ['spans:\n  - {name: a, root: false}', '3:21 spans[0].root is false. It must be true, or left out.'],
    [
      'spans:\n  - {name: a, status: [ok, okay]}',
      '3:28 spans[0].status[1] is "okay". It must be one of unset, ok, error. Did you mean ok?',
    ],
    [
      'spans:\n  - {name: a, status: fine}',
      '3:23 spans[0].status is "fine". It must be one of unset, ok, error, or a list of them.',
    ],
    [
      'spans:\n  - {name: a, attributes: {n: integer}}',
      '3:31 spans[0].attributes.n is "integer". It must be string, int, number',
    ],
    ['spans:\n  - {name: a, attributes: {n: strin}}', 'Did you mean string?'],
    ['spans:\n  - {name: a, attributes: {n: 7}}', '3:31 spans[0].attributes.n is 7. It must be string, int'],
    [
      'spans:\n  - {name: a, attributes: {n: {typ: int}}}',
      '3:32 The key "typ" is not known in spans[0].attributes.n. The keys are type, pattern, oneOf. Did you mean type?',
    ],
    [
      'spans:\n  - {name: a, attributes: {n: {oneOf: []}}}',
      '3:39 spans[0].attributes.n.oneOf is a list of 0. It must be a list of values, 1 to 128 of them.',
    ],
    ['spans:\n  - {name: a, attributes: {n: {oneOf: [[1]]}}}', 'It must be a text, a number, true or false.'],
    [
      'spans:\n  - {name: a, attributes: [n]}',
      '3:27 spans[0].attributes is a list of 1. It must be a map of attributes, at most 128.',
    ],
    ['spans:\n  - {name: a, attributes: {__proto__: int}}', '3:28 The key "__proto__" cannot be used.'],
    ["spans:\n  - {name: a, attributes: {'': int}}", 'A key of spans[0].attributes is empty or too long.'],
    ['spans:\n  - {name: a, __proto__: {kind: server}}', '3:15 The key "__proto__" cannot be used.'],
    [
      'series:\n  - name: http.server.duration',
      '3:11 series[0].name is "http.server.duration". It must be a name of Prometheus (letters, digits, _ and :), as it stands on a page: http_requests_total. In Prometheus it begins with http_server_duration.',
    ],
    ['series:\n  - {name: a, type: count}', 'Did you mean'],
    [
      'series:\n  - {name: a, atLeast: 0}',
      '3:24 series[0].atLeast is 0. It must be how many label sets must be there: a whole number from 1 to 100000.',
    ],
    ['series:\n  - {name: a, atLeast: 1.5}', 'series[0].atLeast is 1.5.'],
    [
      'series:\n  - {name: a, labels: {port: 80}}',
      '3:30 series[0].labels.port is 80. It must be the value of a label, or *: a text',
    ],
    ['logs:\n  - name: a', '3:5 The key "name" is not known in logs[0]. The keys are event, atLeast, fields, within.'],
    ['budgets: [7]', '2:11 budgets[0] is 7. It must be a budget: a text of 1 to 1000 characters.'],
    [
      'spans: [{name: a}]\nbaseline: {ref: main, margin: 1}',
      '3:31 baseline.margin is 1. It must be a number above 1, up to 10.',
    ],
    [
      'spans: [{name: a}]\nenergy: {allowSimulated: maybe}',
      '3:26 energy.allowSimulated is "maybe". It must be true or false.',
    ],
  ])('%j', (text, message) => {
    expect(withVersion(text).join('\n')).toContain(message);
  });

  it('states all of them at once', () => {
    expect(withVersion('spans:\n  - {name: a, knd: 1}\n  - {nam: b}\nlog: []')).toHaveLength(4);
  });

  it.each([
    ['spans: []', 'version is missing. It must be 1.'],
    ['version: 2\nspans: [{name: a}]', '1:10 version is 2. It must be 1.'],
    ['[a]', '1:1 The file is a list of 1. It must be a map with version'],
    ['hello', '1:1 The file is "hello". It must be a map with version'],
  ])('%j', (text, message) => {
    expect(findings(text).join('\n')).toContain(message);
  });
});

describe('a mistake that a schema cannot find has its place, too', () => {
  it.each([
    ['', '1:1 The file asks for nothing.'],
    [
      'spans: []',
      'The file asks for nothing. Write version: 1, and series, spans, logs or budgets; benchlab-probe init writes a file.',
    ],
    ['budgets:\n  - p96(a) < 1 s', '3:5 Budget "p96(a) < 1 s" cannot be read. There is no function "p96"'],
    [
      "budgets:\n  - 'count(a) < baseline'",
      '3:5 Budget "count(a) < baseline" cannot be read. "count" is not compared with a baseline: use p50',
    ],
    ['spans: [{name: a}]\nenergy: {idle: soon}', '3:16 The time cannot be read. Write a number above 0'],
    ['spans: [{name: a}]\nenergy: {idle: 1h}', 'Write a time from 1s to 10m'],
    [
      "spans:\n  - {name: a, attributes: {n: {pattern: '('}}}",
      '3:41 spans[0].attributes.n.pattern: Invalid regular expression',
    ],
    [
      "spans:\n  - {name: a, attributes: {n: {type: int, pattern: 'a'}}}",
      'A value of type int matches no pattern. Remove the pattern, or write type: string.',
    ],
    ['spans:\n  - {name: a, parent: b, root: true}', '3:26 spans[0] has both parent and root. Keep one of the two.'],
    ['spans:\n  - {name: a, count: 0, kind: server}', '3:25 spans[0] asks for no span, and for kind of it.'],
    ['spans:\n  - {name: a, count: 1.5}', '3:15 No count is 1.5.'],
    ["spans:\n  - {name: a, count: '< 0'}", 'No count is < 0.'],
    ['series:\n  - {name: a, type: gauge, delta: 1}', '3:28 A series of type gauge has no delta.'],
    ['spans: [{name: a}, {name: a}]', 'spans[1] asks for the same as spans[0]. Join the two entries, or remove one.'],
    [
      'series: [{name: a, labels: {x: y, b: c}}, {name: a, labels: {b: c, x: y}}]',
      'series[1] asks for the same as series[0].',
    ],
    ['logs: [{event: a}, {event: a}]', 'logs[1] asks for the same'],
    ['spans: [{name: a}]\nbaseline: {warmup: 1}', 'baseline names nothing to compare with.'],
    ['spans: [{name: a}]\nbaseline: {ref: main, command: node old.js}', '3:12 baseline has both command and ref.'],
  ])('%j', (text, message) => {
    expect(withVersion(text).join('\n')).toContain(message);
  });
});

describe('a text that is not such a file', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((name, at) => `${name}: &${name} [${`*${'abcdefg'[at]},`.repeat(10)}]`),
  ];

  it.each([
    ['is empty', '', 'The file is empty.'],
    ['has only comments', '# nothing\n', '1: The file has no content.'],
    [
      'has two documents',
      'version: 1\nspans: [{name: a}]\n---\nversion: 1\n',
      '4:1 The file has more than one document.',
    ],
    ['is not YAML', 'spans: [\n', 'This is not YAML'],
    ['has a tab', 'spans:\n\t- name: a\n', '2:1 The line is indented with a tab.'],
    ['has a key twice', 'version: 1\nversion: 1\n', '2:1 The key stands in this map twice.'],
    ['has an alias without an anchor', 'version: *x\n', '1:10 This is not YAML: no anchor of this name'],
    ['has aliases that unfold without end', bomb.join('\n'), 'unfold to more values'],
    ['is nested too deep', `a: ${'['.repeat(500)}`, 'nested more than 200 levels deep'],
    ['is binary', 'version: 1\0', 'The file has zero bytes'],
    ['is too large', ' '.repeat(maxProbeBytes + 1), 'The file has more than 1 MiB.'],
  ])('%s', (_, text, message) => {
    expect(findings(text).join('\n')).toContain(message);
  });

  it('is not UTF-8', () => {
    const parsed = parseProbeFile(path, Uint8Array.of(0x61, 0xff));

    expect('findings' in parsed && parsed.findings[0]?.message).toBe('The file is not UTF-8.');
  });
});

it('a file that is cut, doubled or filled with other characters at any place is read or refused, and never an error of the reader', () => {
  const text = readFileSync(new URL('cases/pipeline.yaml', import.meta.url), 'utf8');
  const pieces = [
    '',
    '[',
    '{',
    '}',
    ':',
    '- ',
    '\n',
    '*x',
    '&x ',
    '!!int ',
    '? ',
    '|',
    '"',
    '~',
    '\u0000',
    '__proto__: 1',
    '9'.repeat(400),
  ];
  const refused = Array.from({ length: 340 }, (_, index) => {
    const at = (index * 7919) % text.length;
    const piece = pieces[index % pieces.length] ?? '';
    const changed = index % 2 === 0 ? text.slice(0, at) + piece : text.slice(0, at) + piece + text.slice(at + 3);
    const parsed = parseProbeFile(path, bytesOf(changed));
    return 'findings' in parsed ? parsed.findings.length : 0;
  });

  expect(refused.filter((count) => count > 0).length).toBeGreaterThan(100);
});

it('the published JSON Schema accepts the example, and refuses what the command refuses', () => {
  const read = (file: string) => readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8');
  const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(read('../../schema/probe.schema.json')));

  expect(isValid(parse(read('cases/pipeline.yaml')))).toBe(true);
  expect(isValid({ version: 1, spans: [{ name: 'a', knd: 'server' }] })).toBe(false);
  expect(isValid({ version: 1, spans: [{ name: 'a', attributes: { n: 'integer' } }] })).toBe(false);
  expect(isValid({ spans: [{ name: 'a' }] })).toBe(false);
});
