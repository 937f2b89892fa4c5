import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { systemClock } from '@benchlab-otel/core';
import { formatRecordingHeader, LineServer } from '@benchlab-otel/wire';
import { afterEach, describe, expect, test } from 'vitest';
import type { Fact } from '../model/fact.ts';
import type { InputChange } from '../model/inputStates.ts';
import { baselineOf } from './baselineOf.ts';
import type { DashboardInput } from './dashboardInput.ts';
import { factsOf } from './factsOf.ts';
import { inputAddress } from './inputAddress.ts';
import { openInput } from './openInput.ts';
import { recordedLine } from './recordedLine.ts';
import { replayInput } from './replayInput.ts';

const folders: string[] = [];
const opened: DashboardInput[] = [];

afterEach(async () => {
  for (const input of opened.splice(0)) await input.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-input-'));
  folders.push(folder);
  return folder;
}

/** An input with all that it brought, and a wait for more. */
async function started(input: DashboardInput) {
  opened.push(input);
  const [facts, changes, found]: [Fact[], InputChange[], string[]] = [[], [], []];
  const looks = new Set<() => void>();
  const looked = () => {
    for (const look of looks) look();
  };
  await input.start({
    fact(fact) {
      facts.push(fact);
      looked();
    },
    changed(change) {
      changes.push(change);
      looked();
    },
    found(_severity, text) {
      found.push(text);
    },
  });
  const until = (isDone: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isDone()) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    });
  return { facts, changes, found, until };
}

const event = (run: string) =>
  `${JSON.stringify({ timestamp: '2026-11-27T02:31:09Z', component: 'c', event: 'launch', context: { correlation_id: run } })}\n`;

describe('an address', () => {
  test.each([
    ['a.jsonl', { node: 'local', address: { kind: 'path', path: 'a.jsonl' } }],
    ['rig-07=a.jsonl', { node: 'rig-07', address: { kind: 'path', path: 'a.jsonl' } }],
    ['./a=b.jsonl', { node: 'local', address: { kind: 'path', path: './a=b.jsonl' } }],
    ['-', { address: { kind: 'stdin' } }],
    ['r=unix:/run/e.sock', { node: 'r', address: { kind: 'unix', path: '/run/e.sock' } }],
    ['tcp:rig.example:7000', { address: { kind: 'tcp', host: 'rig.example', port: 7000 } }],
    ['tcp:[::1]:7000', { address: { kind: 'tcp', host: '::1', port: 7000 } }],
    ['agent', { address: { kind: 'agent' } }],
    ['agent:/run/a.sock', { address: { kind: 'agent', path: '/run/a.sock' } }],
  ])('%s', (given, expected) => {
    expect(inputAddress(given)).toMatchObject(expected);
  });

  test.each(['', 'unix:', 'tcp:host', 'tcp:host:0', 'tcp:host:70000', 'tcp:-:1', 'agent:', 'a\0b'])(
    '%j is refused with what is allowed',
    (given) => {
      expect(() => inputAddress(given)).toThrow(/--input is .* It must be a file, a FIFO, the folder of a session/);
    },
  );
});

describe('a file', () => {
  test('is read from its start and followed, and its bad lines are counted with the reason', async () => {
    const file = join(newFolder(), 'events.jsonl');
    writeFileSync(file, `${event('a')}{"half":\n${event('b')}`);
    const { facts, changes, until } = await started(openInput(file));
    await until(() => facts.length === 2);
    appendFileSync(file, event('c'));
    await until(() => facts.length === 3);
    expect(facts.map((fact) => fact.kind === 'event' && fact.run)).toEqual(['a', 'b', 'c']);
    expect(changes).toContainEqual({ refused: { count: 1, reason: 'line 2: not a JSON object' } });
  });

  test('that is not there yet is waited for', async () => {
    const file = join(newFolder(), 'later.jsonl');
    const { facts, changes, until } = await started(openInput(file));
    expect(changes).toEqual([{ condition: 'waiting', reason: `There is no ${file} to read from.` }]);
    writeFileSync(file, event('a'));
    await until(() => facts.length === 1);
    expect(changes.at(-1)).not.toHaveProperty('condition', 'waiting');
  });

  test('is read to its end by a stop', async () => {
    const file = join(newFolder(), 'events.jsonl');
    writeFileSync(file, event('a').repeat(5_000));
    const input = openInput(file);
    const { facts } = await started(input);
    await input.stop();
    expect(facts).toHaveLength(5_000);
  });

  test('with a line of 10 MB loses that line alone', async () => {
    const file = join(newFolder(), 'events.jsonl');
    writeFileSync(file, `${event('a')}{"x":"${'y'.repeat(10_000_000)}"}\n${event('b')}`);
    const input = openInput(file);
    const { facts, changes } = await started(input);
    await input.stop();
    expect(facts).toHaveLength(2);
    expect(changes).toContainEqual({ refused: { count: 1, reason: 'line 2: more than 65536 bytes' } });
  });
});

