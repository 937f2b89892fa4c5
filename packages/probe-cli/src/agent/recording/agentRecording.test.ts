// What the agent records, with real folders and sockets on a manual clock, and processes that are only noted.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metric, type SelfCount, type StageEvent } from '@benchlab-otel/core';
import { ManualClock, simulatedSource } from '@benchlab-otel/core/testing';
import { sessionRecorder } from '@benchlab-otel/session';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentRecording } from './agentRecording.ts';
import type { ProcessEnd } from './ownProcess.ts';
import { ownTag, type RecordingPlan } from './recordingPlan.ts';

let folder: string;
let dataRoot: string;
let clock: ManualClock;
let lines: string[];
let runs: string[];
let end: ProcessEnd;
let recording: AgentRecording;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-agent-recording-'));
  dataRoot = join(folder, 'data');
  clock = new ManualClock();
  [lines, runs, end] = [[], [], { code: 0, problem: '' }];
  const log = (_: object, message: string) => void lines.push(message);
  const run = async (_: string, args: readonly string[]) => {
    runs.push(args.join(' '));
    return end;
  };
  const host = { clock, program: ['node', 'probe'] as [string, string], environment: {} };
  recording = new AgentRecording(host, { info: log, warn: log }, { run });
});
afterEach(async () => {
  await recording.stop();
  rmSync(folder, { recursive: true });
});

interface Changes {
  readonly session?: Partial<RecordingPlan['session']>;
  readonly stages?: readonly string[];
  readonly upkeep?: Partial<RecordingPlan['upkeep']>;
}

function planOf({ session, stages = [], upkeep }: Changes = {}): RecordingPlan {
  return {
    session: { dataRoot, pair: ['ingress', 'encoded'], hours: 1, tags: ownTag, ...session },
    stages,
    simulate: false,
    upkeep: { dataRoot, pair: ['ingress', 'encoded'], days: 90, rawKeepDays: 7, ...upkeep },
  };
}

