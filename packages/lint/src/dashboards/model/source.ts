import type { Position } from '../../findings/finding.ts';
import type { YamlScalar } from '../../yaml/node.ts';

/** A place in a file. Without a column the whole line is meant. */
export type Place = Pick<Position, 'line'> & Partial<Position>;

/** How the text of a dashboard stands in its file. */
export type Embedding =
  /** It is the file. */
  | { readonly kind: 'file' }
  /** After `|` of YAML: moved down by lines and to the right by columns. */
  | { readonly kind: 'block'; readonly lines: number; readonly columns: number }
  /** In a text with escapes: all of it counts as one place. */
  | { readonly kind: 'text'; readonly at: Position };

/** The text that a dashboard was read from, and where its places are in the file. */
export class Source {
  readonly file: string;
  readonly #embedding: Embedding;
  readonly #text: string;
  readonly #isJson: boolean;
  #lines: readonly string[] | undefined;

  constructor(file: string, text: string, isJson: boolean, embedding: Embedding = { kind: 'file' }) {
    this.file = file;
    this.#text = text;
    this.#isJson = isJson;
    this.#embedding = embedding;
  }

  /** It is a part of its file: the file may hold others. */
  get isEmbedded(): boolean {
    return this.#embedding.kind !== 'file';
  }

  /** A text of JSON that is the value of a scalar of this one. */
  embedded(scalar: YamlScalar, text: string): Source {
    const { at, style } = scalar;
    if (this.#isJson || style !== 'block') return new Source(this.file, text, true, { kind: 'text', at });
    this.#lines ??= this.#text.split('\n');
    const [first = ''] = text.split('\n');
    const written = this.#lines[at.line] ?? '';
    const columns = Math.max(
      0,
      written.length - written.trimStart().length - (first.length - first.trimStart().length),
    );
    return new Source(this.file, text, true, { kind: 'block', lines: at.line, columns });
  }

  place({ line, column }: Position): Place {
    switch (this.#embedding.kind) {
      case 'file':
        return { line, column };
      case 'block':
        return { line: line + this.#embedding.lines, column: column + this.#embedding.columns };
      case 'text':
        return { line: this.#embedding.at.line };
    }
  }

  /** Where a character of a text stands, whose quote is at `at`: escapes are longer than what they stand for. */
  within(at: Position, offset: number): Place {
    if (!this.#isJson || this.#embedding.kind === 'text') return { line: this.place(at).line };
    this.#lines ??= this.#text.split('\n');
    const line = this.#lines[at.line - 1] ?? '';
    let column = at.column + 1;
    for (let left = offset; left > 0 && column <= line.length; left--) {
      const isEscape = line[column - 1] === '\\';
      column += !isEscape ? 1 : line[column] === 'u' ? 6 : 2;
    }
    return this.place({ line: at.line, column });
  }
}
