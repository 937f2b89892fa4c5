import {
  attribute,
  BenchlabError,
  type BenchlabErrorCode,
  type PowerRole,
  type Sample,
  type Sensor,
  type Source,
} from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import {
  attributesField,
  type Fields,
  flagField,
  isAttributeValue,
  isNumber,
  isSpan,
  objectField,
  textField,
} from './fields.ts';
import type { Vocabulary } from './vocabulary.ts';

// The parts that both forms of a sample share (docs/formats/sample.md): each with its writer and its reader.

export interface SourceFields {
  readonly id: string;
  readonly name: string;
  readonly simulated: boolean;
  readonly boundary: Source['boundary'];
  readonly aperture: Source['aperture'];
  readonly attributes: Attributes;
}

export function sourceFields({ id, name, simulated, boundary, aperture, attributes }: Source): SourceFields {
  return { id, name, simulated, boundary, aperture: apertureFields(aperture), attributes: attributeFields(attributes) };
}

export function sourceOf(fields: Fields, words: Vocabulary): Source {
  const [id, name, simulated] = [textField(fields, 'id'), textField(fields, 'name'), flagField(fields, 'simulated')];
  const boundary = words.boundary(fields);
  const aperture = words.aperture(fields);
  const attributes = marked(attributesField(fields), simulated);
  return { id, name, simulated, ...(boundary && { boundary }), ...(aperture && { aperture }), attributes };
}

/** An aperture that a reader accepts; undefined for one with a number of seconds that no meter has. */
function apertureFields(aperture: Source['aperture']): Source['aperture'] {
  const isWrong = aperture?.kind === 'mean' && typeof aperture.seconds === 'number' && !isSpan(aperture.seconds);
  return isWrong ? undefined : aperture;
}

export interface SensorFields {
  readonly metric: string;
  readonly unit: string;
  readonly instrument: string;
  readonly energyMetric: string | undefined;
  readonly attributes: Attributes;
}

export function sensorFields({ metric, attributes, energyMetric }: Sensor): SensorFields {
  const { name, unit, instrument } = metric;
  return { metric: name, unit, instrument, energyMetric: energyMetric?.name, attributes: attributeFields(attributes) };
}

/** Undefined when its metric is not known here. */
export function sensorOf(fields: Fields, { simulated }: Source, words: Vocabulary): Sensor | undefined {
  const [name, unit] = [textField(fields, 'metric'), textField(fields, 'unit')];
  const instrument = fields.instrument === undefined ? undefined : textField(fields, 'instrument');
  const attributes = marked(attributesField(fields), simulated);
  const metric = words.metric(name, unit, instrument);
  if (metric === undefined) return undefined;
  const energyMetric = words.energyMetric(fields);
  return { metric, attributes, ...(energyMetric && { energyMetric }) };
}

/** Totals that are numbers: JSON has neither NaN nor infinities. Undefined when there are none. */
export function totalsFields(totals: Sample['totals']): Partial<Record<PowerRole, number>> | undefined {
  if (totals === undefined || Object.values(totals).every(isNumber)) return totals;
  return Object.fromEntries(Object.entries(totals).filter(([, watts]) => isNumber(watts)));
}

export interface ErrorFields {
  readonly code: string;
  readonly what: string;
  readonly fix: string;
}

export function errorFields({ code, message, fix }: BenchlabError): ErrorFields {
  const what = message.endsWith(` ${fix}`) ? message.slice(0, -fix.length - 1) : message;
  return { code, what, fix };
}

export function errorOf(fields: Fields): BenchlabError {
  const error = objectField(fields, 'error');
  // A newer writer may have codes that have no name in this version; they pass through.
  return new BenchlabError(
    textField(error, 'code') as BenchlabErrorCode,
    textField(error, 'what'),
    textField(error, 'fix'),
  );
}

/** Everything that derives from emulated hardware carries the mark, also when the writer left it out. */
export function marked(attributes: Attributes, simulated: boolean): Attributes {
  if (simulated) attributes[attribute.simulated] = true;
  return attributes;
}

/** Attributes that a reader accepts. The same object when all are good, as they nearly always are. */
export function attributeFields(attributes: Attributes): Attributes {
  const entries = Object.entries(attributes);
  if (entries.every(([, value]) => isAttributeValue(value))) return attributes;
  return Object.fromEntries(entries.filter(([, value]) => isAttributeValue(value)));
}
