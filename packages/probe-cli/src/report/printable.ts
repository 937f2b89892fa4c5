/** Text from outside on one line, free of what a terminal would act on (escape sequences, bidirectional marks). */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

const maxName = 60;

/** A name for a column of a table. */
export function shortened(name: string): string {
  const plain = printable(name);
  return plain.length > maxName ? `${plain.slice(0, maxName - 1)}…` : plain;
}
