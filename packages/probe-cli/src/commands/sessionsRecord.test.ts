// `sessions record`, `mark`, `ls`, `repair`, `prune`, `pin` in this process.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { systemClock } from '@benchlab-otel/core';
import { simulatedSource } from '@benchlab-otel/core/testing';
import { rawClock } from '@benchlab-otel/hw-receivers';
import { SampleBus } from '@benchlab-otel/wire';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandHost } from '../host/commandHost.ts';
import { type Ended, startProbe } from '../host/testHost.suite.ts';
// What the command loads by itself takes long: it is loaded before the time of a test counts.
import '../sessions/record/recordSession.ts';

let dataRoot: string;
beforeEach(() => {
  dataRoot = mkdtempSync(join(tmpdir(), 'benchlab-record-'));
});
afterEach(() => rmSync(dataRoot, { recursive: true }));

const withRoot = (args: readonly string[]) => ['sessions', ...args, '--data-root', dataRoot];
const sessions = (...args: string[]): Promise<Ended> => startProbe(['sessions', ...args]).ended;
const folderOf = (name: string) => join(dataRoot, 'sessions', name);
const read = (name: string, path: string) => readFileSync(join(folderOf(name), path), 'utf8');
const event = (stage: string, ms: number, frame: number) =>
  `${JSON.stringify({ timeNs: 1e9 + ms * 1e6, stage, frameId: String(frame) })}\n`;
const frames = (count: number) =>
  Array.from({ length: count }, (_, k) => event('ingress', k * 20, k) + event('encoded', k * 20 + 5, k)).join('');
const inputOf = (stream: PassThrough): CommandHost['input'] => ({
  isTerminal: false,
  stream: () => stream,
  stats: () => undefined,
});
const record = (text: string, ...args: string[]) => {
  const stream = new PassThrough();
  stream.end(text);
  return startProbe(withRoot(['record', '--from', '-', ...args]), { input: inputOf(stream) }).ended;
};

