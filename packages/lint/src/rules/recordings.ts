import { labelsOf } from '../promql/labelsOf.ts';
import type { SeriesCatalogue } from '../promql/seriesCatalogue.ts';
import type { Rule } from './ruleFile.ts';

/** A recording rule may use another one, of any file: twice as many rounds as there are levels in practice. */
const recordingRounds = 6;

/** Makes what recording rules write known, with the labels that their queries leave. */
export function addRecordings(rules: readonly Rule[], catalogue: SeriesCatalogue): void {
  const recordings = rules.filter(({ kind }) => kind === 'record');
  for (let round = 0; round < recordingRounds; round++) {
    for (const { name, expression, labels } of recordings) {
      const of = labelsOf(expression, catalogue);
      catalogue.addRecording(name, [...of.names, ...labels.map(({ key }) => key)]);
    }
  }
}
