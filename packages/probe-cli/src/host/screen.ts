import type { Terminal } from './terminal.ts';

/**
 * Shows a text that changes: redrawn in place where standard output is a terminal, printed again every `plainEveryMs`
 * where it is not. A text that comes sooner is skipped; `last()` shows the newest text if it was skipped.
 */
export class Screen {
  readonly #terminal: Terminal;
  readonly #everyMs: number;
  readonly #now: () => number;
  #drawnLines = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #skipped: (() => readonly string[]) | undefined;

  constructor(terminal: Terminal, options: { redrawEveryMs: number; plainEveryMs: number; now?: () => number }) {
    this.#terminal = terminal;
    this.#everyMs = terminal.redraws ? options.redrawEveryMs : options.plainEveryMs;
    this.#now = options.now ?? (() => performance.now());
  }

  /** `lines` is called only when its result is shown. */
  show(lines: () => readonly string[]): void {
    this.#skipped = lines;
    if (this.#now() - this.#drawnAt < this.#everyMs) return;
    this.last();
  }

  last(): void {
    const lines = this.#skipped?.();
    if (lines === undefined) return;
    this.#skipped = undefined;
    this.#drawnAt = this.#now();
    if (!this.#terminal.redraws) {
      this.#terminal.out(`${lines.join('\n')}\n`);
      return;
    }
    const cut = fitted(lines, this.#terminal);
    this.#terminal.out(`${cut.join('\n')}\n`, this.#drawnLines);
    this.#drawnLines = cut.length;
  }
}

/** The part that fits. After a wrapped line, or one that scrolled away, the next redraw would start in the wrong place. */
function fitted(lines: readonly string[], { columns, rows }: Terminal): readonly string[] {
  const room = Math.max(2, rows - 1);
  const hidden = lines.length - room + 1;
  const shown =
    lines.length > room ? [...lines.slice(0, room - 1), `… and ${hidden} lines for a taller window`] : lines;
  return shown.map((line) => line.slice(0, columns));
}
