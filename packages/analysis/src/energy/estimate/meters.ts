import type { MeterError, MeterModel } from './meterModel.ts';

const notStated = 'not stated by the vendor' as const;

/** What is published of a meter, for the products and firmware of one row. */
export interface KnownMeter {
  /** `hw.model` of a board; for others, which of their values is the power. */
  readonly product: string;
  /** First and last firmware that the row holds for; missing: any. */
  readonly firmware?: readonly [first: number, last: number];
  readonly model: MeterModel;
}

/** A row per product and firmware. What is not published is marked so; a calibration fills it in (`calibratedMeter`). */
export const knownMeters: readonly KnownMeter[] = [
  ...(['BENCHLAB ORIGINAL', 'BENCHLAB 2'] as const).map((product) => ({
    product,
    firmware: product === 'BENCHLAB 2' ? ([3, 7] as const) : ([2, 6] as const),
    model: {
      aperture: 'not stated' as const,
      refreshSeconds: 0.1,
      gain: notStated,
      offsetWatts: notStated,
      quantumWatts: notStated,
      source:
        'Refresh: the task tick of the firmware is 100 ms (inferred, not measured on a board). ' +
        'Aperture, gain, offset and resolution: not stated by the vendor.',
    },
  })),
  {
    product: 'NVML power, Ampere and later except GA100',
    model: {
      aperture: { kind: 'mean', seconds: 1 },
      gain: notStated,
      offsetWatts: notStated,
      quantumWatts: 0.001,
      source:
        'NVML API reference, nvmlDeviceGetPowerUsage: milliwatts, averaged over 1 s on Ampere and later except GA100. ' +
        'Refresh, gain and offset: not stated by the vendor. On A100 and H100 the sensor was measured to look at 25 % ' +
        'of the time only (arXiv 2312.02741), which no figure here contains.',
    },
  },
  {
    product: 'NVML power, GA100 and before Ampere',
    model: {
      aperture: 'not stated',
      gain: notStated,
      offsetWatts: notStated,
      quantumWatts: 0.001,
      source: 'NVML API reference, nvmlDeviceGetPowerUsage: milliwatts. The rest: not stated by the vendor.',
    },
  },
  {
    product: 'NVML energy counter',
    model: {
      aperture: { kind: 'mean', seconds: 'since the sample before' },
      gain: notStated,
      offsetWatts: notStated,
      quantumWatts: notStated,
      source:
        'NVML API reference, nvmlDeviceGetTotalEnergyConsumption: millijoules since the driver was loaded; the power ' +
        'is the difference over the time between two samples. Refresh, gain and offset: not stated by the vendor.',
    },
  },
  {
    product: 'RAPL energy counter',
    model: {
      aperture: { kind: 'mean', seconds: 'since the sample before' },
      refreshSeconds: 0.001,
      gain: notStated,
      offsetWatts: notStated,
      quantumWatts: notStated,
      source:
        'Intel Software Developer Manual, volume 3, chapter on RAPL: counters are renewed about every millisecond; the ' +
        'power is the difference over the time between two samples. Gain and offset: not stated by the vendor.',
    },
  },
];

/** A meter of which nothing is known: its value may be of any time within one period of the samples. */
export const unknownMeter: MeterModel = {
  aperture: 'not stated',
  gain: notStated,
  offsetWatts: notStated,
  quantumWatts: notStated,
  source: 'Nothing is known of this meter.',
};

/** The model of a product with this firmware; of one that is not in the table, nothing is known. */
export function meterOf(product: string, firmware?: number): MeterModel {
  const row = knownMeters.find(
    (meter) =>
      meter.product === product &&
      (meter.firmware === undefined ||
        (firmware !== undefined && firmware >= meter.firmware[0] && firmware <= meter.firmware[1])),
  );
  return row?.model ?? unknownMeter;
}

/** What a calibration can give. */
export interface Calibration {
  readonly aperture?: MeterModel['aperture'];
  readonly refreshSeconds?: number;
  readonly gain?: MeterError;
  readonly offsetWatts?: MeterError;
  readonly quantumWatts?: number;
  /** The device, the date and the standard of the calibration. */
  readonly source: string;
}

/** The model of a meter with what a calibration of that very device found. */
export function calibratedMeter(model: MeterModel, calibration: Calibration): MeterModel {
  return { ...model, ...calibration, source: `${calibration.source} Otherwise: ${model.source}` };
}
