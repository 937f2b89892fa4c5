// `record` on what other programs write, in this process where that is possible. GStreamer itself is in test/stack.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bin, startNode } from '../host/childProbe.suite.ts';
import { type Ended, inputOf, startProbe } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../record/writeRecording.ts';

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-record-'));
  out = join(folder, 'out.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** In this process. Standard input holds `input`. */
const record = (args: readonly string[], input = ''): Promise<Ended> =>
  startProbe(['record', ...args], { input: inputOf(input) }).ended;

const line = (frame: number, stage: string, timeNs: number) => `${JSON.stringify({ timeNs, stage, frameId: frame })}\n`;
const written = () =>
  readFileSync(out, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text));

describe('record stages', () => {
  it('writes what comes on standard input, and reports frames, drops and latencies', async () => {
    let input = '';
    for (let frame = 1; frame <= 20; frame++) input += line(frame, 'in', frame * 1e6);
    for (let frame = 1; frame <= 18; frame++) input += line(frame, 'out', frame * 1e6 + 500e3);
    const { code, out: text, err } = await record(['stages', '--from', '-', '--out', out], `${input}rubbish\n`);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(text).toMatch(/38 events of 2 stages in /);
    expect(text).toMatch(/in → out +18 +2 +500 us +500 us +500 us/);
    expect(text).toContain('refused: 1; the last: line 39: not a JSON object');
    const [header, first, ...others] = written();
    expect(header).toMatchObject({
      schema: 'benchlab-otel/stage-events',
      version: 1,
      clock: { epochNs: expect.stringMatching(/^\d{19}$/) },
    });
    expect(first).toEqual({ timeNs: 1e6, uncertaintyNs: 0, stage: 'in', frameId: '1' });
    expect(others).toHaveLength(37);
  });

  it('reads its own recording again', async () => {
    await record(['stages', '--from', '-', '--out', out], line(1, 'in', 5));
    const again = join(folder, 'again.jsonl');
    const { code, out: text } = await record(['stages', '--from', out, '--out', again, '--for', '300ms']);

    expect(code).toBe(0);
    expect(text).toContain('1 event of 1 stage');
    expect(text).not.toContain('refused');
    expect(readFileSync(again, 'utf8').split('\n')[1]).toBe(readFileSync(out, 'utf8').split('\n')[1]);
  });

  it('writes as events come, whole lines, so that a killed recorder loses no more than the last instant', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const { child, ended } = startNode([bin, 'record', 'stages', '--from', fifo, '--out', out]);
    await expect.poll(() => existsSync(out), { timeout: 10_000 }).toBe(true);
    writeFileSync(fifo, line(1, 'in', 1) + line(2, 'in', 2));
    await expect.poll(() => written().length, { timeout: 5000 }).toBe(3);
    child.kill('SIGKILL');
    await ended;

    expect(written()).toHaveLength(3);
    expect(readFileSync(out, 'utf8').endsWith('}\n')).toBe(true);
  });

  it.each([
    ['', 'No frame was seen at any stage. Check that the program writes there.'],
    ['one\ntwo\n', 'No frame was seen at any stage. Refused: 2; the last: line 2: not a JSON object. Check that'],
  ])('without an event is in trouble, states the fix, and keeps the older file: %j', async (input, message) => {
    const args = ['stages', '--from', '-', '--out', out];
    const { code, out: text, err } = await record(args, input);
    expect({ code, text }).toEqual({ code: 97, text: '' });
    expect(err).toContain(message);
    expect(existsSync(out)).toBe(false);

    writeFileSync(out, 'older and longer than what comes\n'.repeat(100));
    await record(args, input);
    expect(readFileSync(out, 'utf8')).toContain('older');
    await record(args, line(1, 'in', 5));
    expect(written()).toHaveLength(2);
  });

  it('does not write into what it reads', async () => {
    await record(['stages', '--from', '-', '--out', out], line(1, 'in', 5));
    const before = readFileSync(out, 'utf8');
    symlinkSync(out, join(folder, 'link.jsonl'));
    for (const to of [out, join(folder, 'link.jsonl')]) {
      const { code, err } = await record(['stages', '--from', out, '--out', to]);
      expect({ code, err }).toEqual({
        code: 2,
        err: expect.stringContaining('is also what is read. Write into another'),
      });
    }
    execFileSync(
      'bash',
      ['-c', `"$0" "$1" record stages --from - --out "$2" < "$2" || true`, process.execPath, bin, out],
      {
        stdio: 'ignore',
      },
    );
    expect(readFileSync(out, 'utf8')).toBe(before);
  });

  it('compares the stages that are named', async () => {
    const input = line(1, 'in', 0) + line(1, 'preview', 1e6) + line(1, 'encoded', 5e6);
    const args = ['stages', '--from', '-', '--out', out, '--pair', 'in:encoded', '--pair', 'in:no'];
    const { code, out: text } = await record(args, input);

    expect(code).toBe(0);
    expect(text).toMatch(/in → encoded +1 +0 +5.00 ms/);
    expect(text).not.toContain('in → preview');
    expect(text).toContain('--pair: nothing was seen at no; stages are in, preview, encoded');
  });

  it('ends with the reason when the disk is full, and what it has written is whole', async () => {
    // The file system of a loop device would need root and a mount; the limit of a file's size fails the same write.
    let input = '';
    for (let frame = 1; frame <= 20_000; frame++) input += line(frame, 'in', frame);
    writeFileSync(join(folder, 'in.jsonl'), input);
    const limited = spawn('bash', [
      '-c',
      `trap '' XFSZ; ulimit -f 100; exec "$0" "$1" record stages --from "$2/in.jsonl" --out "$2/out.jsonl"`,
      process.execPath,
      bin,
      folder,
    ]);
    let err = '';
    limited.stderr.on('data', (bytes) => (err += bytes));
    const code = await new Promise((resolve) => limited.on('close', resolve));

    expect(code).toBe(97);
    expect(err).toMatch(/--out .*out\.jsonl takes no more: EFBIG/);
    expect(written().length).toBeGreaterThan(100);
  });
});

