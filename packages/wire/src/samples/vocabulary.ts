import { type Aperture, type MetricDefinition, metric, type PowerBoundary, type PowerRole } from '@benchlab-otel/core';
import { BadLine } from '../lines/badLine.ts';
import { type Fields, isNumber, isSpan, objectField, textField } from './fields.ts';

const metrics = new Map<string, MetricDefinition>(Object.values(metric).map((each) => [each.name, each]));
const boundaries: readonly PowerBoundary[] = ['dc_rails', 'gpu_board', 'cpu_package'];
const apertureKinds: readonly Aperture['kind'][] = ['instant', 'mean'];
const apertureSpans = ['since the sample before'] as const;
const roles: readonly PowerRole[] = ['system', 'cpu', 'gpu', 'board'];

/**
 * The words that this version knows: metrics of the registry, boundaries, apertures, roles. A newer writer may use others. What is not
 * known is left out and counted; what has the wrong type is a bad line.
 */
export class Vocabulary {
  /** Names that were left out because they are not known here. */
  unknown = 0;

  /** The same name with another unit or instrument would turn every value into a wrong one: it counts as not known. */
  metric(name: string, unit: string, instrument: string | undefined): MetricDefinition | undefined {
    const found = metrics.get(name);
    const isSame = found?.unit === unit && (instrument === undefined || found.instrument === instrument);
    return this.#counted(isSame ? found : undefined);
  }

  /** The metric of the optional field `energyMetric`. */
  energyMetric(fields: Fields): MetricDefinition | undefined {
    if (fields.energyMetric === undefined) return undefined;
    return this.#counted(metrics.get(textField(fields, 'energyMetric')));
  }

  boundary(fields: Fields): PowerBoundary | undefined {
    return fields.boundary === undefined ? undefined : this.word(boundaries, fields, 'boundary');
  }

  /** The optional field `aperture`. A newer writer may know further kinds, and further words for the seconds. */
  aperture(fields: Fields): Aperture | undefined {
    if (fields.aperture === undefined) return undefined;
    const aperture = objectField(fields, 'aperture');
    const kind = this.word(apertureKinds, aperture, 'kind');
    if (kind !== 'mean') return kind && { kind };
    if (isSpan(aperture.seconds)) return { kind, seconds: aperture.seconds };
    if (typeof aperture.seconds !== 'string') throw new BadLine('"seconds" of the aperture is not a number above 0');
    const seconds = this.word(apertureSpans, aperture, 'seconds');
    return seconds && { kind, seconds };
  }

  /** Totals by role, in watts. */
  totals(fields: Fields, name: string): Partial<Record<PowerRole, number>> {
    const totals: Partial<Record<PowerRole, number>> = {};
    for (const [role, watts] of Object.entries(objectField(fields, name))) {
      if (!isNumber(watts)) throw new BadLine(`the total ${JSON.stringify(role)} is not a number`);
      const known = this.#counted(roles.find((each) => each === role));
      if (known !== undefined) totals[known] = watts;
    }
    return totals;
  }

  /** One of a closed set, to which newer writers may add. */
  word<Word extends string>(words: readonly Word[], fields: Fields, name: string): Word | undefined {
    const given = textField(fields, name);
    return this.#counted(words.find((each) => each === given));
  }

  /** Counts a definition that was not found. */
  #counted<T>(found: T | undefined): T | undefined {
    if (found === undefined) this.unknown += 1;
    return found;
  }
}