test('standard input ends once', async () => {
  const stdin = new PassThrough();
  const { facts, changes, until } = await started(openInput('-', { stdin: () => stdin }));
  stdin.end(event('a'));
  await until(() => changes.some(({ condition }) => condition === 'ended'));
  expect(facts).toHaveLength(1);
});

test('a server of lines is connected to, and again after it was restarted', async () => {
  const path = join(newFolder(), 'lines.sock');
  const { facts, changes, until } = await started(openInput(`rig=unix:${path}`));
  expect(changes[0]).toMatchObject({
    condition: 'waiting',
    reason: expect.stringContaining('Nothing answers at rig=unix:'),
  });
  for (const [round, run] of ['first', 'second'].entries()) {
    const server = new LineServer(`unix:${path}`);
    await server.start();
    await until(() => changes.filter(({ condition }) => condition === 'open').length === round + 1);
    server.push(event(run).trim());
    await until(() => facts.length === round + 1);
    await server.stop();
    await until(() => changes.filter(({ condition }) => condition === 'lost').length === round + 1);
  }
  expect(facts).toMatchObject([
    { node: 'rig', run: 'first' },
    { node: 'rig', run: 'second' },
  ]);
});

test('an agent that is not there is reported and looked for', async () => {
  const path = join(newFolder(), 'agent.sock');
  const { changes, until } = await started(openInput(`agent:${path}`));
  await until(() => changes.length > 0);
  expect(changes[0]).toMatchObject({ condition: 'waiting', reason: expect.stringContaining(path) });
});

describe('the folder of a session', () => {
  function session(name: string): string {
    const folder = join(newFolder(), name);
    mkdirSync(join(folder, 'raw'), { recursive: true });
    const stage = (timeNs: number, at: string, frameId: number) =>
      `${JSON.stringify({ ts_ns: timeNs, source: 'pipeline', kv: { stage: at, frame_id: frameId } })}\n`;
    writeFileSync(
      join(folder, 'raw/pipeline.jsonl'),
      [stage(1e9, 'ingress', 1), stage(1.1e9, 'encoded', 1), stage(1.2e9, 'ingress', 2), 'x\n'].join(''),
    );
    writeFileSync(
      join(folder, 'raw/benchlab.jsonl'),
      '{"ts_ns":1000000000,"source":"benchlab.usb","kv":{"p_sys":240}}\n',
    );
    return folder;
  }

  test('gives its frames with power, what was dropped, and the time of its name', async () => {
    const { facts, changes } = await started(openInput(session('2025-11-11T14-30-00Z')));
    const timeMs = Date.UTC(2025, 10, 11, 14, 30);
    expect(facts).toMatchObject([
      { kind: 'power', watts: 240, timeMs },
      { kind: 'latency', from: 'ingress', to: 'encoded', latencyMs: 100, powerWatts: 240, timeMs: timeMs + 100 },
      { kind: 'latency', timeMs: timeMs + 200 },
    ]);
    expect(facts[2]).not.toHaveProperty('latencyMs');
    expect(changes).toEqual([
      {
        condition: 'ended',
        clock: 'recorded',
        refused: { count: 1, reason: 'raw/pipeline.jsonl line 4: not a JSON object' },
      },
    ]);
  });

  test('without raw lines gives the rows that are left, and a note that what was dropped is not known', async () => {
    const folder = session('2025-11-11T14-30-00Z');
    rmSync(join(folder, 'raw'), { recursive: true });
    mkdirSync(join(folder, 'aligned'));
    const kv = { lat_ms: 100, pair: ['ingress', 'encoded'] };
    const row = JSON.stringify({ ts_aligned_ns: 1.1e9, source: 'metric.latency', kv });
    writeFileSync(join(folder, 'aligned/latency.jsonl'), `${row}\n`);
    const { facts, found } = await started(openInput(folder));
    expect(facts).toMatchObject([{ kind: 'latency', latencyMs: 100, timeMs: Date.UTC(2025, 10, 11, 14, 30) + 100 }]);
    expect(found).toEqual(['2025-11-11T14-30-00Z: the raw lines were removed: frames that were dropped are not known']);
  });

  test('that is recorded now is followed: its closed parts, what is added, further streams, and its end', async () => {
    const folder = session('open');
    const state = {
      ...{ schema: 'benchlab-otel/session', version: 1, name: 'open', openedAt: '2026-11-27T09:00:00.000Z' },
      ...{
        clocks: [{ timeNs: 1e9, epochNs: '1795770000000000000', uncertaintyNs: 5 }],
        sources: [],
        host: {},
        comment: '',
        tags: {},
        bookmarks: [],
        holes: [],
      },
    };
    const write = (more: object = {}) =>
      writeFileSync(join(folder, 'session.json'), JSON.stringify({ ...state, ...more }));
    const stage = (timeNs: number, name: string) =>
      `${JSON.stringify({ ts_ns: timeNs, source: 'p', kv: { stage: name } })}\n`;
    write();
    writeFileSync(join(folder, 'raw/pipeline.1.jsonl.gz'), gzipSync(stage(0.5e9, 'before')));
    const { facts, changes, until } = await started(openInput(folder));
    const stages = () => facts.flatMap((fact) => (fact.kind === 'stage' ? [fact.stage] : []));
    await until(() => facts.length >= 5);
    expect(stages().toSorted()).toEqual(['before', 'encoded', 'ingress', 'ingress']);
    expect(facts.find(({ kind }) => kind === 'power')).toMatchObject({ watts: 240, timeMs: 1_795_770_000_000 });
    appendFileSync(join(folder, 'raw/pipeline.jsonl'), stage(2e9, 'added'));
    await until(() => stages().includes('added'));
    writeFileSync(join(folder, 'raw/flow.jsonl'), stage(3e9, 'flow:first'));
    await until(() => stages().includes('flow:first'));
    appendFileSync(join(folder, 'raw/flow.jsonl'), stage(4e9, 'flow:end'));
    write({ closedAt: '2026-11-27T09:00:09.000Z' });
    await until(() => changes.some(({ condition }) => condition === 'ended'));
    expect(stages()).toContain('flow:end');
    expect(stages()).toHaveLength(7);
    expect(changes).toContainEqual({ refused: { count: 1, reason: 'raw/pipeline.jsonl line 4: not a JSON object' } });
  });

  test('is a baseline', async () => {
    const { summaries } = await baselineOf(session('old'));
    expect(summaries).toMatchObject([{ n: 1, dropped: 1, p95Ms: 100 }]);
  });

  test('without lines is reported with the reason', async () => {
    const folder = newFolder();
    const { changes } = await started(openInput(folder));
    expect(changes).toMatchObject([{ condition: 'lost', reason: expect.stringContaining('raw') }]);
    await expect(baselineOf(folder)).rejects.toThrow(/raw/);
  });
});

