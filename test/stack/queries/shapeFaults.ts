import type { QueryShape } from '../../../monitoring/src/queries/queryShape.ts';
import type { ResultSeries } from './storedPrometheus.ts';

/** What of a result is not as its query declares it, one sentence each. */
export function shapeFaults(result: readonly ResultSeries[], shape: QueryShape): readonly string[] {
  const { min: fewest, max: most } = bounds(shape);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = shape;
  const found = new Set(result.flatMap(({ labels }) => Object.keys(labels)));
  const values = result.flatMap((series) => series.values);
  const faults: string[] = [];
  if (result.length < fewest || result.length > most) {
    faults.push(
      `It returns ${result.length} series, and declares ${fewest === most ? fewest : `${fewest} to ${most}`}.`,
    );
  }
  for (const label of found) {
    if (!shape.labels.includes(label)) faults.push(`It returns the label ${label}, which it does not declare.`);
  }
  for (const label of result.length > 0 ? shape.labels : []) {
    if (!found.has(label)) faults.push(`It declares the label ${label}, which is on no series.`);
  }
  const infinite = values.filter((value) => !Number.isFinite(value));
  if (infinite.length > 0) faults.push(`${infinite.length} of ${values.length} values are not finite.`);
  const outside = values.find((value) => value < min || value > max);
  if (outside !== undefined) faults.push(`The value ${outside} is outside ${min} to ${max}.`);
  return faults;
}

export function bounds({ series }: QueryShape): { readonly min: number; readonly max: number } {
  return typeof series === 'number' ? { min: series, max: series } : series;
}

/** Lines that show the same thing twice: series that only the path by which a reading came tells apart. */
export function doubledLines(result: readonly ResultSeries[]): readonly string[] {
  const seen = new Set<string>();
  return result.flatMap(({ labels }) => {
    if (labels.hw_id === undefined) return [];
    const { job: _job, instance: _instance, ...shown } = labels;
    const line = JSON.stringify(Object.entries(shown).sort());
    return seen.size === seen.add(line).size ? [line] : [];
  });
}
