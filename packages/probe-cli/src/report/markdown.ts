import { printable } from './printable.ts';

// Writers of GitHub Flavored Markdown whose texts come from outside.

/** Characters that Markdown, its tables, HTML or GitHub (mentions, issues, emoji, formulas, links) give a meaning. */
const special = /[&<>"'`|\\*_~[\]{}()!#@$:]|(?<=www)\./gi;

/**
 * A text as code. Not in backticks: a pipe within them ends a cell of a table in some readers, and a backtick ends the code.
 * As character references all are text, in every place.
 */
export function code(text: string): string {
  return `<code>${printable(text).replace(special, (character) => `&#${character.charCodeAt(0)};`)}</code>`;
}

/** Lines as a block of code, with a fence that is in none of them. */
export function codeBlock(lines: readonly string[]): readonly string[] {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return [fence, ...lines, fence];
}

/** A table. Cells are Markdown: texts from outside go through `code` first. */
export function tableOf(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)];
}
