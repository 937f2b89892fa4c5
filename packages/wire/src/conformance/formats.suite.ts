import type { Sample } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { bytesOf, reader } from '../bus/busLines.suite.ts';
import { BusEncoder } from '../bus/encoder.ts';
import { formatRuntimeEvent, maxEventLineBytes, parseRuntimeEvent } from '../events/runtimeEventLine.ts';
import { formatKernelFile, parseKernelFile } from '../kernels/kernelFile.ts';
import { LineSplitter } from '../lines/lineSplitter.ts';
import { formatSampleLine, maxSampleLineBytes } from '../samples/sampleLine.ts';
import { SampleLineParser } from '../samples/sampleLineParser.ts';
import { formatLatencyLine, maxLatencyLineBytes, parseLatencyLine } from '../session/latencyLine.ts';
import { formatRecordingHeader, type RecordingHeader } from '../stages/recordingHeader.ts';
import { formatStageLine, maxStageLineBytes, parseStageLine } from '../stages/stageLine.ts';

/** What one reader made of an input: JSON, in the order of its lines. */
export type Results = readonly Readonly<Record<string, unknown>>[];

/** A format: its reader, and its writer. */
export interface Format {
  /** Results of an input that came in `chunks`. */
  read(chunks: readonly Buffer[]): Results;
  /** Writes again what the reader accepted. */
  write(chunks: readonly Buffer[]): Buffer;
}

const stageLines = lineFormat(
  maxStageLineBytes,
  () => (line) => parseStageLine(line, 'test'),
  (read) => ('header' in read ? headerText(read.header) : 'event' in read ? formatStageLine(read.event) : undefined),
);

/** Adding a format is one line here, and a folder of cases. */
export const formats: Readonly<Record<string, Format>> = {
  'stage-event': stageLines,
  recording: stageLines,
  aligned: lineFormat(
    maxLatencyLineBytes,
    () => parseLatencyLine,
    (read) => ('row' in read ? formatLatencyLine(read.row) : undefined),
  ),
  'runtime-event': lineFormat(
    maxEventLineBytes,
    () => parseRuntimeEvent,
    (read) => ('event' in read ? formatRuntimeEvent(read.event) : undefined),
  ),
  sample: lineFormat(
    maxSampleLineBytes,
    () => {
      const parser = new SampleLineParser();
      return (line) => parser.parse(line);
    },
    (read) => ('sample' in read ? formatSampleLine(read.sample) : undefined),
    (read) => ('sample' in read ? { ...read, sample: plainSample(read.sample) } : read),
  ),
  bus: { read: readBus, write: writeBus },
  kernels: { read: (chunks) => [plain(parseKernelFile(textOf(chunks)))], write: writeKernels },
};

/** A format whose lines are read one by one: a bad line does not end the stream. */
function lineFormat<Read extends object>(
  maxLineBytes: number,
  newParser: () => (line: string) => Read | undefined,
  format: (read: Read) => string | undefined,
  show: (read: Read) => object = (read) => read,
): Format {
  const readAll = (chunks: readonly Buffer[]) => {
    const splitter = new LineSplitter(maxLineBytes);
    const parse = newParser();
    const lines = chunks.flatMap((chunk) => splitter.push(chunk));
    const rest = splitter.end();
    return [...lines, ...(rest === undefined ? [] : [rest])].map((line) =>
      line === undefined ? ({ reason: `more than ${maxLineBytes} bytes` } as const) : parse(line),
    );
  };
  return {
    read: (chunks) =>
      readAll(chunks).flatMap((read, at) => {
        if (read === undefined) return [];
        return [plain({ line: at + 1, ...('reason' in read ? read : show(read)) })];
      }),
    write(chunks) {
      const reads = readAll(chunks).filter((read): read is Read => read !== undefined && !('reason' in read));
      const lines = reads.map(format).filter((line) => line !== undefined);
      return Buffer.from(lines.map((line) => `${line}\n`).join(''));
    },
  };
}

function headerText({ clock }: RecordingHeader): string {
  return formatRecordingHeader(Object.assign(new ManualClock(), { anchor: () => clock }));
}

function writeKernels(chunks: readonly Buffer[]): Buffer {
  const read = parseKernelFile(textOf(chunks));
  return Buffer.from('list' in read ? formatKernelFile(read.list) : '');
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString();
}

function readBus(chunks: readonly Buffer[]): Results {
  const results: Record<string, unknown>[] = [];
  const { decoder, got, greeted } = reader();
  const deliveries = () => {
    for (const { pid, timeNs } of greeted.splice(0)) results.push({ hello: { pid, timeNs } });
    for (const sample of got.samples.splice(0)) results.push({ sample: plainSample(sample) });
    for (const { source, timeNs, error } of got.losses.splice(0)) {
      results.push({ lost: { source: source.id, timeNs, code: error.code, message: error.message } });
    }
    for (const { error, ...report } of got.reports.splice(0)) {
      results.push({ poll: { ...report, ...(error && { error: error.message }) } });
    }
    for (const { source, timeNs, definition, attributes } of got.events.splice(0)) {
      results.push({ event: { source: source.id, timeNs, event: definition.name, attributes } });
    }
  };
  try {
    for (const line of wholeLines(chunks)) {
      decoder.push(line);
      deliveries();
    }
  } catch (error) {
    deliveries();
    results.push({ error: error instanceof Error ? error.message : error });
  }
  if (decoder.unknown > 0) results.push({ unknown: decoder.unknown });
  if (decoder.dropped > 0) results.push({ dropped: decoder.dropped });
  if (decoder.impossible > 0) results.push({ impossible: decoder.impossible });
  return results.map(plain);
}

function writeBus(chunks: readonly Buffer[]): Buffer {
  const encoder = new BusEncoder();
  const { decoder, got, greeted } = reader();
  const lines: ReturnType<BusEncoder['sample']>[number][] = [];
  try {
    for (const line of wholeLines(chunks)) {
      decoder.push(line);
      for (const hello of greeted.splice(0)) lines.push(encoder.hello(hello));
      for (const sample of got.samples.splice(0)) lines.push(...encoder.sample(sample));
      for (const loss of got.losses.splice(0)) lines.push(...encoder.lost(loss));
      for (const report of got.reports.splice(0)) lines.push(...encoder.polled(report));
      for (const event of got.events.splice(0)) lines.push(...encoder.event(event));
    }
  } catch {
    // The bad line ended the stream: what came before is written.
  }
  return bytesOf(lines);
}

/** Chunks that end with a line, so that deliveries are read in the order of lines. */
function wholeLines(chunks: readonly Buffer[]): readonly Buffer[] {
  const lines: Buffer[] = [];
  let part: Buffer[] = [];
  for (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      lines.push(Buffer.concat([...part, chunk.subarray(from, end + 1)]));
      part = [];
      from = end + 1;
    }
    part.push(chunk.subarray(from));
  }
  return [...lines, Buffer.concat(part)];
}

/** Metrics by their names: the rest of a definition is the registry's. */
function plainSample({ readings, source, ...others }: Sample): unknown {
  return {
    source,
    ...others,
    readings: readings.map(({ sensor, value }) => ({
      metric: sensor.metric.name,
      ...(sensor.energyMetric && { energyMetric: sensor.energyMetric.name }),
      value,
      attributes: sensor.attributes,
    })),
  };
}

/** The values that `expected.json` can hold. */
function plain(result: object): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
}