describe('a wrong command line', () => {
  it.each([
    [['gst', '--out', 'x', 'videotestsrc'], 'write -- before the command, and every option of record gst before that'],
    [['gst', '--out', 'x'], 'Write a pipeline after --, or name a camera with --device'],
    [['gst', '--', 'videotestsrc'], "required option '--out <file>' not specified"],
    [['stages', '--out', 'x'], "required option '--from <address>' not specified"],
    [['stages', '--from', '-', '--out', 'x', '--pair', 'in'], 'Write two stages: FROM:TO.'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await record(args);

    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('names a file that cannot be written and a place that cannot be read, before anything starts', async () => {
    const absent = await record(['stages', '--from', '-', '--out', join(folder, 'no/out')]);
    const device = await record(['stages', '--from', '-', '--out', '/dev/null']);
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    const fifo = await record(['stages', '--from', '-', '--out', join(folder, 'fifo')]);
    const inside = await record(['stages', '--from', '-', '--out', folder]);
    const nowhere = await record(['stages', '--from', 'udp:x', '--out', out]);

    expect(absent).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') });
    expect(fifo).toMatchObject({ code: 2, err: expect.stringContaining('it is not a regular file') });
    expect(inside).toMatchObject({ code: 2, err: expect.stringContaining('it is a folder') });
    expect(device).toMatchObject({ code: 2, err: expect.stringContaining('it is not a regular file') });
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('from is "udp:x"') });
    expect(existsSync(out)).toBe(false);
  });

  it('on a machine without GStreamer states what to install', async () => {
    const args = ['record', 'gst', '--out', out, '--', 'fakesrc', '!', 'fakesink'];
    const { code, err } = await startProbe(args, { findProgram: () => undefined }).ended;

    expect(code).toBe(97);
    expect(err).toContain(
      'There is no GStreamer here: gst-launch-1.0 is not among the programs of the system. Install it (Debian: gstreamer1.0-tools',
    );
  });
});