describe('sessions record', () => {
  it('translates times of day with --from-clock epoch, and refuses what is not one', async () => {
    const { timeNs, epochNs } = systemClock.anchor();
    const line = (stage: string, ms: number) =>
      `{"ts_ns":${epochNs + BigInt(ms) * 1_000_000n},"source":"pipeline","kv":{"stage":"${stage}","frame_id":1}}\n`;
    const text = line('in', -1_000) + line('out', -960) + event('in', 0, 2);
    const { code, out } = await record(text, '--session', 'day', '--from-clock', 'epoch');

    expect(code).toBe(0);
    expect(out).toContain('refused: 1; the last: jsonl: line 3: "timeNs" is not a time of day');
    const [first, second] = read('day', 'raw/pipeline.jsonl')
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each));
    expect((second.ts_ns - first.ts_ns) / 1e6).toBeCloseTo(40, 2);
    // Both clocks are read again when the line comes: NTP may have slewed one meanwhile.
    expect(Math.abs(first.ts_ns - (timeNs - 1e9))).toBeLessThan(50e6);
    expect(first.cal.rtt_ns).toBeGreaterThan(0);
  });

  it('translates CLOCK_MONOTONIC_RAW by a bracket', async () => {
    const raw = (await rawClock(systemClock))();
    const line = `${JSON.stringify({ timeNs: raw.rawNs, stage: 'in', frameId: 'a' })}\n`;
    const { code } = await record(line, '--session', 'raw', '--from-clock', 'monotonic-raw');

    expect(code).toBe(0);
    const { ts_ns: timeNs, cal } = JSON.parse(read('raw', 'raw/pipeline.jsonl'));
    expect(Math.abs(timeNs - raw.timeNs)).toBeLessThan(raw.uncertaintyNs + cal.rtt_ns / 2 + 1);
  });

  it('refuses events from the future: their clock is another one, or that of another start of the host', async () => {
    const timeNs = systemClock.nowNs() + 60e9;
    const ahead = `${JSON.stringify({ timeNs, stage: 'in', frameId: 'a' })}\n`;
    const { out } = await record(ahead + frames(3), '--session', 'ahead');

    expect(out).toMatch(/refused: 1; the last: jsonl: an event is \d+\.\d{3} s ahead of CLOCK_MONOTONIC of this host/);
    expect(read('ahead', 'raw/pipeline.jsonl').split('\n')).toHaveLength(7);
  });

  it.each([
    [['--agent', '--from-clock', 'epoch'], '--from-clock has nothing to read'],
    [['--from', '-', '--from-clock', 'tai'], 'monotonic, monotonic-raw, epoch'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await startProbe(withRoot(['record', ...args])).ended;

    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('records an input until it ends, and reports frames and drops', async () => {
    const { code, out, err } = await record(frames(50), '--session', 'a', '--tag', 'driver=535', '--comment', 'warm');

    expect({ code, err }).toEqual({ code: 0, err: `Recording into ${folderOf('a')} until Ctrl-C.\n` });
    expect(out).toContain(`${folderOf('a')}: 100 lines in `);
    expect(out).toMatch(/^ingress → encoded {6}50 {8}0$/m);
    expect(read('a', 'raw/pipeline.jsonl').split('\n')).toHaveLength(101);
    expect(read('a', 'aligned/latency.jsonl').split('\n')).toHaveLength(51);
    expect(JSON.parse(read('a', 'session.json'))).toMatchObject({
      name: 'a',
      tags: { driver: '535' },
      comment: 'warm',
    });
    expect(existsSync(join(folderOf('a'), '.lock'))).toBe(false);
  });

  it('records the agent and two programs at once, shows its series, takes marks, and ends at a signal', async () => {
    const bus = new SampleBus({ path: join(dataRoot, 'agent.sock') });
    await bus.start();
    const meter = simulatedSource({ clock: systemClock, watts: { system: 250 }, periodMs: 20 });
    await meter.start(bus);
    const files = ['one', 'two'].map((name) => join(dataRoot, `${name}.jsonl`));
    for (const file of files) writeFileSync(file, '');
    const from = files.flatMap((file) => ['--from', file]);
    const agent = ['--agent', join(dataRoot, 'agent.sock'), '--metrics-port', '0'];
    const probe = startProbe(withRoot(['record', '--session', 'b', ...agent, ...from]));
    try {
      const [, url = ''] = await probe.shown(/Metrics: (\S+)/);
      const now = () => systemClock.nowNs() / 1e6 - 1e3;
      await vi.waitUntil(() => existsSync(join(folderOf('b'), 'raw/benchlab.jsonl')));
      appendFileSync(files[0] ?? '', event('ingress', now(), 1));
      appendFileSync(files[1] ?? '', event('encoded', now() + 1, 1));
      const page = () => fetch(url).then((answer) => answer.text());
      await vi.waitUntil(async () => (await page()).includes('benchlab_pipeline_latency_ms{'), { timeout: 20_000 });
      const text = await page();
      expect(text).toMatch(/^benchlab_power_w\{[^}]*benchlab_simulated="true"[^}]*\} 250$/m);
      expect(text).toMatch(/^benchlab_pipeline_frames_dropped_total\{[^}]*pair="ingress_to_encoded"[^}]*\} 0$/m);
      expect(text).toMatch(/^benchlab_pipeline_latency_seconds_count\{[^}]*\} 1$/m);
      expect((await startProbe(withRoot(['mark', 'fan replaced'])).ended).out).toBe(
        `fan replaced is marked in ${folderOf('b')}\n`,
      );
      expect((await startProbe(withRoot(['ls'])).ended).out).toMatch(/^b +open /m);
      probe.send('SIGTERM');
      expect(await probe.ended).toMatchObject({ code: 0 });
    } finally {
      await meter.stop();
      await bus.stop();
    }
    const session = JSON.parse(read('b', 'session.json'));

    expect(session.bookmarks).toMatchObject([{ name: 'fan replaced' }]);
    expect(session.sources).toHaveLength(3);
    expect(session.sources[0]).toMatchObject({ id: 'simulated', simulated: true, bench: true });
    const row = JSON.parse(read('b', 'aligned/latency.jsonl'));
    expect(row.kv).toMatchObject({ power_w: 250, simulated: true });
  });

  it('a source that fails later ends itself alone; what was recorded is closed, with 97', async () => {
    const stream = new PassThrough();
    const probe = startProbe(withRoot(['record', '--from', '-', '--session', 'c']), { input: inputOf(stream) });
    stream.write(frames(3));
    await vi.waitUntil(() => existsSync(join(folderOf('c'), 'raw/pipeline.jsonl')));
    stream.destroy(new Error('the cable was pulled'));
    const { code, err } = await probe.ended;

    expect(code).toBe(97);
    expect(err).toContain('the cable was pulled');
    expect(JSON.parse(read('c', 'session.json')).closedAt).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['nothing to record', [], /There is nothing to record.*--agent/],
    ['an address twice', ['--from', 'x', '--from', 'x'], /--from x is given twice/],
    ['a file that is not there', ['--from', '/nowhere/x'], /nowhere\/x/],
    ['a name that leaves the folder', ['--from', '-', '--session', '../x'], /1 to 100 letters/],
    ['a tag without a value', ['--from', '-', '--tag', 'driver'], /NAME=VALUE/],
    ['a pair of one stage', ['--from', '-', '--pair', 'a'], /two stages/],
  ])('refuses %s', async (_, args, message) => {
    const { code, err } = await startProbe(withRoot(['record', ...args])).ended;

    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('reports wrong lines, and records those around them', async () => {
    const { code, out } = await record(`${frames(2)}rubbish\n${event('ingress', 100, 9)}`, '--session', 'd');

    expect(code).toBe(0);
    expect(out).toContain('5 lines');
    expect(out).toMatch(/refused: 1; the last: .*line 5: not a JSON object/);
  });
});

