import { printableLines } from '../report/printable.ts';

/** Characters of the output of a program that are kept. */
const mostCharacters = 4_000;

/**
 * The last part of what a program writes. In a comparison each program runs many times: its output is shown where a run fails, and
 * dropped otherwise.
 */
export class OutputTail {
  #text = '';

  readonly write = (text: string): void => {
    this.#text = (this.#text + text).slice(-mostCharacters);
  };

  /** It, indented; empty where the program wrote nothing. */
  shown(): string {
    const text = printableLines(this.#text).trimEnd();
    return text === '' ? '' : `${text.replaceAll(/^/gm, '  | ')}\n`;
  }
}
