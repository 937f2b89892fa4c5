import type { ColourRole } from '../themes/theme.ts';
import { graphemes, safeText } from './cellText.ts';

/** How a cell looks: the role of its text, bold, and inverse, which marks a selected row in every theme and without colours. */
export interface Look {
  readonly role: Exclude<ColourRole, 'ground'>;
  readonly isBold?: boolean;
  readonly isInverse?: boolean;
}

/** A part of the screen in cells. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The roles as numbers of the cells. */
export const roles: readonly Look['role'][] = [
  'text',
  'emphasis',
  'border',
  'latency',
  'power',
  'accent',
  'good',
  'warn',
  'bad',
];
export const boldBit = 16;
export const inverseBit = 32;
export const roleBits = 15;

export interface CellsOptions {
  /** Shared between frames: making one takes milliseconds. */
  readonly segmenter?: Intl.Segmenter;
  /** The terminal shows ASCII alone. */
  readonly isAscii?: boolean;
}

/** What the signs of this screen become in ASCII. Other characters become `?`. */
const asciiSigns: Readonly<Record<string, string>> = {
  '─': '-',
  '–': '-',
  '●': '*',
  '■': '#',
  '○': 'o',
  '▲': '^',
  '▼': 'v',
  '▾': 'v',
  '▸': '>',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '…': '.',
  '✓': '+',
  '✗': 'x',
  '·': '.',
  '▏': '|',
  '≤': '<',
  '•': 'o',
  '█': '#',
};

/** A screen of cells: characters and looks. It is drawn again for each frame, and compared with the one before. */
export class Cells {
  readonly columns: number;
  readonly rows: number;
  /** The character of each cell; the empty text for the second cell of a wide one. */
  readonly texts: string[];
  readonly looks: Uint8Array;
  readonly #segmenter: Intl.Segmenter;
  readonly #isAscii: boolean;

  constructor(columns: number, rows: number, { segmenter, isAscii = false }: CellsOptions = {}) {
    this.columns = columns;
    this.rows = rows;
    this.#segmenter = segmenter ?? new Intl.Segmenter();
    this.#isAscii = isAscii;
    this.texts = new Array<string>(columns * rows).fill(' ');
    this.looks = new Uint8Array(columns * rows);
  }

  clear(): void {
    this.texts.fill(' ');
    this.looks.fill(0);
  }

  /**
   * Writes a text from a cell to the right, up to `end`. What does not fit is left out; a wide character is never cut.
   *
   * @returns the column after it
   */
  put(x: number, y: number, text: string, look: Look, end: number = this.columns): number {
    const limit = Math.min(end, this.columns);
    if (y < 0 || y >= this.rows) return x;
    const bits = bitsOf(look);
    let column = x;
    for (const [character, width] of graphemes(safeText(text), this.#segmenter)) {
      if (width === 0) continue;
      if (column + width > limit) break;
      if (column >= 0) this.#set(column, y, character, width, bits);
      column += width;
    }
    return column;
  }

  /** One cell whose character is known to take one column. */
  set(x: number, y: number, character: string, look: Look): void {
    if (x >= 0 && x < this.columns && y >= 0 && y < this.rows) this.#set(x, y, character, 1, bitsOf(look));
  }

  /** The rows as text, without what is blank at their ends. */
  lines(): readonly string[] {
    return Array.from({ length: this.rows }, (_, row) =>
      this.texts
        .slice(row * this.columns, (row + 1) * this.columns)
        .join('')
        .trimEnd(),
    );
  }

  #set(x: number, y: number, character: string, width: number, bits: number): void {
    const at = y * this.columns + x;
    this.texts[at] = this.#isAscii && character > '~' ? (asciiSigns[character] ?? '?') : character;
    this.looks[at] = bits;
    if (width < 2) return;
    this.texts[at + 1] = this.#isAscii ? '?' : '';
    this.looks[at + 1] = bits;
  }
}

function bitsOf({ role, isBold, isInverse }: Look): number {
  return roles.indexOf(role) | (isBold ? boldBit : 0) | (isInverse ? inverseBit : 0);
}
