// `sessions` on folders, in this process.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    mkdirSync(join(folder, 'empty'));
    const { code, err } = await sessions('align', join(folder, 'empty'));

    expect(code).toBe(2);
    expect(err).toContain('Name the folder of a session, which has raw/*.jsonl.');
  });
});

describe('a session of the data root', () => {
  const inRoot = (...args: string[]): Promise<Ended> =>
    startProbe(['sessions', ...args], { environment: { BENCHLAB_DATA_ROOT: folder } }).ended;
  beforeEach(() => {
    cpSync(sample, join(folder, 'sessions/warm-1'), { recursive: true });
    cpSync(sample, join(folder, 'sessions/warm-2'), { recursive: true });
  });

  it.each([
    ['by its name', ['show', 'warm-1']],
    ['by a pattern of names', ['show', 'warm-*']],
    ['as one of two groups', ['compare', 'warm-1', '--', 'warm-2']],
    ['when it is repaired', ['repair', 'warm-1']],
  ])('is found %s', async (_, args) => {
    const { code, err } = await inRoot(...args);

    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('may be named by its folder and by its name in one command', async () => {
    const { out } = await inRoot('show', join(folder, 'sessions', 'warm-1'), 'warm-1');

    expect(out.match(/^.*warm-1: 4 events/gm)).toHaveLength(2);
  });

  it('that is not there is refused with the word as it was written', async () => {
    const { code, err } = await inRoot('show', 'warm-3');

    expect(code).toBe(2);
    expect(err).toContain('warm-3/raw cannot be read');
  });
});

describe('sessions show', () => {
  it('prints a table', async () => {
    const { code, out } = await sessions('show', session);

    expect(code).toBe(0);
    expect(out).toBe(`${session}: 4 events, 2 power samples
from → to          frames  dropped     p50     p95     p99     max  J/frame  with energy
ingress → encoded       2        0  100 ms  180 ms  180 ms  180 ms     24.1         50 %
ingress → encoded: worst 180 ms at 1.000 s, 100 ms at 0.000 s
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

describe('sessions show of a part and of many', () => {
  it('counts the frames that entered from --from to --to, and pairs them over the whole session', async () => {
    const { out } = await sessions('show', session, '--json', '--from', '50ms', '--to', '10s');

    expect(JSON.parse(out).sessions[0].pairs).toMatchObject([
      { frames: 1, dropped: 0, unmatched: 0, p50Ms: 180, worst: [{ latencyMs: 180 }] },
    ]);
  });

  it('refuses a part that ends before it begins', async () => {
    const { code, err } = await sessions('show', session, '--from', '2s', '--to', '1s');

    expect(code).toBe(2);
    expect(err).toContain('--to');
  });

  it.each([['.'], ['*'], ['s?mple'], ['../*/sam*']])(
    'takes a folder of sessions and a pattern: %s',
    async (pattern) => {
      cpSync(sample, join(folder, 'sampler'), { recursive: true });
      const { out, code } = await sessions('show', join(folder, pattern), '--json');
      const found = JSON.parse(out).sessions.map(({ folder: each }: { folder: string }) => each.split('/').at(-1));

      expect(code).toBe(0);
      expect(found.filter((name: string) => name.startsWith('sampl'))).toContain('sample');
      expect(found.includes('sampler')).toBe(pattern !== 's?mple');
    },
  );

  it('refuses a pattern that matches nothing', async () => {
    const { code, err } = await sessions('show', join(folder, 'nothing*'));

    expect(code).toBe(2);
    expect(err).toContain('No folder matches');
  });
});

describe('sessions compare', () => {
  /** Frames of 10 ms, alternating a little, for `n` frames of 30 Hz. */
  const recorded = (name: string, factor: number, n = 400) => {
    const path = join(folder, name);
    mkdirSync(join(path, 'raw'), { recursive: true });
    const lines = Array.from({ length: n }, (_, k) => {
      const at = k * 33e6;
      const line = (stage: string, timeNs: number) =>
        `{"ts_ns":${timeNs},"source":"pipeline","kv":{"stage":"${stage}","frame_id":${k}}}\n`;
      return line('in', at) + line('out', at + Math.round(factor * (10e6 + ((k * 7919) % 997) * 1e3)));
    });
    writeFileSync(join(path, 'raw/pipeline.jsonl'), lines.join(''));
    return path;
  };

  it('finds 15 % more, and states what one run each cannot show', async () => {
    const { code, out } = await sessions('compare', recorded('a', 1), '--', recorded('b', 1.15));

    expect(code).toBe(0);
    expect(out).toContain('in → out: 1 session before, 1 session after');
    expect(out).toMatch(/^p50 .* 1\.150 .*more$/m);
    expect(out).toMatch(/^dropped .*no difference found$/m);
    expect(out).toContain('J/frame: not in all sessions');
    expect(out).toContain('A group has one session: how much one run differs from the next is not in the intervals.');
  });

  it('prints one JSON object for groups of several', async () => {
    for (const name of ['old-1', 'old-2', 'new-1', 'new-2']) recorded(name, name.startsWith('new') ? 1.15 : 1);
    const { out } = await sessions('compare', '--json', join(folder, 'old-*'), '--', join(folder, 'new-*'));

    expect(JSON.parse(out).comparisons).toMatchObject([{ pair: ['in', 'out'], sessions: [2, 2], isWithinRuns: false }]);
  });

  it.each([[[]], [['--']], [['--', 'x']]])('refuses one group: %j', async (more) => {
    const { code, err } = await sessions('compare', session, ...more.slice(0, 1));

    expect(code).toBe(2);
    expect(err).toContain('There are not two groups of sessions.');
  });

  it('refuses groups without a common pair of stages', async () => {
    const { code, err } = await sessions('compare', session, '--', recorded('a', 1));

    expect(code).toBe(2);
    expect(err).toContain('have no pair of stages in common');
  });
});

describe('a session whose raw lines were removed', () => {
  beforeEach(async () => {
    await sessions('align', session);
    rmSync(join(session, 'raw'), { recursive: true });
  });

  it('is shown and exported from its rows', async () => {
    const shown = await sessions('show', session);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain(`${session}: rows alone, the raw lines were removed\n`);
    expect(shown.out).toMatch(/^ingress → encoded +2 +– +100 ms/m);
    const { sessions: read } = JSON.parse((await sessions('show', session, '--json')).out);
    expect(read).toMatchObject([{ isRowsAlone: true, pairs: [{ frames: 2 }] }]);
    expect(read[0].pairs[0]).not.toHaveProperty('dropped');
    expect((await sessions('export', session)).out).toContain('ingress_to_encoded.csv: 2 frames');
    expect((await sessions('export', session, '--format', 'trace')).code).toBe(0);
  });

  it('keeps its rows: they cannot be made again', async () => {
    const before = read('aligned/latency.jsonl');
    const { code, out } = await sessions('align', session);
    expect(code).toBe(0);
    expect(out).toBe(`${session}: its raw lines were removed, and its rows stay as they are\n`);
    expect(read('aligned/latency.jsonl')).toBe(before);
  });
});

describe('sessions export', () => {
  it('of a session without two stages writes no file, and reports it', async () => {
    writeFileSync(join(session, 'raw/pipeline.jsonl'), '');
    const { code, out } = await sessions('export', session);

    expect({ code, out }).toEqual({ code: 0, out: `${session}: no two stages, so no file is written\n` });
  });

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

  it.each<[string, string, string]>([
    ['capframex-json', 'cx-export/ingress_to_encoded.json', '2 frames'],
    ['presentmon-v1', 'cx-export/ingress_to_encoded.presentmon.csv', '2 frames'],
    ['parquet', 'aligned/latency.parquet', '2 rows'],
    ['trace', 'aligned/trace.json', '2 frames, 11 sensors'],
  ])('writes %s', async (format, path, what) => {
    const { code, out } = await sessions('export', session, '--format', format);

    expect(code).toBe(0);
    expect(out).toBe(`${session}/${path}: ${what}\n`);
    expect(read(path).length).toBeGreaterThan(300);
  });

  it('the record of CapFrameX has all sensors of the sample', async () => {
    await sessions('export', session, '--format', 'capframex-json');
    const [run] = JSON.parse(read('cx-export/ingress_to_encoded.json')).Runs;

    expect(run.CaptureData.MsBetweenPresents).toEqual([100, 180]);
    expect(Object.keys(run.SensorData2 ?? {})).toEqual(expect.any(Array));
  });

  it('of several sessions the files in --out begin with their names', async () => {
    const other = join(folder, 'other');
    cpSync(sample, other, { recursive: true });
    const { out } = await sessions('export', session, other, '--format', 'seed', '--out', join(folder, 'cx'));

    expect(out.match(/[^/]+\.csv/g)).toEqual(['sample-ingress_to_encoded.csv', 'other-ingress_to_encoded.csv']);
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

describe('sessions import', () => {
  const csv = 'Application,Dropped,TimeInSeconds,MsBetweenPresents,New\ngame.exe,0,0.5,16.5,1\ngame.exe,0,0.517,17,1\n';

  it('makes a session that the other commands read, and names what it does not know', async () => {
    writeFileSync(join(folder, 'a capture.csv'), csv);
    const { code, out, err } = await sessions('import', join(folder, 'a capture.csv'), '--out', join(folder, 'in'));

    expect({ code, out }).toEqual({ code: 0, out: `${folder}/in/a_capture: 2 frames of PresentMon 1\n` });
    expect(err).toContain('a capture.csv: not read: the columns New\n');
    const shown = await sessions('show', join(folder, 'in/a_capture'), '--json');
    expect(JSON.parse(shown.out).sessions).toMatchObject([{ name: 'a_capture', pairs: [{ frames: 2, maxMs: 17 }] }]);
  });

  it('leaves a session alone that is there, and refuses what is not frames', async () => {
    writeFileSync(join(folder, 'sample.csv'), csv);
    writeFileSync(join(folder, 'x.csv'), 'a,b\n');
    const there = await sessions('import', join(folder, 'sample.csv'), '--out', folder);
    const other = await sessions('import', join(folder, 'x.csv'), '--out', folder);
    const missing = await sessions('import', join(folder, 'no.csv'), '--out', folder);

    expect([there.code, other.code, missing.code]).toEqual([2, 97, 2]);
    expect(there.err).toContain('exists.');
    expect(other.err).toContain('no line with the names of known columns');
  });

  it('ends with 97 where a row is wrong, with its place', async () => {
    writeFileSync(join(folder, 'a.csv'), `${csv}game.exe,0,x,y,1\n`);
    const { code, err } = await sessions('import', join(folder, 'a.csv'), '--out', join(folder, 'in'));

    expect(code).toBe(97);
    expect(err).toContain('refused: line 4: no time of a frame');
  });
});