describe('sessions mark', () => {
  it('is refused when nothing is being recorded', async () => {
    const { code, err } = await startProbe(withRoot(['mark', 'x'])).ended;

    expect(code).toBe(2);
    expect(err).toContain(`No session in ${join(dataRoot, 'sessions')} is being recorded.`);
  });
});

describe('sessions repair', () => {
  it('repairs what was cut off, and states what', async () => {
    await record(frames(2), '--session', 'a');
    appendFileSync(join(folderOf('a'), 'raw/pipeline.jsonl'), '{"ts_ns":1');
    expect((await sessions('repair', folderOf('a'))).out).toBe(
      `${folderOf('a')}: raw/pipeline.jsonl: a line of 10 bytes without an end was cut off\n`,
    );
    expect((await sessions('repair', folderOf('a'))).out).toBe(`${folderOf('a')}: nothing to repair\n`);
    expect((await sessions('repair', dataRoot)).code).toBe(2);
  });
});

describe('sessions ls', () => {
  it('lists sessions as a table and as one JSON object', async () => {
    expect((await startProbe(withRoot(['ls'])).ended).out).toBe(`There are no sessions in ${dataRoot}.\n`);
    await record(frames(2), '--session', 'a', '--comment', 'warm');
    const { out } = await startProbe(withRoot(['ls', '--json'])).ended;

    expect(JSON.parse(out)).toMatchObject({
      dataRoot,
      sessions: [
        { folder: folderOf('a'), name: 'a', state: 'closed', comment: 'warm', simulated: false, pinned: null },
      ],
    });
    expect((await startProbe(withRoot(['ls'])).ended).out).toMatch(/^a +closed .* warm$/m);
  });
});

describe('sessions prune and pin', () => {
  /** A folder of another program, whose files were last changed that number of days ago. */
  const agedDays = async (name: string, days: number) => {
    await record(frames(2), '--session', name);
    const file = join(folderOf(name), 'session.json');
    const at = Date.now() / 1e3 - days * 86_400;
    const text = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...text, closedAt: new Date(at * 1e3).toISOString() }));
    utimesSync(file, at, at);
  };

  it('prints what would go, removes it, and keeps what is pinned', async () => {
    await agedDays('new', 1);
    await agedDays('week', 8);
    await agedDays('old', 100);
    await agedDays('kept', 200);
    expect((await sessions('pin', folderOf('kept'), '--reason', 'baseline')).out).toBe(
      `${folderOf('kept')}: pinned: baseline\n`,
    );
    const dry = await startProbe(withRoot(['prune', '--dry-run'])).ended;

    expect(dry.out).toMatch(/^kept: kept: pinned: baseline$/m);
    expect(dry.out).toMatch(/^would remove: all of old, .*: closed 100\.0 days ago, more than 90$/m);
    expect(dry.out).toMatch(/^would remove: the raw lines of week, .*more than 7$/m);
    expect(readdirSync(join(dataRoot, 'sessions'))).toEqual(['kept', 'new', 'old', 'week']);
    const { code, out } = await startProbe(withRoot(['prune'])).ended;

    expect(code).toBe(0);
    expect(out).toMatch(/^removed: all of old/m);
    expect(readdirSync(join(dataRoot, 'sessions'))).toEqual(['kept', 'new', 'week']);
    expect(readdirSync(join(folderOf('week'), 'raw'))).toEqual([]);
    expect((await startProbe(withRoot(['prune'])).ended).out).toContain('0 removals');
    expect((await sessions('pin', folderOf('kept'), '--release')).code).toBe(0);
    expect((await startProbe(withRoot(['prune', '--raw-keep-days', '0', '--quota', '1B'])).ended).code).toBe(0);
    expect(readdirSync(join(dataRoot, 'sessions'))).toEqual([]);
  });

  it('takes the days of the seed from the environment', async () => {
    await agedDays('a', 3);
    const environment = { BENCHLAB_RETENTION_DAYS: '2' };
    expect((await startProbe(withRoot(['prune', '--dry-run']), { environment }).ended).out).toMatch(/more than 2$/m);
    const file = join(dataRoot, 'config.toml');
    writeFileSync(file, `[general]\ndata_root = "${dataRoot}"\n[retention]\ndays = 3\n[alerts]\nnonsense = 1\n`);
    const ofAgent = { environment: { BENCHLAB_CONFIG: file } };
    expect((await startProbe(['sessions', 'prune', '--dry-run'], ofAgent).ended).out).toMatch(/more than 3$/m);
    writeFileSync(file, '[retention]\ndays = "3"\n');
    expect(await startProbe(withRoot(['prune']), ofAgent).ended).toMatchObject({
      code: 2,
      err: expect.stringContaining('retention.days is "3". It must be a whole number from 1 to 36500'),
    });
    const wrong = await startProbe(withRoot(['prune']), { environment: { BENCHLAB_RAW_KEEP_DAYS: 'soon' } }).ended;

    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('BENCHLAB_RAW_KEEP_DAYS is "soon"') });
  });

  it('refuses a pin without a reason, and sizes and days that are not', async () => {
    expect((await sessions('pin', dataRoot)).err).toContain('--reason TEXT');
    expect((await sessions('prune', '--quota', '5 apples')).err).toContain('50GB');
    expect((await sessions('prune', '--days', '-1')).code).toBe(2);
  });
});

