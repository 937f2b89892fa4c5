import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, test } from 'vitest';
import { probed } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../snapshot/runSnapshot.ts';

const sample = fileURLToPath(new URL('../../../../data/sample', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'benchlab-snapshot-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), 'utf8');
writeFileSync(at('empty.jsonl'), '');
writeFileSync(at('bad.jsonl'), 'no line of ours\n');

it('writes a report, a picture and rows of one reading, with the figures of the terminal', async () => {
  const outs = ['r.html', 'r.svg', 'r.csv'].flatMap((name) => ['--out', at(name)]);
  const { code, err } = await probed('snapshot', '--input', sample, ...outs, '--baseline', sample);
  expect([code, err]).toEqual([0, '']);
  const terminal = await probed('tui', '--input', sample, '--snapshot', 'csv');
  expect(text('r.csv').replaceAll('\r\n', '\n')).toBe(terminal.out);
  const plain = await probed('tui', '--input', sample, '--once', '--json');
  const [first] = (JSON.parse(plain.out) as { series: { p95: { value: number } }[] }).series;
  const p95 = `p95 ${first?.p95.value.toFixed(0)} ms`;
  expect(text('r.svg')).toContain(p95);
  expect(text('r.html')).toContain(`<title>ingress → encoded on local: ${p95}`);
  expect(text('r.html')).toContain('(n ');
});

it('writes a PNG of the size of the picture, or states what is missing for it', async () => {
  const { code, err } = await probed('snapshot', '--input', sample, '--out', at('r.png'));
  if (code === 0) {
    const png = readFileSync(at('r.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1600, 800]);
    // Texts are in it, not the ground and the curves alone.
    expect(png.length).toBeGreaterThan(20_000);
  } else {
    expect(code).toBe(97);
    expect(err).toMatch(/PNG needs (a font|the package).*\.svg or \.html/s);
  }
});

it('shows the steps of a flow with their texts', async () => {
  const flow = fileURLToPath(new URL('../../../../configs/flows/clinic.yaml', import.meta.url));
  const stage = (seconds: number, name: string) =>
    `${JSON.stringify({ ts_ns: seconds * 1e9, source: 'flow', kv: { stage: name } })}\n`;
  writeFileSync(at('flow.jsonl'), stage(1, 'flow:retina_capture') + stage(2, 'flow:voice_capture'));
  const { code, err } = await probed('snapshot', '--input', at('flow.jsonl'), '--flow', flow, '--out', at('f.html'));
  expect([code, err]).toEqual([0, '']);
  expect(text('f.html')).toMatch(
    /Flow member_biomarker_journey.*Look into the viewer; blink twice, hold steady\..*done.*voice_capture.*running/s,
  );
});

test.each([
  ['a flow that is not there', ['--out', at('a.html'), '--flow', at('no.yaml')], /The flow .*no\.yaml cannot be read/],
  ['no file', [], /--out is undefined.*\.html, \.svg, \.png, \.csv/],
  ['a form that there is not', ['--out', 'a.htm'], /--out is "a\.htm".*Did you mean \.html/],
  ['a folder that is not there', ['--out', '/no/folder/a.html'], /--out \/no\/folder\/a\.html cannot be written/],
  ['another window', ['--out', at('a.html'), '--window', '2m'], /--window.*30s, 1m, 5m, 15m, all/],
  ['a theme that there is not', ['--out', at('a.html'), '--theme', 'drak'], /dark/],
  ['two baselines', ['--out', at('a.html'), '--baseline', sample, '--baseline', sample], /--baseline.*once/],
])('refuses %s with exit code 2', async (_what, args, message) => {
  const { code, err } = await probed('snapshot', '--input', sample, ...args);
  expect(err).toMatch(message);
  expect(code).toBe(2);
});

test('an input without a line is inconclusive, and one that cannot be read is trouble; neither leaves a file', async () => {
  const into = ['--out', at('n.html')];
  expect((await probed('snapshot', '--input', at('empty.jsonl'), ...into)).code).toBe(98);
  const bad = await probed('snapshot', '--input', at('bad.jsonl'), ...into);
  expect([bad.code, bad.err]).toEqual([98, expect.stringContaining('1 line refused')]);
  const none = await probed('snapshot', '--input', at('none.jsonl'), ...into);
  expect([none.code, none.err]).toEqual([97, expect.stringContaining('none.jsonl')]);
  expect(existsSync(at('n.html'))).toBe(false);
});
