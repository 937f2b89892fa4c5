import { attribute, BenchlabError, numberOption, type Sample } from '@benchlab-otel/core';
import { isNumber } from './fields.ts';
import { sensorFields, sourceFields, totalsFields } from './sampleParts.ts';

// The self-contained form of a sample (docs/formats/sample.md): its writer. Its reader is SampleLineParser.

export const sampleSchema = 'benchlab-otel/sample';
/** Raised when readers of the version before would read something wrong. New fields are not a reason: they are ignored. */
export const sampleVersion = 1;

/** Longest line that a reader accepts, bytes. A sample of 512 readings takes some 130 kB. */
export const maxSampleLineBytes: number = 1024 * 1024;

/**
 * A sample as one line of JSON without its end, which needs no other line to be understood: `benchlab-probe read --json`.
 * Numbers are in the unit that stands with them; a reading that is not a number is left out.
 *
 * @throws OptionError for a time or an uncertainty that is not a number of at least 0; BenchlabError when the line is longer
 * than 1 MiB. `SampleLineParser` would refuse both.
 */
export function formatSampleLine({ source, timeNs, uncertaintyNs, readings, totals }: Sample): string {
  numberOption('timeNs', timeNs, { least: 0 });
  numberOption('uncertaintyNs', uncertaintyNs, { least: 0 });
  const { id, name, simulated, boundary, aperture, attributes } = sourceFields(source);
  const assumedFirmware = attributes[attribute.firmwareAssumed] ?? null;
  const line = JSON.stringify({
    schema: sampleSchema,
    version: sampleVersion,
    timeNs,
    uncertaintyNs,
    source: { id, name, simulated, assumedFirmware, boundary, aperture, attributes },
    totalsWatts: totalsFields(totals) ?? {},
    readings: readings
      .filter(({ value }) => isNumber(value))
      .map(({ sensor, value }) => {
        const { metric, unit, ...others } = sensorFields(sensor);
        return { metric, unit, value, ...others };
      }),
  });
  if (Buffer.byteLength(line) <= maxSampleLineBytes) return line;
  const what = `The sample of ${id} has more than ${maxSampleLineBytes} bytes.`;
  throw new BenchlabError('BAD_OPTION', what, 'Read fewer sensors in one sample.');
}
