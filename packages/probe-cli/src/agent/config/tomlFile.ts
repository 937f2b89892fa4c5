import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { parse, TomlError } from 'smol-toml';

/** A TOML file that was read, with the lines of its keys. */
export interface TomlFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The line of a key, from 1: `general.sample_hz`, or `general` for a section. Undefined where it is not known. */
  lineOf(path: string): number | undefined;
}

/** @throws BenchlabError BAD_OPTION that states the line and what is wrong there */
export function tomlFile(path: string, bytes: Uint8Array): TomlFile {
  const text = decoded(path, bytes);
  try {
    const values = parse(text);
    const lines = keyLines(text);
    return { path, values, lineOf: (key) => lines.get(key) };
  } catch (cause) {
    const at = cause instanceof TomlError ? `${path}:${cause.line}:${cause.column}` : path;
    const [what = ''] = messageOf(cause).split('\n');
    throw new BenchlabError(
      'BAD_OPTION',
      `${at} is not TOML: ${what}.`,
      'Correct this line; https://toml.io has the form.',
      {
        cause,
      },
    );
  }
}

function decoded(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BenchlabError('BAD_OPTION', `${path} is not text in UTF-8.`, 'Save it as UTF-8.', { cause });
  }
}

const header = /^\s*(\[\[?)\s*([\w.\-\s"']+?)\s*\]\]?\s*(?:#.*)?$/;
const keyOfLine = /^\s*([\w.\-"']+(?:\s*\.\s*[\w\-"']+)*)\s*=/;

/** The parser keeps no places. Its result is right, so each line that looks like a key is one, unless a text has several lines. */
function keyLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const entries = new Map<string, number>();
  let section = '';
  for (const [index, line] of text.split('\n').entries()) {
    const [, brackets, table] = header.exec(line) ?? [];
    const note = (path: string) => void (lines.has(path) || lines.set(path, index + 1));
    if (table !== undefined) {
      section = plainKey(table);
      note(section);
      if (brackets === '[') continue;
      // One more table of a list: alerts.rules.0
      const number = entries.get(section) ?? 0;
      entries.set(section, number + 1);
      section = `${section}.${number}`;
      note(section);
      continue;
    }
    const key = keyOfLine.exec(line)?.[1];
    if (key !== undefined) note(section === '' ? plainKey(key) : `${section}.${plainKey(key)}`);
  }
  return lines;
}

function plainKey(key: string): string {
  return key.replaceAll(/["'\s]/g, '');
}
