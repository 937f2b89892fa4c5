import type { Readable } from 'node:stream';
import type { Clock, StageConsumer, StageSource } from '@benchlab-otel/core';
import { knownOptions, type OptionNames } from '@benchlab-otel/core';
import type { LineConsumer } from '../lines/lineSource.ts';
import { readLines } from '../lines/readLines.ts';
import type { TimeTranslation } from './otherClock.ts';
import { maxStageLineBytes, parseStageLine } from './stageLine.ts';

export interface JsonlStagesOptions {
  /** A file, a FIFO, `unix:PATH`, `udp:PORT`, `-` or a readable stream: see `readLines`. */
  readonly from: string | Readable;
  readonly clock?: Clock;
  /** Makes CLOCK_MONOTONIC of the times of the lines. Default: they are CLOCK_MONOTONIC of this host. */
  readonly translate?: TimeTranslation;
}

const optionNames: OptionNames<JsonlStagesOptions> = { from: true, clock: true, translate: true };

/**
 * Stage events that another program writes, one JSON object a line: see `parseStageLine` for the two forms. A bad line is
 * counted and reported with its number; the lines around it are read.
 *
 * @throws OptionError for a wrong address; `start` rejects when nothing can be read there
 * @example const stages = jsonlStages({ from: '/run/benchlab/stages.fifo' });
 */
export function jsonlStages(options: JsonlStagesOptions): StageSource {
  knownOptions<JsonlStagesOptions>('jsonlStages', options, optionNames);
  const { from, clock, translate } = options;
  const name = typeof from === 'string' ? `jsonl:${from}` : 'jsonl';
  const lines = readLines(from, { name, maxLineBytes: maxStageLineBytes, ...(clock && { clock }) });
  return {
    name,
    start: (consumer) => lines.start(lineConsumer(consumer, name, translate)),
    stop: () => lines.stop(),
  };
}

function lineConsumer(consumer: StageConsumer, source: string, translate?: TimeTranslation): LineConsumer {
  return {
    line(text) {
      const read = parseStageLine(text, source, translate);
      if (read === undefined || 'header' in read) return undefined;
      if ('reason' in read) return read.reason;
      consumer.stage(read.event);
      return undefined;
    },
    rejected: (report) => consumer.rejected?.(report),
    ended: (end) => consumer.ended?.(end),
  };
}
