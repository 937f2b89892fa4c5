import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ManualClock } from '@benchlab-otel/core/testing';
import { packTar, type TarEntry } from 'modern-tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseSessionFile } from '../folder/sessionFile.ts';
import { sessionRecorder } from '../recorder/openRecorder.ts';
import { formatManifest, type ManifestFile } from './manifest.ts';
import { packSession } from './packSession.ts';
import { unpackSession } from './unpackSession.ts';

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-archive-'));
  target = join(folder, 'target');
});
afterEach(() => rmSync(folder, { recursive: true }));

const archive = () => join(folder, 'a.tar.gz');
const record = () => sessionRecorder({ dataRoot: folder, name: 'a', clock: new ManualClock(), segmentBytes: 20_000 });

async function session(): Promise<string> {
  const recorder = await record();
  for (let k = 0; k < 500; k++) {
    for (const stage of ['in', 'out']) {
      recorder.stage({ timeNs: k * 1e6, uncertaintyNs: 0, stage, frameId: String(k), source: 'test' });
    }
    if (k % 100 === 0) await recorder.flush();
  }
  return (await recorder.close()).paths.folder;
}

function contents(of: string): Record<string, string> {
  const entries = readdirSync(of, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(of.length + 1), readFileSync(path).toString('base64')] as const;
    }),
  );
}

test('a session is packed and unpacked whole, and states that it was imported', async () => {
  const from = await session();
  const packed = await packSession(from, archive());
  const first = await unpackSession(archive(), target);
  const second = await unpackSession(archive(), target);

  expect(packed).toMatchObject({ leftOut: [] });
  expect(first).toEqual({ folder: join(target, 'sessions/a'), files: packed.files });
  expect(second.folder).toBe(join(target, 'sessions/a-2'));
  const { 'session.json': own, ...files } = contents(first.folder);
  const { 'session.json': before, ...others } = contents(from);
  expect(files).toEqual(others);
  const parsed = (text = '') => parseSessionFile(Buffer.from(text, 'base64').toString(), 'session.json');
  expect(parsed(own)).toEqual({ ...parsed(before), imported: 'archive a.tar.gz' });
  expect(readdirSync(join(target, 'sessions'))).toEqual(['a', 'a-2']);
});

test('the same session gives the same archive', async () => {
  const from = await session();
  await packSession(from, archive());
  const first = readFileSync(archive());
  await packSession(from, archive());

  expect(readFileSync(archive()).equals(first)).toBe(true);
});

test('links, locks and strange names are left out, and reported', async () => {
  const from = await session();
  symlinkSync('/etc/passwd', join(from, 'raw/passwd.jsonl'));
  writeFileSync(join(from, 'raw/-rf'), '');
  mkdirSync(join(from, 'analytics'));

  expect((await packSession(from, archive())).leftOut.toSorted()).toEqual(['analytics', 'raw/-rf', 'raw/passwd.jsonl']);
});

test('what is being recorded is not packed, and what is not a session neither', async () => {
  const recorder = await record();
  await expect(packSession(recorder.paths.folder, archive())).rejects.toThrow(/is being written/);
  await recorder.close();
  await expect(packSession(target, archive())).rejects.toThrow(/is not a session/);
  await expect(packSession(recorder.paths.folder, join(folder, 'no/where.tar.gz'))).rejects.toThrow(
    /cannot be written/,
  );
  expect(existsSync(archive())).toBe(false);
});

