import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProvenanceId, provenanceId, withSpan } from '@benchlab-otel/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { telemetryRig } from '../start/telemetryRig.suite.ts';
import { checkArtefact, stampArtefact } from './artefact.ts';

const { start } = telemetryRig();

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'artefact-'));
  path = join(folder, 'kernel.o');
  writeFileSync(path, 'abc');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** FIPS 180-2, appendix B.1. */
const sha256OfAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const stamped = (): Promise<{ id: string }> =>
  withSpan('codegen', async (span) => {
    await stampArtefact(path);
    return { id: provenanceId(span) };
  });

describe('a stamped file', () => {
  it('has its hash and the span that made it, which its check returns', async () => {
    await start();
    const { id } = await stamped();
    expect(isProvenanceId(id)).toBe(true);
    expect(await checkArtefact(path)).toEqual({ file: 'kernel.o', sha256: sha256OfAbc, sizeBytes: 3, provenance: id });
    expect(readdirSync(folder)).toEqual(['kernel.o', 'kernel.o.provenance.json']);
  });

  it('is refused when it has changed, and is accepted after a new stamp', async () => {
    await start();
    await stamped();
    appendFileSync(path, 'd');
    await expect(checkArtefact(path)).rejects.toThrow(
      /differs from its stamp: it has 4 bytes .* and 3 bytes with ba7816/,
    );
    await stamped();
    expect(await checkArtefact(path)).toMatchObject({ sizeBytes: 4 });
  });

  it('is refused with the stamp of another file', async () => {
    await start();
    await stamped();
    const other = join(folder, 'other.o');
    writeFileSync(other, 'abc');
    writeFileSync(`${other}.provenance.json`, readFileSync(`${path}.provenance.json`));
    await expect(checkArtefact(other)).rejects.toThrow('is the stamp of another file, "kernel.o"');
  });
});

describe('what cannot be stamped or checked is refused', () => {
  it('outside of a span, and without telemetry', async () => {
    await expect(stampArtefact(path)).rejects.toThrow('no span is active');
    await start();
    await expect(stampArtefact(path)).rejects.toThrow('no span is active');
    expect(readdirSync(folder)).toEqual(['kernel.o']);
  });

  it('where the file is absent, a folder, or has no stamp', async () => {
    await start();
    await withSpan('codegen', async () => {
      await expect(stampArtefact(join(folder, 'none'))).rejects.toThrow('none cannot be read: ENOENT');
      await expect(stampArtefact(folder)).rejects.toThrow('it is not a file');
      await expect(stampArtefact('')).rejects.toThrow('path is "". It must be a text that is not empty.');
    });
    await expect(checkArtefact(path)).rejects.toThrow('kernel.o.provenance.json cannot be read: ENOENT');
  });

  it.each([
    ['no JSON', '{'],
    ['another format', '{"schema":"x","version":1}'],
    ['a later version', '{"schema":"benchlab-otel/provenance","version":2}'],
    [
      'a wrong hash',
      `{"schema":"benchlab-otel/provenance","version":1,"file":"kernel.o","sha256":"AB","sizeBytes":3,"provenance":"${'a'.repeat(32)}-${'b'.repeat(16)}"}`,
    ],
    [
      'a wrong size',
      `{"schema":"benchlab-otel/provenance","version":1,"file":"kernel.o","sha256":"${sha256OfAbc}","sizeBytes":-1,"provenance":"${'a'.repeat(32)}-${'b'.repeat(16)}"}`,
    ],
    [
      'no span',
      `{"schema":"benchlab-otel/provenance","version":1,"file":"kernel.o","sha256":"${sha256OfAbc}","sizeBytes":3,"provenance":"${'0'.repeat(32)}-${'0'.repeat(16)}"}`,
    ],
  ])('where the stamp has %s', async (_what, text) => {
    writeFileSync(`${path}.provenance.json`, text);
    await expect(checkArtefact(path)).rejects.toThrow('is not a stamp of version 1');
  });

  it('where the stamp has a megabyte', async () => {
    writeFileSync(`${path}.provenance.json`, ' '.repeat(1e6));
    await expect(checkArtefact(path)).rejects.toThrow('it has more than 65536 bytes');
  });
});