const sessions = () => (existsSync(join(dataRoot, 'sessions')) ? readdirSync(join(dataRoot, 'sessions')).sort() : []);
const read = (...path: string[]) => readFileSync(join(dataRoot, 'sessions', ...path), 'utf8');
const isClosed = (name: string) => JSON.parse(read(name, 'session.json')).closedAt !== undefined;
const timesIn = (name: string) =>
  read(name, 'raw', 'benchlab.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).ts_ns as number);
const stage = (name: string, frame: number): StageEvent => ({
  timeNs: clock.nowNs(),
  uncertaintyNs: 0,
  stage: name,
  frameId: `${frame}`,
  source: 'camera',
});
const countOf = (definition: SelfCount['definition']) =>
  recording.counts().find((count) => count.definition === definition)?.value;
/** Time passes, in steps, between which files are written. */
const until = (isSo: () => boolean) =>
  vi.waitUntil(
    async () => {
      await clock.advanceMs(200);
      return isSo();
    },
    { timeout: 20_000, interval: 5 },
  );
const closed = (name: string) => vi.waitUntil(() => isClosed(name), { timeout: 20_000 });

describe('the recording of an agent', () => {
  it('continues in the next session after its time, and every sample is in one of them', async () => {
    await recording.change(planOf({ session: { hours: 0.1 } }));
    const [first = ''] = sessions();
    const meter = simulatedSource({ clock, watts: { system: 200 }, id: '53494D', periodMs: 1000 });
    const seen: number[] = [];
    await meter.start({
      sample: (sample) => {
        seen.push(sample.timeNs);
        recording.sample(sample);
      },
      lost: () => undefined,
    });
    await clock.advanceMs(0.1 * 3600e3);
    await vi.waitUntil(() => sessions().length === 2, { timeout: 20_000 });
    await closed(first);
    await clock.advanceMs(5_000);
    await meter.stop();
    await recording.stop();

    const [, second = ''] = sessions();
    expect([...timesIn(first), ...timesIn(second)]).toEqual(seen);
    expect(isClosed(second)).toBe(true);
    expect(lines.filter((line) => line.includes('is closed'))).toHaveLength(2);
  });

  it('begins another session when the pair changes, and its counter of dropped frames does not fall', async () => {
    await recording.change(planOf());
    recording.stage(stage('ingress', 1));
    await until(() => countOf(metric.benchlabPipelineFramesDropped) === 1);
    expect([countOf(metric.benchlabPipelineFramesDropped), countOf(metric.benchlabPipelineDropped)]).toEqual([1, 1]);
    await recording.change(planOf({ session: { pair: ['ingress', 'shown'] } }));
    expect(countOf(metric.benchlabPipelineFramesDropped)).toBe(0);
    await recording.change(planOf());

    expect([countOf(metric.benchlabPipelineFramesDropped), countOf(metric.benchlabPipelineDropped)]).toEqual([1, 0]);
    expect(sessions()).toHaveLength(3);
  });

  it('does not touch the session when only what is done with closed ones changes', async () => {
    await recording.change(planOf());
    await recording.change(planOf({ upkeep: { days: 30 } }));
    expect(sessions()).toHaveLength(1);
  });

  it('records nothing without a plan, and closes what it recorded when the plan goes', async () => {
    await recording.change(undefined);
    recording.stage(stage('ingress', 1));
    expect([sessions(), recording.counts(), recording.folder]).toEqual([[], [], undefined]);
    await recording.change(planOf());
    const [name = ''] = sessions();
    await recording.change(undefined);
    await closed(name);
  });

  it('has a finding while its folder cannot be made, and records as soon as it can', async () => {
    writeFileSync(dataRoot, 'a file');
    await recording.change(planOf());
    recording.stage(stage('ingress', 1));
    expect(recording.findings).toEqual([
      expect.stringMatching(/^No session can be opened: .*data\/sessions cannot be made/),
    ]);
    rmSync(dataRoot);
    await clock.advanceMs(5_000);
    await vi.waitUntil(() => sessions().length === 1, { timeout: 20_000 });

    await vi.waitUntil(() => recording.findings.length === 0, { timeout: 20_000 });
    expect(lines).toContain('Sessions are recorded again.');
  });

  it('records on in the session before when the next one cannot be opened', async () => {
    await recording.change(planOf());
    const { folder: first } = recording;
    writeFileSync(join(folder, 'file'), '');
    await recording.change(planOf({ session: { dataRoot: join(folder, 'file') } }));
    recording.stage(stage('ingress', 1));

    expect([recording.folder, recording.findings]).toEqual([
      first,
      [expect.stringContaining('No session can be opened')],
    ]);
  });

  it('numbers the sessions of a name, and continues one that was cut off', async () => {
    const named = { session: { name: 'warm', hours: 0.1 } };
    await recording.change(planOf(named));
    await clock.advanceMs(0.1 * 3600e3);
    await vi.waitUntil(() => sessions().length === 2, { timeout: 20_000 });
    await recording.stop();
    // A process that is gone left it.
    const recorder = await sessionRecorder({ dataRoot, name: 'warm-3', clock });
    const owner = JSON.parse(readFileSync(recorder.paths.lock, 'utf8'));
    writeFileSync(recorder.paths.lock, JSON.stringify({ ...owner, startTime: '1' }));
    const host = { clock, program: ['node'] as [string], environment: {} };
    const next = new AgentRecording(host, { info: () => undefined, warn: () => undefined });
    await next.change(planOf(named));

    expect([sessions(), next.folder?.endsWith('warm-3')]).toEqual([['warm', 'warm-2', 'warm-3'], true]);
    await next.stop();
    await recorder.close().catch(() => undefined);
  });
});

describe('stage events', () => {
  const write = (path: string, text: string) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(path, () => socket.end(text, () => resolve()));
      socket.on('error', reject);
    });
  const event = (name: string, frame: number) =>
    `${JSON.stringify({ ts_ns: clock.nowNs(), source: 'pipeline', kv: { stage: name, frame_id: frame } })}\n`;

  it('of a socket and of a file are recorded; an address comes and goes while the other is read on', async () => {
    const [socket, file] = [join(folder, 'stages.sock'), join(folder, 'stages.jsonl')];
    await recording.change(planOf({ stages: [`unix:${socket}`, file] }));
    expect(recording.findings).toEqual([
      expect.stringMatching(/^Stage events at .*stages.jsonl cannot be read: There is no .* It is tried again\.$/),
    ]);
    writeFileSync(file, event('ingress', 1));
    await clock.advanceMs(1_000);
    await vi.waitUntil(() => recording.findings.length === 0, { timeout: 20_000 });
    await write(socket, event('encoded', 1));
    await recording.change(planOf({ stages: [`unix:${socket}`] }));
    await write(socket, event('ingress', 2));
    const pipeline = join(recording.folder ?? '', 'raw', 'pipeline.jsonl');
    await until(() => existsSync(pipeline) && readFileSync(pipeline, 'utf8').split('\n').length === 4);

    expect(sessions()).toHaveLength(1);
  });

  it('of an address without a right form are a finding until it is gone', async () => {
    const long = `unix:${join(folder, 'x'.repeat(200))}`;
    await recording.change(planOf({ stages: [long] }));
    expect(recording.findings).toEqual([expect.stringContaining('cannot be read')]);
    await recording.change(planOf());
    expect(recording.findings).toEqual([]);
  });
});

