import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRuntimeEvent } from '@benchlab-otel/wire';
import { afterAll, describe, expect, it } from 'vitest';
import { eachCommand, flagsOf } from '../command/command.ts';
import { inputOf, probed, startProbe } from '../host/testHost.suite.ts';
import { commands } from '../program.ts';
import { withCommandEvents } from './commandEvents.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-events-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = () => join(folder, `${files++}.jsonl`);

interface WrittenLine {
  readonly event: string;
  readonly component: string;
  readonly metrics?: Record<string, number>;
  readonly diagnostics: Record<string, unknown>;
  readonly context?: { readonly correlation_id: string };
}

function eventsIn(path: string): readonly WrittenLine[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  for (const line of lines)
    expect(parseRuntimeEvent(line)).toMatchObject({ event: { event: expect.any(String) }, faults: [] });
  return lines.map((line) => JSON.parse(line));
}

const namesOf = (events: readonly WrittenLine[]) => events.map(({ event }) => event);

describe('--telemetry-out', () => {
  it.each([
    ...['run', 'serve', 'init', 'doctor', 'agent', 'read', 'record gst', 'record stages', 'tail', 'emulate', 'demo'],
    'cycle',
  ])('is an option of %s', async (path) => {
    const called = eachCommand(commands).find((each) => each.path.join(' ') === path);

    expect(Object.keys(await flagsOf(called!.command))).toContain('telemetryOut');
  });

  it('of read has each device, the power while it is read, and the end, under one id', async () => {
    const file = newFile();

    const running = startProbe(['read', '--simulate', '--json', '--telemetry-out', file]);
    await running.shown(/timeNs/);

    running.send('SIGINT');

    expect((await running.ended).code).toBe(0);
    const events = eventsIn(file);
    expect(namesOf(events)).toEqual(['launch', 'diagnostic', 'completion']);
    expect(events[1]).toMatchObject({ diagnostics: { command: 'read', simulated: true } });
    expect(events.at(-1)).toMatchObject({ diagnostics: { command: 'read', exit_code: 0 } });
    expect(new Set(events.map(({ context }) => context?.correlation_id)).size).toBe(1);
  });

  it('of record has the frames of each stage, and what was between two stages', async () => {
    const file = newFile();
    const frames = [
      { timeNs: 1e9, stage: 'a', frameId: '1' },
      { timeNs: 1.01e9, stage: 'b', frameId: '1' },
    ];
    const input = inputOf(frames.map((frame) => `${JSON.stringify(frame)}\n`).join(''));

    const args = ['record', 'stages', '--from', '-', '--out', newFile(), '--telemetry-out', file];
    const { code } = await startProbe(args, { input }).ended;

    expect(code).toBe(0);
    expect(eventsIn(file)).toEqual([
      expect.objectContaining({ event: 'launch' }),
      expect.objectContaining({
        event: 'stage',
        metrics: { frames: 1 },
        diagnostics: { command: 'record stages', stage: 'a' },
      }),
      expect.objectContaining({
        event: 'stage',
        metrics: { frames: 1 },
        diagnostics: { command: 'record stages', stage: 'b' },
      }),
      expect.objectContaining({
        event: 'pair',
        metrics: { frames: 1, dropped: 0, p50_seconds: 0.01, p95_seconds: 0.01 },
        diagnostics: { command: 'record stages', from: 'a', to: 'b' },
      }),
      expect.objectContaining({ event: 'completion', diagnostics: { command: 'record stages', exit_code: 0 } }),
    ]);
  });

  it('of tail has how many lines were served and dropped', async () => {
    const file = newFile();

    const args = ['tail', '--input', '-', '--to', `unix:${join(folder, 'tail.sock')}`, '--telemetry-out', file];
    const { code } = await startProbe(args, { input: inputOf('one\ntwo\n') }).ended;

    expect(code).toBe(0);
    expect(eventsIn(file)[1]).toMatchObject({
      event: 'served',
      metrics: { lines: 2, dropped_lines: 0, refused_lines: 0, refused_readers: 0 },
    });
  });

  it('of emulate has the board, and the end by a signal', async () => {
    const file = newFile();
    const running = startProbe(['emulate', '--product', 'original', '--telemetry-out', file]);
    await running.shown(/Ctrl-C ends it/);

    running.send('SIGINT');

    expect((await running.ended).code).toBe(0);
    expect(eventsIn(file)).toEqual([
      expect.objectContaining({ event: 'launch' }),
      expect.objectContaining({
        diagnostics: expect.objectContaining({ simulated: true, port: expect.stringMatching(/^\/dev\//) }),
      }),
      expect.objectContaining({ event: 'completion' }),
    ]);
  });

  it('of agent has its launch with the receivers, and its end', async () => {
    const file = newFile();
    const running = startProbe([
      'agent',
      '--simulate',
      '--no-nvml',
      '--no-host',
      '--metrics-port',
      '0',
      '--socket',
      join(folder, 'agent.sock'),
      '--telemetry-out',
      file,
    ]);
    await running.shown(/The agent runs/);

    running.send('SIGTERM');

    expect((await running.ended).code).toBe(0);
    const events = eventsIn(file).filter(({ component }) => component === 'benchlab-probe');
    expect(namesOf(events)).toEqual(['launch', 'completion']);
    expect(events[0]?.diagnostics).toEqual({ command: 'agent', receivers: 'benchlab' });
  });

  it('of doctor has each finding, also one that is ignored', async () => {
    const file = newFile();
    const environment = { ...process.env, OTEL_SDK_DISABLED: 'true', OTEL_TRACES_SAMPLER: 'always_off' };

    const args = ['doctor', '--ignore', 'sdk-disabled', '--telemetry-out', file];
    const { code } = await startProbe(args, { environment }).ended;

    const findings = eventsIn(file).filter(({ event }) => event === 'finding');
    expect(findings.map(({ diagnostics }) => diagnostics)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ command: 'doctor', id: 'sdk-disabled', is_ignored: true }),
        {
          command: 'doctor',
          id: 'sampler-off',
          evidence: expect.stringContaining('OTEL_TRACES_SAMPLER is always_off'),
          fix: expect.any(String),
          is_ignored: false,
        },
      ]),
    );
    expect(code).toBe(99);
    expect(eventsIn(file).at(-1)).toMatchObject({ event: 'completion', diagnostics: { exit_code: 99 } });
  });

  it('of serve has its answers', async () => {
    const [file, expected] = [newFile(), join(folder, 'probe.yaml')];
    writeFileSync(expected, 'version: 1\nspans: [{name: checkout}]\n');

    const args = ['serve', '--listen', '127.0.0.1:0', '--for', '10ms', '--expect', expected, '--telemetry-out', file];
    const { code } = await probed(...args);

    expect(code).toBe(98);
    expect(eventsIn(file)[1]).toMatchObject({
      event: 'verdict',
      diagnostics: { command: 'serve', budget: 'span checkout', outcome: 'inconclusive' },
    });
    expect(namesOf(eventsIn(file))).toEqual(['launch', 'verdict', 'completion']);
  });

  it('has the error that ended a command', async () => {
    const file = newFile();

    const { code } = await probed('record', 'stages', '--from', '-', '--out', newFile(), '--telemetry-out', file);

    expect(code).toBe(97);
    expect(eventsIn(file).at(-1)).toMatchObject({ event: 'completion', diagnostics: { error_type: 'NO_DEVICE' } });
  });

  it.each([
    ['read', '--simulate'],
    ['agent', '--simulate'],
    ['emulate'],
    ['tail', '--input', '-', '--to', 'unix:/tmp/benchlab-never.sock'],
    ['record', 'stages', '--from', '-', '--out', '/tmp/benchlab-never.jsonl'],
    ['demo'],
    ['serve', '--listen', '127.0.0.1:0'],
    ['doctor'],
  ])('that cannot be written is refused before anything starts: %s', async (...args) => {
    const { code, err, out } = await probed(...args, '--telemetry-out', '/no/such/folder/events.jsonl');

    expect(err).toContain('--telemetry-out');
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('adds to the end of a file, and an error of another kind has its name', async () => {
    const file = newFile();
    writeFileSync(file, '{"timestamp":"2026-01-01T00:00:00Z","component":"x","event":"before"}\n');

    const failing = withCommandEvents(file, 'odd', async () => {
      throw new RangeError('x');
    });

    await expect(failing).rejects.toThrow(RangeError);
    expect(namesOf(eventsIn(file))).toEqual(['before', 'launch', 'completion']);
    expect(eventsIn(file).at(-1)?.diagnostics).toEqual({ command: 'odd', error_type: 'RangeError' });
  });
});
