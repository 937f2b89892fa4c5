import stringWidth from 'string-width';

/** What a terminal acts on, or shows so that the text around it changes: control, format and bidirectional characters. */
const unprintable =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\p{Co}\p{Cn}]/gu;

/**
 * Characters of one column that the screen itself is drawn with: Latin letters, dashes and dots, arrows, boxes, blocks, shapes and
 * braille. string-width judges the others, and takes tens of milliseconds before its first answer.
 */
const narrow = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25f7\u2800-\u28ff]*$/;

/** A text from outside for one line of a terminal: what is not printable becomes `·`. Emoji of several characters stay whole. */
export function safeText(text: string): string {
  return narrow.test(text) ? text : text.replace(unprintable, '·');
}

/** The characters of a text as people see them, with the columns that each takes: 1, or 2 for wide ones and emoji. */
export function graphemes(
  text: string,
  segmenter: Intl.Segmenter,
): readonly (readonly [text: string, width: number])[] {
  if (narrow.test(text)) return Array.from(text, (character) => [character, 1] as const);
  return Array.from(segmenter.segment(text), ({ segment }) => [segment, Math.min(2, stringWidth(segment))] as const);
}

/** Columns of a text. */
export function columnsOf(text: string): number {
  return narrow.test(text) ? text.length : stringWidth(text);
}

/** A text of at most `columns` columns: a longer one ends with `…`. */
export function fitted(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  if (columns <= 0) return '';
  let [kept, width] = ['', 0];
  for (const [character, own] of graphemes(text, new Intl.Segmenter())) {
    if (width + own > columns - 1) break;
    kept += character;
    width += own;
  }
  return `${kept}…`;
}