describe('what is done with closed sessions', () => {
  it('is done by processes of their own: delivery and retention at first, after each close, and each hour', async () => {
    const deliver = { to: '/mnt/cx', application: 'A' };
    await recording.change(planOf({ upkeep: { deliver, quotaGb: 50 }, session: { hours: 168 } }));
    await clock.advanceMs(10_000);
    await vi.waitUntil(() => runs.length === 2, { timeout: 20_000 });
    expect(runs).toEqual([
      `probe sessions deliver --once --to=/mnt/cx --application=A --data-root=${dataRoot} --pair=ingress:encoded`,
      `probe sessions prune --data-root=${dataRoot} --days=90 --raw-keep-days=7 --quota=50GB`,
    ]);
    await clock.advanceMs(3600e3);
    await vi.waitUntil(() => runs.length === 4, { timeout: 20_000 });
    await recording.change(planOf({ upkeep: { deliver, quotaGb: 50 }, session: { hours: 168, pair: ['a', 'b'] } }));
    await vi.waitUntil(() => runs.length === 6, { timeout: 20_000 });
  });

  it('makes the rows of a long session again, also at the end, before the agent ends', async () => {
    await recording.change(planOf());
    const { folder: session } = recording;
    for (let frame = 0; frame < 5_001; frame++) {
      recording.stage(stage('ingress', frame));
      recording.stage(stage('encoded', frame));
    }
    await recording.stop();
    expect(runs).toEqual([`probe sessions align ${session} --pair=ingress:encoded`]);
    expect(lines.at(-1)).toMatch(/is closed\. Its rows were made while it was recorded: it has more than 10000 lines/);
  });

  it('is tried again when it failed, with the reason as a finding', async () => {
    end = { code: 97, problem: '/mnt/cx takes no files: ENOENT.' };
    await recording.change(planOf());
    await clock.advanceMs(10_000);
    await vi.waitUntil(() => recording.findings.length > 0, { timeout: 20_000 });
    expect(recording.findings).toEqual([
      'sessions prune failed (97) and is tried again: /mnt/cx takes no files: ENOENT.',
    ]);
    end = { code: 0, problem: '' };
    await until(() => recording.findings.length === 0);
    expect(lines).toContain('benchlab-probe sessions prune succeeds again.');
  });

  it('closes sessions that an agent left when it was killed, and leaves those of others', async () => {
    for (const [name, tags] of [
      ['own', ownTag],
      ['other', {}],
    ] as const) {
      const recorder = await sessionRecorder({ dataRoot, name, clock, tags });
      const owner = JSON.parse(readFileSync(recorder.paths.lock, 'utf8'));
      writeFileSync(recorder.paths.lock, JSON.stringify({ ...owner, startTime: '1' }));
    }
    await recording.change(planOf());
    await clock.advanceMs(10_000);
    await vi.waitUntil(() => runs.length > 1, { timeout: 20_000 });
    const own = join(dataRoot, 'sessions', 'own');
    expect(runs.slice(0, 2)).toEqual([
      `probe sessions repair ${own}`,
      `probe sessions align ${own} --pair=ingress:encoded`,
    ]);
  });

  it('has a finding where the folder of sessions is none', async () => {
    await recording.change(planOf());
    const root = join(folder, 'other');
    mkdirSync(root);
    writeFileSync(join(root, 'sessions'), '');
    await recording.change(planOf({ upkeep: { dataRoot: root } }));
    await clock.advanceMs(10_000);
    await vi.waitUntil(() => recording.findings.length > 0, { timeout: 20_000 });
    expect(recording.findings).toEqual([expect.stringMatching(/^Sessions cannot be looked at: ENOTDIR/)]);
  });
});
