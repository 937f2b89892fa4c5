import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ArtifactPlace } from './artifactPlace.ts';
import { type ArtifactStore, type ArtifactStoreOptions, artifactStore } from './artifactStore.ts';
import { folderArtifacts } from './folderArtifacts.ts';

let folder: string;
let reports: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-artifacts-'));
  reports = [];
  const ignore = () => {};
  const warn = (line: string) => void reports.push(line);
  const logger = { warn, error: ignore, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});
afterEach(() => {
  diag.disable();
  rmSync(folder, { recursive: true, force: true });
});

function store(options: Partial<ArtifactStoreOptions> = {}): ArtifactStore {
  return artifactStore({ place: folder, ...options });
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** By outcome, those that are not 0. */
function counts(artifacts: ArtifactStore): Record<string, number> {
  const objects = artifacts.counts?.() ?? [];
  return Object.fromEntries(
    objects.flatMap(({ value, attributes }) => {
      const outcome = attributes?.['benchlab.artifact.outcome'];
      return value > 0 && outcome !== undefined ? [[String(outcome), value]] : [];
    }),
  );
}

/** Hashes, without the folders and files beside them. */
const objectsIn = (path: string): string[] => readdirSync(path).filter((name) => /^[0-9a-f]{64}$/.test(name));

/** It was stored these seconds ago. */
function age(name: string | undefined, seconds: number): void {
  const then = Date.now() / 1000 - seconds;
  utimesSync(join(folder, name ?? ''), then, then);
}

async function firstOf<T>(values: AsyncIterable<T>): Promise<T | undefined> {
  for await (const value of values) return value;
  return undefined;
}

async function* pieces(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

describe('an artifact', () => {
  it('is stored once under its hash, whole and for its owner alone, and comes back', async () => {
    const artifacts = store();
    const first = await artifacts.keep('stdout', 'built 3 kernels');
    expect(first).toEqual({ sha256: sha256('built 3 kernels'), sizeBytes: 15, isCut: false, isKnown: false });
    expect(await artifacts.keep('again', Buffer.from('built 3 kernels'))).toMatchObject({ isKnown: true });
    expect(await store().keep('stream', pieces('built ', '3 kernels'))).toMatchObject({ isKnown: true });
    expect(objectsIn(folder)).toEqual([first?.sha256]);
    expect(readdirSync(join(folder, 'scratch'))).toEqual([]);
    expect(statSync(join(folder, first?.sha256 ?? '')).mode & 0o777).toBe(0o600);
    expect((await artifacts.get(first?.sha256 ?? '')).toString()).toBe('built 3 kernels');
    expect(counts(artifacts)).toEqual({ stored: 1, known: 1 });
    expect(await artifacts.keep('empty', '')).toMatchObject({ sizeBytes: 0, sha256: sha256('') });
  });

  it('is masked before it is hashed, unless its bytes must stay', async () => {
    const artifacts = store();
    const text = 'connect with password=hunter2-long and go on';
    const masked = await artifacts.keep('stdout', text);
    expect((await artifacts.get(masked?.sha256 ?? '')).toString()).toBe('connect with [masked] and go on');
    expect(masked?.sha256).toBe(sha256('connect with [masked] and go on'));
    expect(await artifacts.keep('binary', text, { masks: [] })).toMatchObject({ sha256: sha256(text) });
    expect(await artifacts.keep('own', 'user 4711', { masks: [/\d{4}/] })).toMatchObject({
      sha256: sha256('user [masked]'),
    });
  });

  it('has its bytes of the moment when it was given', async () => {
    const artifacts = store();
    const bytes = Buffer.from('before');
    const kept = artifacts.keep('buffer', bytes);
    bytes.write('after!');
    expect(await kept).toMatchObject({ sha256: sha256('before') });
  });

  it.each<[string, (text: string) => string | Uint8Array | AsyncIterable<Uint8Array>]>([
    ['a text', (text) => text],
    ['bytes', (text) => Buffer.from(text)],
    ['a stream', (text) => pieces(...(text.match(/.{1,50000}/gs) ?? []))],
  ])(
    'of %s is cut at the largest size, which is stated, and at the cut no part of a secret is left',
    async (_, given) => {
      const artifacts = store({ maxObjectBytes: 100_000 });
      // The cut is within the secret, which would have gone unseen without what follows.
      const secret = `gh${'p'}_0123456789abcdefghij0123`;
      const text = `${'.'.repeat(99_999 - 8)} ${secret} ${'-'.repeat(200_000)}`;
      const kept = await artifacts.keep('stdout', given(text));
      expect(kept).toMatchObject({ sizeBytes: 100_000, isCut: true });
      expect((await artifacts.get(kept?.sha256 ?? '')).toString()).toBe(`${'.'.repeat(99_999 - 8)} [masked]`);
      expect(await artifacts.keep('exact', given('x'.repeat(100_000)))).toMatchObject({
        sizeBytes: 100_000,
        isCut: false,
      });
    },
  );

  it('of a stream is read to its end when it is cut, so that its writer does not wait', async () => {
    const artifacts = store({ maxObjectBytes: 1_000 });
    const child = spawn(process.execPath, ['-e', 'process.stdout.write("x".repeat(4e6), () => process.exit(7))']);
    const code = new Promise((resolve) => child.once('exit', resolve));
    expect(await artifacts.keep('stdout', child.stdout)).toMatchObject({ isCut: true, sizeBytes: 1_000 });
    expect(await code).toBe(7);
  });
});

describe('reading', () => {
  it('refuses an object that was cut or changed on the disk, and storing it again repairs it', async () => {
    const artifacts = store();
    const kept = await artifacts.keep('stdout', 'whole');
    const path = join(folder, kept?.sha256 ?? '');
    truncateSync(path, 3);
    await expect(artifacts.get(kept?.sha256 ?? '')).rejects.toThrow(
      `The artifact ${kept?.sha256} in ${folder} is damaged: its 3 bytes have the SHA-256 ${sha256('who')}.`,
    );
    expect(await artifacts.keep('stdout', 'whole')).toMatchObject({ isKnown: false });
    expect((await artifacts.get(kept?.sha256 ?? '')).toString()).toBe('whole');
  });

  it.each([
    ['a'.repeat(64), 'is not in '],
    ['A'.repeat(64), 'sha256 is "AAAA'],
    ['../../etc/passwd', 'It must be 64 hexadecimal digits'],
    [undefined, 'It must be 64 hexadecimal digits'],
  ])('%# refuses a hash that is not there or is not one', async (hash, message) => {
    await expect(store().get(hash as string)).rejects.toThrow(message);
  });
});

describe('the application does not notice', () => {
  it('a folder that cannot be made, or that is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    const artifacts = store({ place: join(folder, 'file') });
    expect(await artifacts.keep('stdout', 'x')).toBeUndefined();
    expect(await artifacts.keep('stdout', pieces('x'))).toBeUndefined();
    expect(counts(artifacts)).toEqual({ failed: 2 });
    expect(reports).toEqual([expect.stringContaining('artifacts: an artifact was not stored in ')]);
  });

  it('an object that cannot get its name', async () => {
    mkdirSync(join(folder, sha256('taken')));
    expect(await store().keep('stdout', 'taken')).toBeUndefined();
    expect(readdirSync(join(folder, 'scratch'))).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['a number', 7],
    ['nothing', undefined],
    ['an object', {}],
    ['a stream of texts', pieces('x')],
  ])('content that is %s', async (what, content) => {
    const texts = (async function* () {
      yield 'text';
    })();
    const artifacts = store();
    const given = what === 'a stream of texts' ? texts : content;
    expect(await artifacts.keep('stdout', given as string)).toBeUndefined();
    expect(counts(artifacts)).toEqual({ failed: 1 });
  });

  it.each<[string, unknown]>([
    ['options that are null', null],
    ['masks that are not patterns', { masks: 'none' }],
    ['a span that is not one', { span: {} }],
  ])('%s', async (_, options) => {
    expect(await store().keep('stdout', 'x', options as object)).toBeUndefined();
  });

  it('a stream that fails', async () => {
    const artifacts = store();
    const failing = (async function* () {
      yield Buffer.from('begun');
      throw new Error('the pipe broke');
    })();
    expect(await artifacts.keep('stdout', failing)).toBeUndefined();
    expect(reports.join()).toContain('the pipe broke');
    expect([objectsIn(folder), readdirSync(join(folder, 'scratch'))]).toEqual([[], []]);
  });

  it('more than may wait, which is dropped and counted, and what comes later is stored', async () => {
    const artifacts = store({ maxWaitingBytes: 100 });
    const kept = await Promise.all(['a', 'b', 'c'].map((letter) => artifacts.keep(letter, letter.repeat(60))));
    expect(kept.map((each) => each !== undefined)).toEqual([true, false, false]);
    expect(counts(artifacts)).toEqual({ stored: 1, dropped: 2 });
    expect(await artifacts.keep('later', 'later')).toBeDefined();
  });

  it('more streams than are read at once: the writers of the others do not wait', async () => {
    const artifacts = store();
    let ended = 0;
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const stream = async function* (isOpen: boolean) {
      if (!isOpen) await gate;
      yield Buffer.from('x');
      ended += 1;
    };
    const waiting = Array.from({ length: 16 }, () => artifacts.keep('stream', stream(false)));
    expect(await artifacts.keep('one more', stream(true))).toBeUndefined();
    await expect.poll(() => ended).toBe(1);
    open();
    await Promise.all(waiting);
    const { stored = 0, known = 0, dropped } = counts(artifacts);
    expect([stored + known, dropped]).toEqual([16, 1]);
  });
});

describe('a place', () => {
  it('within its quota loses its oldest objects, and none that was stored again', async () => {
    const artifacts = store({ quotaBytes: 1_000 });
    const [first, second] = [await artifacts.keep('1', '1'.repeat(400)), await artifacts.keep('2', '2'.repeat(400))];
    age(first?.sha256, 2_000);
    age(second?.sha256, 1_000);
    await artifacts.keep('1', '1'.repeat(400)); // newer now
    await artifacts.keep('3', '3'.repeat(400));
    const { removed, leftBytes } = await artifacts.prune();
    expect(removed.map((each) => each.sha256)).toEqual([second?.sha256]);
    expect([leftBytes, objectsIn(folder).length]).toEqual([800, 2]);
  });

  it('makes room by itself while objects are stored', async () => {
    const artifacts = store({ quotaBytes: 1_000 });
    for (let k = 0; k < 20; k++) await artifacts.keep('x', String(k % 10).repeat(300 + k));
    // 10 s pass between two lists of a full place: another process lists it now.
    await store({ quotaBytes: 1_000 }).keep('y', 'y');
    expect(objectsIn(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThan(1_400);
  });

  it('loses objects that are too old, and what killed writers left', async () => {
    const artifacts = store({ maxAgeDays: 1 });
    const [old, young] = [await artifacts.keep('1', 'old'), await artifacts.keep('2', 'young')];
    age(old?.sha256, 90_000);
    expect(await artifacts.prune()).toMatchObject({ removed: [{ sha256: old?.sha256 }], leftObjects: 1 });
    expect(objectsIn(folder)).toEqual([young?.sha256]);
  });

  it('keeps an object that is stored again while it is removed', async () => {
    const place = folderArtifacts(folder);
    const artifacts = store({ place });
    const kept = await artifacts.keep('1', 'again');
    age(kept?.sha256, 1_000);
    const listed = await firstOf(place.list());
    await artifacts.keep('1', 'again');
    expect(listed && (await place.remove(listed))).toBe(false);
    expect(objectsIn(folder)).toEqual([kept?.sha256]);
  });

  it('is used by several processes at a time: each content is there once and whole', async () => {
    const program = `
      const { artifactStore } = await import(process.argv[1]);
      const artifacts = artifactStore({ place: process.argv[2], quotaBytes: 50_000 });
      for (let k = 0; k < 40; k++) await artifacts.keep('x', String(k % 8).repeat(5_000 + (k % 8)));
      process.exitCode = artifacts.counts().some(({ attributes, value }) => attributes?.['benchlab.artifact.outcome'] === 'failed' && value > 0) ? 1 : 0;`;
    const dist = new URL('../../dist/index.js', import.meta.url).href;
    const codes = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve) => {
            const args = ['--input-type=module', '-e', program, dist, folder];
            spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }).once('exit', resolve);
          }),
      ),
    );
    expect(codes).toEqual([0, 0, 0]);
    const names = objectsIn(folder);
    expect(names).toHaveLength(8);
    for (const name of names) expect(sha256(readFileSync(join(folder, name)))).toBe(name);
    expect(readdirSync(join(folder, 'scratch'))).toEqual([]);
  });
});