describe('sessions pack and unpack', () => {
  it('carries a session to another data root, and refuses what was changed on the way', async () => {
    await record(frames(2), '--session', 'a');
    const packed = await sessions('pack', folderOf('a'), '--out', dataRoot);
    const archive = join(dataRoot, 'a.tar.gz');
    expect(packed.out).toMatch(new RegExp(`^${archive}: 3 files, `));
    const other = join(dataRoot, 'other');
    expect((await sessions('unpack', archive, '--data-root', other)).out).toBe(
      `${other}/sessions/a: 3 files of ${archive}\n`,
    );
    expect(JSON.parse(readFileSync(join(other, 'sessions/a/session.json'), 'utf8')).imported).toBe('archive a.tar.gz');
    writeFileSync(archive, readFileSync(archive).subarray(0, 200));

    expect(await sessions('unpack', archive, '--data-root', other)).toMatchObject({
      code: 97,
      err: expect.stringContaining('Nothing was unpacked'),
    });
  });
});

describe('sessions deliver', () => {
  const deliver = (to: string, ...more: string[]) => startProbe(withRoot(['deliver', '--to', to, ...more]));

  it('puts a table of each closed session into a folder, once, and waits for a folder that is away', async () => {
    await record(frames(50), '--session', 'a');
    const to = join(dataRoot, 'cx');
    const away = await deliver(to, '--once').ended;
    expect(away).toMatchObject({ code: 97, out: '', err: expect.stringMatching(/cx takes no files: ENOENT/) });
    mkdirSync(to);
    expect(await deliver(to, '--once').ended).toMatchObject({ code: 0, out: `${folderOf('a')}: 1 file in ${to}\n` });
    expect(await deliver(to, '--once').ended).toMatchObject({ code: 0, out: '' });

    expect(readdirSync(to)).toEqual(['a-ingress_to_encoded.csv']);
    const csv = readFileSync(join(to, 'a-ingress_to_encoded.csv'), 'utf8');
    expect(csv).toContain('//Comment=a; ingress to encoded; dropped: 0; simulated: false');
    expect(JSON.parse(read('a', 'cx-export/delivered.json'))).toMatchObject({
      to,
      files: ['a-ingress_to_encoded.csv'],
    });
  });

  it('runs until a signal, reports a session without lines once, and goes on with the others', async () => {
    await record(frames(3), '--session', 'a');
    for (const part of ['raw', 'aligned']) rmSync(join(folderOf('a'), part), { recursive: true });
    await record(frames(3), '--session', 'b');
    const to = join(dataRoot, 'cx');
    mkdirSync(to);
    const probe = deliver(to);
    await probe.shown(/b: 1 file in/);
    probe.send('SIGTERM');

    expect(await probe.ended).toMatchObject({ code: 0, err: expect.stringMatching(/not delivered: .*sessions\/a: /) });
  });
});
