import { BenchlabError } from '@benchlab-otel/core';
import { z } from 'zod';

/** Raised when readers of the version before would read something wrong. */
const archiveVersion = 1 as const;

/** The first entry of an archive: what the others are. */
export interface Manifest {
  readonly schema: 'benchlab-otel/session-archive';
  readonly version: typeof archiveVersion;
  /** Name of the session. */
  readonly name: string;
  readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
  /** Within the folder of the session: `raw/pipeline.jsonl`. */
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export const manifestName = 'manifest.json';
export const maxManifestBytes: number = 4 * 1024 * 1024;
/** Bounds of an archive. A day of a bench has some hundred segments. */
const maxFiles = 10_000;
/** Bytes of a session after it was unpacked. */
export const mostBytes = 1e12;
/** The folders of a session, and files of its own. Nothing begins with a dot, so that neither `..` nor a lock is in it. */
const filePath = /^(?:(?:raw|aligned|cx-export)\/)?[A-Za-z0-9_][A-Za-z0-9._ -]{0,199}$/;

/** Whether a file of a session goes into an archive. */
export function isArchived(path: string): boolean {
  return filePath.test(path) && !path.endsWith('.part') && path !== 'marks.jsonl' && path !== manifestName;
}

export function formatManifest(name: string, files: readonly ManifestFile[]): string {
  const manifest: Manifest = { schema: 'benchlab-otel/session-archive', version: archiveVersion, name, files };
  return `${JSON.stringify(manifest, undefined, 1)}\n`;
}

/** @throws BenchlabError BAD_REPLY for what is not a manifest, or names a file that no session has */
export function parseManifest(text: string, archive: string): Manifest {
  const file = z.object({
    path: z.string().refine(isArchived, 'it is not the path of a file in a session'),
    bytes: z.number().int().min(0).max(mostBytes),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  });
  const schema = z.object({
    schema: z.literal('benchlab-otel/session-archive'),
    version: z.literal(archiveVersion),
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
    files: z.array(file).max(maxFiles),
  });
  const read = schema.safeParse(parsed(text, archive));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw badArchive(archive, `its manifest is wrong at ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const paths = read.data.files.map(({ path }) => path);
  if (new Set(paths).size !== paths.length) throw badArchive(archive, 'its manifest names a file twice');
  return read.data;
}

function parsed(text: string, archive: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badArchive(archive, 'its manifest is not JSON');
  }
}

export function badArchive(archive: string, why: string): BenchlabError {
  const fix = 'Nothing was unpacked. Copy the archive again, and check where it comes from.';
  return new BenchlabError('BAD_REPLY', `${archive} is refused: ${why}.`, fix);
}
