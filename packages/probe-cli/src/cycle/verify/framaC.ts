import type { Verifier } from './verifier.ts';

/**
 * Frama-C with Eva, its analysis of values: for every input, the C of a kernel has no overflow of integers, no access out of bounds or to
 * what was not written, and calls the library as it must be called. Infinities and not-a-number are results like others. What a kernel
 * computes is not its question: `differential` compares that.
 *
 * Options: Frama-C 25 user manual, 3.3, and Eva manual, 6. Precision 2 keeps apart what functions return.
 */
export const framaC: Verifier = {
  binary: 'frama-c',
  reservesAddresses: false,
  command: (source, report) => ({
    arguments: [
      // A function that it knows nothing of would be taken as harmless.
      ...['-kernel-warn-key', 'annot:missing-spec=abort,typing:implicit-function-declaration=abort'],
      ...['-eva', '-eva-precision', '2', '-warn-special-float', 'none', source],
      ...['-then', '-report-csv', report],
    ],
  }),
  finding(report, source) {
    const rows = report
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'))
      // Those of headers are what Frama-C takes for granted of the library.
      .filter(([, file]) => file === source);
    if (rows.length === 0) return { score: 0, reason: `${this.binary} listed no property of ${source}` };
    const open = rows.filter(([, , , , , status = '']) => !holding.has(status));
    const score = 1 - open.length / rows.length;
    if (open.length === 0) return { score };
    const places = [...new Set(open.map(([, , line, , kind]) => `${kind} in line ${line}`))];
    const more = places.length > mostShown ? ` and ${places.length - mostShown} more` : '';
    return { score, reason: `${this.binary} could not rule out ${places.slice(0, mostShown).join(', ')}${more}` };
  },
};

/** Shown to hold, or of code that no input reaches. */
const holding: ReadonlySet<string> = new Set(['Valid', 'Dead']);
const mostShown = 3;