test('a baseline without a latency is refused with what to name', async () => {
  const file = join(newFolder(), 'events.jsonl');
  writeFileSync(file, event('a'));
  await expect(baselineOf(file)).rejects.toThrow(/The baseline .* has no latency\. Name a file of runtime events/);
  await expect(baselineOf(`${file}.no`)).rejects.toThrow(/cannot be read/);
});

test('what is recorded is read again as the same facts', async () => {
  const anchor = systemClock.anchor();
  const timeMs = Number(anchor.epochNs) / 1e6 - 1_000;
  const facts: readonly Fact[] = [
    {
      kind: 'event',
      timeMs: Math.round(timeMs),
      node: 'a',
      component: 'c',
      event: 'completion',
      run: 'r',
      errorType: 'E',
      powerWatts: 3,
      simulated: true,
    },
    { kind: 'power', timeMs: timeMs + 1, node: 'a', source: 'benchlab.usb', watts: 240 },
    {
      kind: 'latency',
      timeMs: timeMs + 2,
      node: 'b',
      from: 'x',
      to: 'y',
      latencyMs: 4,
      isExact: true,
      powerWatts: 5,
      powerAgeMs: 6,
      energyJoules: 7,
    },
    { kind: 'stage', timeMs: timeMs + 3, node: 'b', stage: 'x', frameId: '1', timeNs: 5 },
  ];
  const file = join(newFolder(), 'recording.jsonl');
  writeFileSync(
    file,
    `${[formatRecordingHeader(systemClock), ...facts.map((fact) => recordedLine(fact, anchor))].join('\n')}\n`,
  );
  const read: Fact[] = [];
  for await (const one of factsOf(file, 'local')) if ('fact' in one) read.push(one.fact);
  expect(read).toHaveLength(facts.length);
  for (const [at, fact] of facts.entries()) {
    const { timeMs: expected, ...rest } = fact;
    const { timeMs: actual, ...others } = read[at] as Fact;
    expect('timeNs' in others ? { ...others, timeNs: 5 } : others).toEqual(rest);
    expect(Math.abs(actual - expected)).toBeLessThan(1);
  }
});

test('a replay keeps the pace of the recording, times its speed', async () => {
  const file = join(newFolder(), 'events.jsonl');
  const at = (ms: number) => event(`${ms}`).replace('09Z', `09.${String(ms).padStart(3, '0')}Z`);
  writeFileSync(file, at(0) + at(400) + at(800));
  let nowNs = 0;
  const due: { timeNs: number; task: () => void }[] = [];
  const clock = {
    ...systemClock,
    nowNs: () => nowNs,
    at: (timeNs: number, task: () => void) => {
      due.push({ timeNs, task });
      return () => undefined;
    },
  };
  const { facts, changes, until } = await started(replayInput(file, 4, clock));
  await until(() => facts.length === 1);
  for (const expected of [2, 3]) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (due.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    const next = due.shift();
    expect(next?.timeNs).toBe((expected - 1) * 100e6);
    nowNs = next?.timeNs ?? 0;
    next?.task();
    await until(() => facts.length === expected);
  }
  await until(() => changes.some(({ condition }) => condition === 'ended'));
  expect(() => replayInput(file, 0)).toThrow(/speed is 0/);
});
