import { seconds } from '@benchlab-otel/analysis';
import type { Clock } from '@benchlab-otel/core';
import type { Terminal } from '../host/terminal.ts';

/** How often a line comes where standard error is not a terminal, as in CI; and how often it is drawn again on one. */
const [plainEveryMs, redrawEveryMs] = [10_000, 1_000];

/** One line on standard error on what is done now, and how long it takes at most. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  #line: ((nowNs: number) => string) | undefined;
  #isDrawn = false;

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#timer = setInterval(() => this.#show(), terminal.errRedraws ? redrawEveryMs : plainEveryMs);
    this.#timer.unref();
  }

  /** @param line is asked for each time that it is shown */
  set(line: (nowNs: number) => string): void {
    this.#line = line;
    if (this.#terminal.errRedraws) this.#show();
  }

  /** A message of its own, which stays. */
  message(text: string): void {
    this.#clear();
    this.#terminal.err(`benchlab-probe: ${text}\n`);
  }

  /** Takes the line away. */
  close(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #show(): void {
    if (this.#line === undefined) return;
    const text = `benchlab-probe: ${this.#line(this.#clock.nowNs())}`;
    const { errRedraws, errColumns = 80 } = this.#terminal;
    if (!errRedraws) this.#terminal.err(`${text}\n`);
    else this.#terminal.err(`${text.slice(0, errColumns - 1)}\n`, this.#isDrawn ? 1 : 0);
    this.#isDrawn = errRedraws === true;
  }

  #clear(): void {
    if (this.#isDrawn) this.#terminal.err('', 1);
    this.#isDrawn = false;
  }
}

/** `6 min`, `40 s`: a time that need not be exact. */
export function aboutTime(value: number): string {
  if (value >= 7_200) return `${Math.round(value / 3_600)} h`;
  if (value >= 120) return `${Math.round(value / 60)} min`;
  return value >= 10 ? `${Math.round(value)} s` : seconds(Math.max(value, 0.1));
}
