/** How much a finding matters, as the word that faces show. */
export type Severity = 'bad' | 'warn' | 'note';

/** Something that a person should know, in words. */
export interface Finding {
  readonly severity: Severity;
  readonly text: string;
  /** Absent: it is of no node. */
  readonly node?: string;
  readonly firstMs: number;
  readonly lastMs: number;
  /** How often it was found. */
  readonly count: number;
}

/** Findings that are kept; the one that was found the longest time ago goes first. */
const mostFindings = 200;
/** Places of severities, the worst first. */
export const severityOrder: Readonly<Record<Severity, number>> = { bad: 0, warn: 1, note: 2 };

/** Findings, each text once for a node. */
export class Findings {
  /** Findings that went because of the bound. */
  forgotten = 0;
  readonly #findings = new Map<string, Finding>();

  /** The worst first, of these the newest. */
  get all(): readonly Finding[] {
    const worse = (a: Finding, b: Finding) =>
      severityOrder[a.severity] - severityOrder[b.severity] || b.lastMs - a.lastMs;
    return [...this.#findings.values()].sort(worse);
  }

  add(severity: Severity, text: string, timeMs: number, node?: string): void {
    const key = JSON.stringify([severity, text, node]);
    const known = this.#findings.get(key);
    this.#findings.delete(key);
    const [firstMs, count] = known === undefined ? [timeMs, 1] : [known.firstMs, known.count + 1];
    const where = node === undefined ? {} : { node };
    this.#findings.set(key, { severity, text, ...where, firstMs, lastMs: timeMs, count });
    if (this.#findings.size <= mostFindings) return;
    for (const oldest of this.#findings.keys()) {
      this.#findings.delete(oldest);
      this.forgotten++;
      break;
    }
  }

  copy(): Findings {
    const made = new Findings();
    for (const [key, finding] of this.#findings) made.#findings.set(key, finding);
    made.forgotten = this.forgotten;
    return made;
  }
}
