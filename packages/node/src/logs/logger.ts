import { writeSync } from 'node:fs';
import { messageOf, OptionError, wordOption } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { type DestinationStream, type Logger, type LoggerOptions, levels, pino, stdTimeFunctions } from 'pino';
import { correlatedLines } from './correlatedLines.ts';
import type { LineTaps } from './lineTaps.ts';
import type { LogOptions } from './logOptions.ts';

/** Parts of a logger that are not options of the application. */
export interface LoggerParts {
  /** They get each line, after the destination. */
  readonly taps?: LineTaps;
  /** Fields to append to a line, by the fields that it has. */
  readonly fields?: (line: Readonly<Attributes>) => Attributes;
}

/**
 * A pino logger whose lines inside a span carry its ids, so that a log store can join them to the trace. Time is ISO
 * 8601 in UTC, the level a word. A line that programs search for names its event under the key `event`.
 *
 * @throws OptionError for a level that does not exist, or a destination that cannot be written
 * @example logger.info({ event: 'compile.start', backend: 'cuda' }, 'Compiling')
 */
export function telemetryLogger(options: LogOptions = {}, parts: LoggerParts = {}): Logger {
  const { taps, fields } = parts;
  const settings: LoggerOptions = {
    level: wordOption('log.level', options.level ?? 'info', [...Object.keys(levels.values), 'silent']),
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    hooks: { logMethod: correlatedLines() },
    // Fields of the line itself win over it.
    ...(fields && { mixin: (line: object) => ({ ...fields(line as Attributes) }) }), // enrichers do not change them
  };
  const stream = destination(options.destination);
  return pino(settings, taps ? taps.before(stream) : stream);
}

/** Characters that may wait for a file that cannot be written; further lines are dropped. */
const maxUnwritten = 4 * 1024 * 1024;

function destination(given: LogOptions['destination']): DestinationStream {
  if (typeof given === 'object' && typeof given?.write === 'function') return given;
  if (typeof given === 'object' || given === '') throw unwritable(given);
  const stream = opened(given);
  // pino itself ignores a broken pipe. Any other failure to write (a full disk) must not end the application.
  stream.once('error', (cause: Error) => {
    stream.on('error', () => {});
    writeToStderr(`log lines cannot be written to ${given ?? 'stdout'} and are lost: ${cause.message}`);
  });
  return stream;
}

function opened(file: string | undefined): ReturnType<typeof pino.destination> {
  try {
    return pino.destination({ dest: file ?? 1, sync: true, maxLength: maxUnwritten });
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

function unwritable(value: unknown, cause?: unknown): OptionError {
  const reason = cause === undefined ? '' : ` (${messageOf(cause)})`;
  const allowed = `the path of a file that can be written, or a stream with write()${reason}`;
  return new OptionError({ option: 'log.destination', value, allowed }, { cause });
}

/** For failures of the log itself. Not through process.stderr, whose errors come later and would end the application. */
function writeToStderr(what: string): void {
  try {
    writeSync(2, `benchlab-otel: ${what}\n`);
  } catch {
    // There is no other place to report to.
  }
}
