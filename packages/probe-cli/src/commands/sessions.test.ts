// `sessions` on folders, in this process.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, startProbe } from '../host/testHost.suite.ts';

const sample = fileURLToPath(new URL('../../../../data/sample', import.meta.url));
let folder: string;
let session: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-sessions-'));
  session = join(folder, 'sample');
  cpSync(sample, session, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const sessions = (...args: string[]): Promise<Ended> => startProbe(['sessions', ...args]).ended;
const read = (path: string) => readFileSync(join(session, path), 'utf8');

describe('sessions align', () => {
  it('gives the sample 100 ms at 240 W and 180 ms at 250 W, again and again the same bytes', async () => {
    const { code, out, err } = await sessions('align', session);
    const first = read('aligned/latency.jsonl');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`${session}/aligned/latency.jsonl: 2 rows, 2 with power, 2 rows paired by order of time\n`);
    expect(
      first
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      {
        ts_aligned_ns: 1_100_000_000,
        kv: { lat_ms: 100, pair: ['ingress', 'encoded'], power_w: 240, simulated: true },
      },
      { ts_aligned_ns: 2_180_000_000, kv: { lat_ms: 180, power_w: 250, pairing: 'fifo' } },
    ]);
    await sessions('align', session);
    expect(read('aligned/latency.jsonl')).toBe(first);
  });

  it('reads what is right of a session, reports the rest with its place, and ends with 97', async () => {
    writeFileSync(join(session, 'raw/extra.jsonl'), 'rubbish\u001b[31m\n');
    const { code, out, err } = await sessions('align', session);

    expect(code).toBe(97);
    expect(out).toContain('2 rows');
    expect(err).toBe(`benchlab-probe: ${session}: refused: raw/extra.jsonl line 1: not a JSON object\n`);
  });

  it('refuses a folder that is not a session', async () => {
    const { code, err } = await sessions('align', folder);

    expect(code).toBe(2);
    expect(err).toContain('Name the folder of a session, which has raw/*.jsonl.');
  });
});

describe('sessions show', () => {
  it('prints a table', async () => {
    const { code, out } = await sessions('show', session);

    expect(code).toBe(0);
    expect(out).toBe(`${session}: 4 events, 2 power samples
from → to          frames  dropped     p50     p95     p99     max  J/frame  with energy
ingress → encoded       2        0  100 ms  180 ms  180 ms  180 ms     24.1         50 %
ingress → encoded: 2 frames paired by order of time, wrong after a drop
ingress → encoded: simulated
`);
  });

  it('prints one JSON object for all sessions', async () => {
    const { out } = await sessions('show', session, session, '--json', '--window', '150ms');

    expect(JSON.parse(out)).toMatchObject({
      sessions: [
        { folder: session, name: null, events: 4, pairs: [{ frames: 1, dropped: 1, p50Ms: 100, simulated: true }] },
        { folder: session },
      ],
    });
  });
});

describe('sessions export', () => {
  it('writes a table for each pair, and warns of what CapFrameX would hide', async () => {
    const { code, out, err } = await sessions('export', session);

    expect(code).toBe(0);
    expect(out).toBe(`${session}/cx-export/ingress_to_encoded.csv: 2 frames\n`);
    expect(err).toMatch(/ingress_to_encoded\.csv: 2 frames are too few/);
    const lines = read('cx-export/ingress_to_encoded.csv').trimEnd().split('\n');
    expect(lines).toContain('//Comment=ingress to encoded; dropped: 0; simulated: true');
    expect(lines.slice(-2)).toEqual([
      '0.000000,100.000,0,Vantage:Pipeline,240.00,0.000,100.000,100.000',
      '1.080000,180.000,0,Vantage:Pipeline,250.00,1080.000,180.000,180.000',
    ]);
  });

  it('writes the five columns of the seed, where --out names the folder', async () => {
    const { out, err } = await sessions(
      'export',
      session,
      '--format',
      'seed',
      '--out',
      join(folder, 'cx'),
      '--application',
      'game.exe',
    );

    expect({ out, err }).toEqual({ out: `${folder}/cx/ingress_to_encoded.csv: 2 frames\n`, err: '' });
    expect(readFileSync(join(folder, 'cx/ingress_to_encoded.csv'), 'utf8')).toBe(
      `TimeInSeconds,MsBetweenPresents,Dropped,Application,Note_Power_W
0.000000,100.000,0,game.exe,240.00
1.080000,180.000,0,game.exe,250.00
`,
    );
  });

  it('keeps names of stages from leaving the folder, and from meeting in one file', async () => {
    const event = (stage: string, ms: number) => `${JSON.stringify({ timeNs: ms * 1e6, stage, frameId: '1' })}\n`;
    writeFileSync(join(session, 'raw/pipeline.jsonl'), event('../a', 1) + event('b c', 2) + event('b_c', 3));
    const { out } = await sessions('export', session, '--pair', '../a:b c', '--pair', '../a:b_c');

    expect(out.match(/[^/]+\.csv/g)).toEqual(['___a_to_b_c.csv', '___a_to_b_c-2.csv']);
  });

  it.each([
    ['--application', 'a,b', /--application is "a,b"/],
    ['--format', 'xml', /--format/],
    ['--frame-time', 'x', /--frame-time/],
    ['--pair', 'a', /Write two stages/],
    ['--window', 'soon', /--window/],
  ])('refuses %s %s, and writes nothing', async (flag, value, message) => {
    const { code, err } = await sessions('export', session, flag, value);

    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(() => read('cx-export/ingress_to_encoded.csv')).toThrow();
  });
});
