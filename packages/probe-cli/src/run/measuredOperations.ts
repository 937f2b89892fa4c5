import {
  type Calibration,
  type CpuTimedSpans,
  calibratedMeter,
  counted,
  cpuTimedSpans,
  type MeterModel,
  meterModelOf,
  type OperationSummary,
  operationEnergies,
  operationLabels,
  type ReceivedSpan,
  summariseOperations,
} from '@benchlab-otel/analysis';
import { attribute, type Source } from '@benchlab-otel/core';
import type { MeasuredIdle } from '@benchlab-otel/enrichers';
import type { Meter } from './meter.ts';

/** What is known for the energy of a run besides its samples. */
export interface EnergySettings {
  /** The bench at rest, measured before the program started. */
  readonly idle?: MeasuredIdle;
  /** What the user states of the board. */
  readonly calibration?: Calibration;
  /** Samples this many seconds before and after the spans count; all by default. */
  readonly marginSeconds?: number;
}

export interface MeasuredOperations {
  readonly operations: readonly OperationSummary[];
  /** What the reader should know of the figures. */
  readonly notes: readonly string[];
}

/** The operations of spans, with their energy as far as samples have come. */
export function measuredOperations(
  spans: readonly ReceivedSpan[],
  meter: Pick<Meter, 'history'> | undefined,
  { idle, calibration, marginSeconds }: EnergySettings = {},
): MeasuredOperations {
  if (meter === undefined) return { operations: summariseOperations(spans), notes: [] };
  const timed = cpuTimedSpans(labelled(spans));
  const energies = operationEnergies(timed.spans, meter.history, {
    meterModel: (source) => modelOf(source, calibration),
    ...(idle === undefined ? {} : { idle }),
    ...(marginSeconds === undefined ? {} : { marginSeconds }),
  });
  return { operations: summariseOperations(spans, energies), notes: notesOf(timed) };
}

/** Energy is by operation, and spans of one name and several kinds are several operations. */
function labelled(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  const labelOf = operationLabels(spans);
  return spans.map((span) => {
    const name = labelOf(span);
    return name === span.name ? span : { ...span, name };
  });
}

/** A calibration is of the board. */
function modelOf(source: Source, calibration: Calibration | undefined): MeterModel {
  const model = meterModelOf(source);
  return calibration === undefined || source.boundary !== 'dc_rails' ? model : calibratedMeter(model, calibration);
}

/** Operations that a note names. */
const maxNames = 10;

function notesOf({ invalid, filled, without }: CpuTimedSpans): readonly string[] {
  const names = without.slice(0, maxNames).join(', ');
  const more = without.length > maxNames ? ` and ${without.length - maxNames} more` : '';
  return [
    ...(invalid > 0
      ? [`${counted(invalid, 'span')} with an impossible time on the CPU (${attribute.cpuSeconds}): it is not used`]
      : []),
    ...(filled > 0 ? [`${counted(filled, 'span')} without time on the CPU: taken at the mean of the operation`] : []),
    ...(without.length > 0
      ? [`equal parts where operations overlap: ${names}${more} state no time on the CPU (${attribute.cpuSeconds})`]
      : []),
  ];
}
