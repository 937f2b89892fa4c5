import type { Finding } from '../findings/finding.ts';

/** A file as text. */
export interface LintFile {
  /** As it was given, or found below a folder that was given. */
  readonly path: string;
  readonly text: string;
  /** The user named this file, and not a folder above it: a kind that cannot read it must state so. */
  readonly isNamed: boolean;
  /** The bytes began with a byte order mark, which the text does not have: some programs refuse it. */
  readonly hasByteOrderMark?: true;
}

/**
 * Largest file that is read, in bytes. Configuration is written by people; the largest rule files of public mixins have
 * about 200 KB. The limit bounds the time and memory of the YAML parser, which takes some seconds for 2 MiB.
 */
export const maxFileBytes: number = 2 * 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const byteOrderMark = '\uFEFF';

/** The text of a file, or why it has none. The bytes may be more than `maxFileBytes`: the rest is not looked at. */
export function textOf(
  path: string,
  bytes: Uint8Array,
  isNamed: boolean,
): { readonly file: LintFile } | { readonly finding: Finding } {
  if (bytes.length > maxFileBytes) return { finding: tooLarge(path) };
  if (bytes.includes(0)) {
    return { finding: fileFinding(path, 'file-binary', 'The file has zero bytes, so it is not text.', notText) };
  }
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { finding: fileFinding(path, 'file-not-utf8', 'The file is not UTF-8.', 'Save it as UTF-8.') };
  }
  const hasByteOrderMark = text.startsWith(byteOrderMark);
  if (hasByteOrderMark) text = text.slice(1);
  if (text.trim() !== '') return { file: { path, text, isNamed, ...(hasByteOrderMark ? { hasByteOrderMark } : {}) } };
  return { finding: fileFinding(path, 'file-empty', 'The file is empty.', 'Write its content, or remove the file.') };
}

const notText = 'Name a text file.';

/** The finding about a file that is too large to be read. */
export function tooLarge(path: string): Finding {
  const message = `The file has more than ${maxFileBytes / 1024 / 1024} MiB.`;
  return fileFinding(
    path,
    'file-too-large',
    message,
    'Name the configuration alone, and divide it where it is that long.',
  );
}

/** The finding about a file that cannot be read. */
export function unreadable(path: string, why: string): Finding {
  const fix = 'Name a regular file that you may read.';
  return fileFinding(path, 'file-unreadable', `The file cannot be read: ${why}.`, fix);
}

function fileFinding(file: string, rule: string, message: string, fix: string): Finding {
  return { rule, severity: 'error', message, fix, file, line: 1 };
}