describe('evidence', () => {
  const until = '2099-01-31';

  it('outlives quota and age until it is released, and each change is a line of the log', async () => {
    const artifacts = store({ maxAgeDays: 0, quotaBytes: 10 });
    const kept = await artifacts.keep('report', 'the verifier found no fault');
    const hash = kept?.sha256 ?? '';
    const hold = await artifacts.hold(hash, { until, reason: 'audit 7' });
    expect(hold).toMatchObject({ sha256: hash, until: '2099-01-31T00:00:00.000Z', reason: 'audit 7' });
    age(hash, 1);
    expect((await artifacts.prune()).removed).toEqual([]);
    expect(await artifacts.holds()).toEqual([hold]);
    expect(await artifacts.keep('another', 'no room is left for this one')).toBeUndefined();
    expect(counts(artifacts)).toEqual({ stored: 1, full: 1 });
    expect(await artifacts.release(hash, { reason: 'audit 7 is over' })).toBe(true);
    expect(await artifacts.release(hash, { reason: 'twice' })).toBe(false);
    expect((await artifacts.prune()).removed).toHaveLength(1);
    const log = readFileSync(join(folder, 'holds.log'), 'utf8').trim().split('\n');
    expect(log.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ action: 'hold', sha256: hash, reason: 'audit 7', by: expect.any(String) }),
      expect.objectContaining({ action: 'release', sha256: hash, reason: 'audit 7 is over' }),
    ]);
  });

  it('whose time is over is removed like another object', async () => {
    const artifacts = store({ maxAgeDays: 0 });
    const hash = (await artifacts.keep('report', 'x'))?.sha256 ?? '';
    const past = '2020-01-01T00:00:00.000Z';
    await folderArtifacts(folder).setHold({ sha256: hash, since: past, until: past, reason: 'r', by: 'b' });
    age(hash, 1);
    expect((await artifacts.prune()).removed).toHaveLength(1);
    expect(readFileSync(join(folder, 'holds.log'), 'utf8')).toContain('"action":"expired"');
  });

  it('is not held for a shorter time than before, but for a longer one', async () => {
    const artifacts = store();
    const hash = (await artifacts.keep('report', 'x'))?.sha256 ?? '';
    await artifacts.hold(hash, { until, reason: 'long' });
    await expect(artifacts.hold(hash, { until: '2098-01-01', reason: 'short' })).rejects.toThrow(
      'is on hold until 2099-01-31T00:00:00.000Z already: long. Release it before',
    );
    expect(await artifacts.hold(hash, { until: new Date('2100-01-01'), reason: 'longer' })).toMatchObject({
      reason: 'longer',
    });
  });

  it.each([
    ['yesterday', { until: '2020-01-01', reason: 'r' }, 'until is "2020-01-01". It must be a time ahead'],
    ['a time that is not one', { until: 'soon', reason: 'r' }, 'until is "soon"'],
    ['a number', { until: 4e12, reason: 'r' }, 'until is 4000000000000'],
    ['no reason', { until, reason: ' ' }, 'reason is " "'],
  ])('refuses %s', async (_, options, message) => {
    const artifacts = store();
    const hash = (await artifacts.keep('report', 'x'))?.sha256 ?? '';
    await expect(artifacts.hold(hash, options as never)).rejects.toThrow(message);
    expect(await artifacts.holds()).toEqual([]);
  });

  it('that is not there or damaged is refused, and leaves no hold', async () => {
    const artifacts = store();
    await expect(artifacts.hold('a'.repeat(64), { until, reason: 'r' })).rejects.toThrow('is not in ');
    const hash = (await artifacts.keep('report', 'whole'))?.sha256 ?? '';
    writeFileSync(join(folder, hash), 'other');
    await expect(artifacts.hold(hash, { until, reason: 'r' })).rejects.toThrow('is damaged');
    expect(await artifacts.holds()).toEqual([]);
  });

  it('stays when the file of its hold is damaged, until it is released', async () => {
    const artifacts = store({ maxAgeDays: 0 });
    const hash = (await artifacts.keep('report', 'x'))?.sha256 ?? '';
    await artifacts.hold(hash, { until, reason: 'r' });
    writeFileSync(join(folder, 'holds', `${hash}.json`), '{"sha256":');
    age(hash, 1);
    expect((await artifacts.prune()).removed).toEqual([]);
    expect(await artifacts.holds()).toEqual([
      expect.objectContaining({ reason: expect.stringContaining('cannot be read') }),
    ]);
    await artifacts.hold(hash, { until, reason: 'held again' });
    expect(await artifacts.holds()).toEqual([expect.objectContaining({ reason: 'held again' })]);
    await artifacts.release(hash, { reason: 'over' });
    expect((await artifacts.prune()).removed).toHaveLength(1);
  });

  it('that is put on hold while it is removed stays', async () => {
    const place = folderArtifacts(folder);
    const artifacts = store({ place });
    const hash = (await artifacts.keep('report', 'x'))?.sha256 ?? '';
    const listed = await firstOf(place.list());
    await artifacts.hold(hash, { until, reason: 'r' });
    expect(listed && (await place.remove(listed))).toBe(false);
    expect(existsSync(join(folder, hash))).toBe(true);
  });
});

