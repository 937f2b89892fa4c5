import { type Aperture, attribute, type Source } from '@benchlab-otel/core';
import type { MeterModel } from './estimate/meterModel.ts';
import { knownMeters, unknownMeter } from './estimate/meters.ts';

/**
 * The emulated board: its default bench follows /proc/stat and shows the mean load since the read before. A bench that
 * answers with an instant needs another model.
 */
const emulatedMeter: MeterModel = {
  aperture: { kind: 'mean', seconds: 'since the sample before' },
  gain: { kind: 'stderr', value: 0 },
  offsetWatts: { kind: 'stderr', value: 0 },
  quantumWatts: 'not stated by the vendor',
  source: 'The emulator: what it shows is its truth.',
};

/**
 * What is known of the meter behind a source: by product, else by what it measures; of others nothing is known. What the
 * source itself states of its aperture counts more than what is published of the product.
 */
export function meterModelOf(source: Source): MeterModel {
  const { aperture } = source;
  const model = publishedModel(source, aperture);
  return aperture === undefined ? model : { ...model, aperture };
}

function publishedModel(source: Source, aperture: Aperture | undefined): MeterModel {
  if (source.simulated) return emulatedMeter;
  const product = source.attributes[attribute.hwModel];
  const known = knownMeters.find((meter) => meter.product === product);
  if (known !== undefined) return known.model;
  if (source.boundary === 'cpu_package') return modelNamed('RAPL energy counter');
  if (source.boundary === 'gpu_board' && aperture !== undefined && isSinceSample(aperture)) {
    return modelNamed('NVML energy counter');
  }
  // NVML names the product of the GPU, not its architecture; the wider window is the safe one.
  if (source.boundary === 'gpu_board') return modelNamed('NVML power, Ampere and later except GA100');
  return unknownMeter;
}

/** The meter shows the mean power since the sample before. */
export function isAveraging({ aperture }: MeterModel): boolean {
  return isSinceSample(aperture);
}

function isSinceSample(aperture: MeterModel['aperture']): boolean {
  return typeof aperture === 'object' && aperture.kind === 'mean' && aperture.seconds === 'since the sample before';
}

function modelNamed(product: string): MeterModel {
  return knownMeters.find((meter) => meter.product === product)?.model ?? unknownMeter;
}
