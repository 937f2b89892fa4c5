import { OptionError } from '@benchlab-otel/core';

/** Characters of a name; a file system takes 255 bytes, and exports add to it. */
const maxLength = 100;
const nameRule = `1 to ${maxLength} letters, digits, ".", "_" and "-", which begin with a letter or digit`;
const pattern = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._-]{0,${maxLength - 1}}$`);

/**
 * `2025-11-11T14-30-00Z`: the name of a session that opens now. A name that is taken gets `-2`, `-3` …
 *
 * @param openedAt ms since 1970
 */
export function sessionName(openedAt: number, isTaken: (name: string) => boolean): string {
  const name = new Date(openedAt).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
  if (!isTaken(name)) return name;
  for (let next = 2; ; next++) if (!isTaken(`${name}-${next}`)) return `${name}-${next}`;
}

/**
 * A name that a user chose: it becomes a folder, and part of the names of exported files.
 *
 * @param option where it was given, for the message
 * @throws OptionError for a name that could leave the folder of sessions, or that some file system refuses
 */
export function checkedSessionName(name: string, option: string): string {
  if (!pattern.test(name)) throw new OptionError({ option, value: name, allowed: nameRule });
  return name;
}