describe('the span', () => {
  const tracer = new TracerProvider().getTracer('test');

  it('has names, hashes and sizes of its artifacts, also of those that are stored after its end', async () => {
    const artifacts = store({ maxObjectBytes: 10 });
    const span = tracer.startSpan('compile');
    void artifacts.keep('stdout', 'built', { span });
    void artifacts.keep('stderr', 'a long warning', { span });
    expect(await ended(artifacts, span)).toEqual({
      'benchlab.artifact.names': ['stdout', 'stderr'],
      'benchlab.artifact.hashes': [sha256('built'), sha256('a long war')],
      'benchlab.artifact.sizes': [5, 10],
      'benchlab.artifact.stored': true,
      'benchlab.artifact.cut': true,
    });
    expect(await ended(artifacts, span)).toBeUndefined();
  });

  it('states that an artifact was not stored, and the others are there', async () => {
    const artifacts = store({ maxWaitingBytes: 8 });
    const span = tracer.startSpan('compile');
    void artifacts.keep('stdout', 'built', { span });
    void artifacts.keep('stderr', 'dropped', { span });
    expect(await ended(artifacts, span)).toMatchObject({
      'benchlab.artifact.names': ['stdout'],
      'benchlab.artifact.stored': false,
    });
  });

  it('without artifacts has no attributes, and neither has one that is not sampled', async () => {
    const artifacts = store();
    expect(await ended(artifacts, tracer.startSpan('other'))).toBeUndefined();
  });

  it('leaves with false when a place takes too long', async () => {
    const slow: ArtifactPlace = Object.assign(Object.create(folderArtifacts(folder)), {
      name: 'slow',
      begin: () => new Promise(() => {}),
      holds: async () => [],
      list: () => pieces(),
    });
    const artifacts = store({ place: slow });
    const span = tracer.startSpan('compile');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    void artifacts.keep('stdout', 'built', { span });
    const attributes = ended(artifacts, span);
    vi.advanceTimersByTime(4_000);
    expect(await attributes).toEqual({ 'benchlab.artifact.stored': false });
  });

  function ended(artifacts: ArtifactStore, span: ReturnType<typeof tracer.startSpan>) {
    const { traceId, spanId } = span.spanContext();
    const times = { startNs: 0, endNs: 1, uncertaintyNs: 0 };
    return artifacts.spanEnded?.({ traceId, spanId, name: 'compile', kind: 0, attributes: {}, ...times });
  }
});

it.each<[unknown, string]>([
  [{}, 'place is undefined. It must be a folder, folderArtifacts() or s3Artifacts().'],
  [{ place: '' }, 'place is "". It must be a text that is not empty.'],
  [{ place: {} }, 'place is an object.'],
  [{ place: '/x', quotaByte: 1 }, 'the nearest option is quotaBytes'],
  [{ place: '/x', quotaBytes: 0 }, 'quotaBytes is 0. It must be a whole number of at least 1.'],
  [{ place: '/x', maxObjectBytes: 1.5 }, 'maxObjectBytes is 1.5.'],
  [{ place: '/x', maxAgeDays: -1 }, 'maxAgeDays is -1.'],
  [{ place: '/x', masks: [/ä/] }, 'a pattern of ASCII'],
])('%# wrong options are refused', (options, message) => {
  expect(() => artifactStore(options as ArtifactStoreOptions)).toThrow(message);
});