describe('an archive is refused before a byte lands', () => {
  const hashed = (path: string, text: string): ManifestFile => ({
    path,
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  const file = (name: string, body: string): TarEntry => ({ header: { name, size: Buffer.byteLength(body) }, body });
  const manifest = (files: readonly ManifestFile[]) => file('manifest.json', formatManifest('a', files));
  const line = '{"ts_ns":1}\n';
  const good = hashed('raw/pipeline.jsonl', line);

  test.each<[string, readonly TarEntry[], RegExp]>([
    ['another hash', [manifest([good]), file(good.path, '{"ts_ns":2}\n')], /another hash/],
    ['another size', [manifest([good]), file(good.path, 'x')], /has 1 bytes, not 12/],
    ['a file more', [manifest([good]), file(good.path, line), file('raw/b.jsonl', '')], /is not in its manifest/],
    ['a file twice', [manifest([good]), file(good.path, line), file(good.path, line)], /or there twice/],
    ['a file less', [manifest([good])], /is in its manifest, and not in it/],
    ['a way out by name', [manifest([good]), file('../../x', line)], /is not in its manifest/],
    ['a way out in the manifest', [manifest([hashed('raw/../../x', line)])], /not the path of a file in a session/],
    ['an absolute name', [manifest([hashed('/etc/cron.d/x', line)])], /not the path of a file/],
    ['a lock', [manifest([hashed('.lock', line)])], /not the path of a file/],
    ['a name twice in the manifest', [manifest([good, good])], /names a file twice/],
    ['no manifest', [file(good.path, line)], /does not begin with a manifest/],
    ['nothing', [], /it is empty/],
    ['a manifest that is not JSON', [file('manifest.json', '{')], /is not JSON/],
    [
      'a newer manifest',
      [file('manifest.json', '{"schema":"benchlab-otel/session-archive","version":2}')],
      /wrong at version/,
    ],
    [
      'a link',
      [manifest([good]), { header: { name: good.path, size: 0, type: 'symlink', linkname: '/etc/passwd' } }],
      /is a symlink, and only files/,
    ],
    [
      'a hard link',
      [manifest([good]), { header: { name: good.path, size: 0, type: 'link', linkname: '/etc/passwd' } }],
      /is a link, and only files/,
    ],
    ['a folder', [manifest([good]), { header: { name: 'raw/', size: 0, type: 'directory' } }], /is a directory/],
  ])('%s', async (_, entries, message) => {
    writeFileSync(archive(), gzipSync(await packTar(entries)));

    await expect(unpackSession(archive(), target)).rejects.toThrow(message);
    await expect(unpackSession(archive(), target)).rejects.toMatchObject({ code: 'BAD_REPLY' });
    expect(existsSync(target)).toBe(false);
  });

  test('one that unpacks to hundreds of times its size', async () => {
    const zeros = ' '.repeat(20_000_000);
    writeFileSync(archive(), gzipSync(await packTar([manifest([hashed(good.path, zeros)]), file(good.path, zeros)])));

    await expect(unpackSession(archive(), target)).rejects.toThrow(/it unpacks to too much/);
    expect(existsSync(target)).toBe(false);
  });

  test('one that was cut or changed anywhere', async () => {
    await packSession(await session(), archive());
    const whole = readFileSync(archive());
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      writeFileSync(archive(), whole.subarray(0, Math.floor(whole.length * share)));
      await expect(unpackSession(archive(), target)).rejects.toMatchObject({ code: 'BAD_REPLY' });
    }
    const tar = gunzipSync(whole);
    for (let k = 1; k < 12; k++) {
      const changed = Buffer.from(tar);
      const at = Math.floor((tar.length * k) / 13);
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      writeFileSync(archive(), gzipSync(changed));
      // Padding between files may change without a consequence.
      await unpackSession(archive(), target).catch((error) => expect(error).toMatchObject({ code: 'BAD_REPLY' }));
    }
    expect(readdirSync(folder).sort()).toEqual(
      existsSync(target) ? ['a.tar.gz', 'sessions', 'target'] : ['a.tar.gz', 'sessions'],
    );
  });

  test('what is no archive, and what is not there', async () => {
    writeFileSync(archive(), 'rubbish');
    await expect(unpackSession(archive(), target)).rejects.toThrow(/not a whole .tar.gz/);
    await expect(unpackSession(folder, target)).rejects.toThrow(/is no file/);
    await expect(unpackSession(join(folder, 'nowhere'), target)).rejects.toThrow(/cannot be read/);
  });
});

test('tar of the system lists it', async () => {
  await packSession(await session(), archive());
  const names = execFileSync('tar', ['tzf', archive()], { encoding: 'utf8' }).trimEnd().split('\n');

  expect(names[0]).toBe('manifest.json');
  expect(names).toEqual(expect.arrayContaining(['session.json', 'aligned/latency.jsonl', 'raw/pipeline.1.jsonl.gz']));
});
