/** Text from outside on one line, free of what a terminal would act on (escape sequences, bidirectional marks). */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}
