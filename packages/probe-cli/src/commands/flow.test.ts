// `flow` in this process, on a session in a folder.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputOf, startProbe } from '../host/testHost.suite.ts';

const clinic = fileURLToPath(new URL('../../../../configs/flows/clinic.yaml', import.meta.url));
let folder: string;
let session: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-flow-'));
  session = join(folder, 'session');
  mkdirSync(join(session, 'raw'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const marks = () =>
  readFileSync(join(session, 'raw/flow.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).kv.stage);

describe('flow run', () => {
  it('shows the steps, continues at Enter, and executes nothing', async () => {
    const { code, out } = await startProbe(['flow', 'run', clinic], { input: inputOf('\n\n\n') }).ended;

    expect(code).toBe(0);
    expect(out).toContain('member_biomarker_journey: 3 steps');
    expect(out).toContain('[1/3] retina_capture, target 120 ms\n  Look into the viewer; blink twice, hold steady.');
    expect(out).toContain('  device:retina:capture (not executed: do it at the device)');
    expect(out).toContain('  bookmark:retina_start (not marked: there is no --session)');
    expect(out.match(/ended by Enter/g)).toHaveLength(3);
  });

  it('writes when each step and each bookmark was, into the session', async () => {
    await startProbe(['flow', 'run', clinic, '--session', session], { input: inputOf('\n\n\n') }).ended;

    expect(marks()).toEqual([
      'flow:retina_capture',
      'bookmark:retina_start',
      'flow:voice_capture',
      'bookmark:voice_start',
      'flow:done',
      'flow:end',
    ]);
  });

  it('continues at a bookmark that another process set', async () => {
    const state = (bookmarks: object[]) =>
      writeFileSync(
        join(session, 'session.json'),
        JSON.stringify({
          schema: 'benchlab-otel/session',
          version: 1,
          name: 'x',
          openedAt: '2025-11-11T14:30:00.000Z',
          sources: [],
          clocks: [{ timeNs: 1, epochNs: '1762871400000000000', uncertaintyNs: 1 }],
          host: {},
          tags: {},
          comment: '',
          bookmarks,
          holes: [],
        }),
      );
    state([{ timeNs: 1, name: 'before' }]);
    const input = new PassThrough();
    const running = startProbe(['flow', 'run', clinic, '--session', session], {
      input: { isTerminal: true, stream: () => input, stats: () => undefined },
    });
    await running.shown(/\[1\/3\]/);
    // The step reads how many there are before it waits: a bookmark after its text was shown may be one of those.
    let at = 2;
    const timer = setInterval(() => state(Array.from({ length: at++ }, (_, k) => ({ timeNs: k, name: 'next' }))), 100);
    await running.shown(/retina_capture: .* ended by a bookmark/);
    clearInterval(timer);
    running.send('SIGINT');
    const { code, err } = await running.ended;

    expect(code).toBe(97);
    expect(err).toContain('the flow ended at step');
    expect(marks().at(-1)).toBe('flow:end');
    expect(running.listeners).toBe(0);
  });

  it('ends with 97 where the input ends before the last step', async () => {
    const { code, err } = await startProbe(['flow', 'run', clinic], { input: inputOf('\n') }).ended;

    expect(code).toBe(97);
    expect(err).toContain('the flow ended at step voice_capture: standard input has ended');
  });

  it.each<[string, string, RegExp]>([
    ['a key that is missing', 'flow: a\nsteps:\n  - copy: x\n', /steps\[0\]\.id/],
    ['YAML that is wrong', 'flow: [', /flow\.yaml:\d+:\d+ cannot be read/],
    ['no content', '', /The file is empty/],
    ['two documents', 'flow: a\nsteps: [{id: x}]\n---\nflow: b\n', /more than one document/],
  ])('refuses %s', async (_, text, reason) => {
    writeFileSync(join(folder, 'flow.yaml'), text);
    const { code, err } = await startProbe(['flow', 'run', join(folder, 'flow.yaml')]).ended;

    expect(code).toBe(2);
    expect(err).toMatch(reason);
  });

  it('refuses a file that is not there, a session that is not one, and a link in its place', async () => {
    const missing = await startProbe(['flow', 'run', join(folder, 'no.yaml')]).ended;
    const other = await startProbe(['flow', 'run', clinic, '--session', folder]).ended;
    symlinkSync(join(folder, 'outside'), join(session, 'raw/flow.jsonl'));
    const link = await startProbe(['flow', 'run', clinic, '--session', session]).ended;

    expect([missing.code, other.code, link.code]).toEqual([2, 2, 2]);
    expect(missing.err).toContain('cannot be read');
    expect(other.err).toContain('is not a session');
    expect(link.err).toContain('flow.jsonl cannot be written');
  });
});

describe('flow report', () => {
  const line = (timeMs: number, source: string, kv: object) =>
    `${JSON.stringify({ ts_ns: timeMs * 1e6, source, kv })}\n`;

  beforeEach(() => {
    const frames = Array.from({ length: 100 }, (_, k) =>
      ['in', 'out']
        .map((stage, part) => line(k * 100 + part * (k < 50 ? 50 : 250), 'pipeline', { stage, frame_id: k }))
        .join(''),
    );
    writeFileSync(join(session, 'raw/pipeline.jsonl'), frames.join(''));
    const power = Array.from({ length: 120 }, (_, k) => line(k * 100, 'benchlab.usb', { p_sys: 100 }));
    writeFileSync(join(session, 'raw/benchlab.jsonl'), power.join(''));
    const stages = ['flow:retina_capture', 'flow:voice_capture', 'flow:end'];
    writeFileSync(
      join(session, 'raw/flow.jsonl'),
      stages.map((stage, k) => line(k * 5_000, 'flow', { stage })).join(''),
    );
  });

  it('prints a table, and writes HTML and Markdown that need no other file', async () => {
    const [html, markdown] = [join(folder, 'a.html'), join(folder, 'a.md')];
    const { code, out } = await startProbe([
      ...['flow', 'report', session, '--flow', clinic],
      ...['--html', html, '--markdown', markdown],
    ]).ended;

    expect(code).toBe(0);
    expect(out).toBe(`member_biomarker_journey in session: in → out
step            frames      p50      p95  target  met   time  energy
retina_capture      50  50.0 ms  50.0 ms  120 ms  yes  5.0 s   500 J
voice_capture       50   250 ms   250 ms  200 ms   no  5.0 s   500 J
done                 –        –        –       –    –      –       –
`);
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('✓ target met');
    expect(page).toContain('✕ target missed');
    expect(page).toContain('did not run');
    expect(page).not.toMatch(/https?:|<script|@import|url\(/);
    expect(readFileSync(markdown, 'utf8')).toMatch(
      /^\| <code>voice&#95;capture<\/code> \|.* 250 ms \| 250 ms \| 200 ms \| \*\*no\*\* \| 5\.0 s \| 500 J \|$/m,
    );
  });

  it('escapes what a flow holds', async () => {
    const evil = join(folder, 'evil.yaml');
    writeFileSync(evil, 'flow: "<script>alert(1)</script>"\nsteps: [{ id: retina_capture, copy: "<img src=x>|`" }]\n');
    const [html, markdown] = [join(folder, 'a.html'), join(folder, 'a.md')];
    await startProbe(['flow', 'report', session, '--flow', evil, '--html', html, '--markdown', markdown]).ended;

    expect(readFileSync(html, 'utf8')).not.toMatch(/<script|<img/);
    expect(readFileSync(markdown, 'utf8')).not.toMatch(/<script|<img|`/);
  });

  it('prints JSON, in which what was not measured is absent', async () => {
    const { out } = await startProbe(['flow', 'report', session, '--flow', clinic, '--json']).ended;
    const { steps } = JSON.parse(out);

    expect(steps[0]).toMatchObject({ id: 'retina_capture', isTargetMet: true });
    expect(steps[2]).toEqual({ id: 'done', copy: expect.any(String), ops: [], runs: 0, seconds: 0, frames: 0 });
  });

  it('ends with 97 where the session does not show the flow', async () => {
    rmSync(join(session, 'raw/flow.jsonl'));
    const { code, err } = await startProbe(['flow', 'report', session, '--flow', clinic]).ended;

    expect(code).toBe(97);
    expect(err).toContain('the session does not show a step of member_biomarker_journey');
  });
});
