import { OptionError } from '@benchlab-otel/core';

/**
 * The id of a clause of a specification: SHA-256 of its text in UTF-8, as 64 hexadecimal digits. The same text gives the
 * same id everywhere, and the text cannot be read back from it.
 *
 * @throws OptionError when `text` is not a string.
 * @example withSpanOf(spans.codegenLower, { 'clause.id': clauseId(clause.text), … }, lower);
 */
export function clauseId(text: string): string {
  if (typeof text !== 'string') {
    throw new OptionError({ option: 'The text of clauseId()', value: text, allowed: 'a string' });
  }
  // Not imported: bundlers for browsers stop at it, also where an application does not use this function.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
