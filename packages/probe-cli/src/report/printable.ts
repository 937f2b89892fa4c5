/** Everything that a terminal acts on or does not show: control and format characters, bidirectional marks, line separators. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Text from outside as one line: what is not printable is written as JSON writes it, `\u001b`. */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** The same for a text of several lines, and for JSON, which keeps its meaning: line feeds and tabs stay. */
export function printableLines(text: string): string {
  return text.replace(unprintable, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => unit(character.charCodeAt(index))).join('');
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

const maxName = 60;

/** A name for a column of a table. */
export function shortened(name: string): string {
  const plain = printable(name);
  return plain.length > maxName ? `${plain.slice(0, maxName - 1)}…` : plain;
}
