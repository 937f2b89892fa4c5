import { significant } from '@benchlab-otel/analysis';
import type { Source } from '@benchlab-otel/core';

/** `mean of 1.00 s`: what a meter that averages shows. Undefined for one that shows instants, and where it is not stated. */
export function averaging(aperture: Source['aperture']): string | undefined {
  if (aperture?.kind !== 'mean') return undefined;
  const { seconds } = aperture;
  return typeof seconds === 'number' ? `mean of ${significant(seconds)} s` : `mean ${seconds}`;
}
