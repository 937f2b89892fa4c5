import type { MeterError, MeterModel } from './meterModel.ts';

const notStated = 'not stated by the vendor' as const;

/** What is published of a meter, for the products and firmware of one row. */
export interface KnownMeter {
  readonly product: string;
  /** Firmware, driver or generation that the row holds for. */
  readonly firmware: string;
  readonly model: MeterModel;
}

/** A row per product and firmware. What nobody published says so; a calibration fills it in (`calibratedMeter`). */
export const knownMeters: readonly KnownMeter[] = [
  ...(['BENCHLAB ORIGINAL', 'BENCHLAB 2'] as const).map((product) => ({
    product,
    firmware: product === 'BENCHLAB 2' ? '3 to 7' : '2 to 6',
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
    firmware: 'any driver',
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
    firmware: 'any driver',
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
    firmware: 'Volta and later',
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
    firmware: 'any processor',
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

/** What a calibration can give. */
export interface Calibration {
  readonly aperture?: MeterModel['aperture'];
  readonly refreshSeconds?: number;
  readonly gain?: MeterError;
  readonly offsetWatts?: MeterError;
  readonly quantumWatts?: number;
  /** Who calibrated what, when, against which standard. */
  readonly source: string;
}

/** The model of a meter with what a calibration of that very device found. */
export function calibratedMeter(model: MeterModel, calibration: Calibration): MeterModel {
  return { ...model, ...calibration, source: `${calibration.source} Otherwise: ${model.source}` };
}
