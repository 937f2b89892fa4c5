import type { RunResult } from '../report/result.ts';
import type { ProgramName } from './comparison.ts';

/** Troubles and notes of runs that are kept: most are the same in every run. */
const mostRemarks = 20;

/** What runs reported, each text once, with the program that it is of. */
export class Remarks {
  readonly #texts = { troubles: new Set<string>(), notes: new Set<string>() };

  get troubles(): readonly string[] {
    return [...this.#texts.troubles];
  }

  get notes(): readonly string[] {
    return [...this.#texts.notes];
  }

  /** Further texts than are kept are left out. */
  add(program: ProgramName, result: Pick<RunResult, 'troubles' | 'notes'>): void {
    for (const kind of ['troubles', 'notes'] as const) {
      for (const text of result[kind]) {
        if (this.#texts[kind].size < mostRemarks) this.#texts[kind].add(`${program}: ${text}`);
      }
    }
  }

  /** One that is always kept. */
  trouble(text: string): void {
    this.#texts.troubles.add(text);
  }
}
