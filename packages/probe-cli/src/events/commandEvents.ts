import { randomUUID } from 'node:crypto';
import { BenchlabError, type SampleConsumer } from '@benchlab-otel/core';
import type { RuntimeEvent } from '@benchlab-otel/wire';
import { component } from '../run/runEvents.ts';

/** The stream of runtime events of one command. */
export interface CommandEvents {
  /** An event of this run of the command. */
  emit(event: RuntimeEvent): void;
  /** To add to those of the receivers: with samples of a board, events carry its power. Empty without a stream. */
  readonly consumers: readonly SampleConsumer[];
}

/** Without `--telemetry-out`, nothing is written. */
const noEvents: CommandEvents = { emit: () => undefined, consumers: [] };

/**
 * Runs a command with the stream of `--telemetry-out`: `launch`, what the command emits, and `completion` with its exit code,
 * or with the error that ended it, under one correlation id.
 *
 * @param path undefined without the option
 * @throws BenchlabError BAD_OPTION, before anything starts, when nothing can be written there
 */
export async function withCommandEvents(
  path: string | undefined,
  command: string,
  work: (events: CommandEvents) => Promise<number>,
): Promise<number> {
  if (path === undefined) return work(noEvents);
  const { openEventStream } = await import('@benchlab-otel/node');
  const stream = await openEventStream(path, { component, from: '--telemetry-out' });
  const correlationId = randomUUID();
  const emit = (event: RuntimeEvent): void =>
    stream.events.emit({
      ...event,
      diagnostics: { command, ...event.diagnostics },
      context: { correlation_id: correlationId },
    });
  try {
    emit({ event: 'launch' });
    const code = await work({ emit, consumers: [stream.consumer] });
    emit({ event: 'completion', diagnostics: { exit_code: code, ...(code !== 0 && { error_type: `exit_${code}` }) } });
    return code;
  } catch (error) {
    emit({ event: 'completion', diagnostics: { error_type: errorType(error) } });
    throw error;
  } finally {
    await stream.close();
  }
}

function errorType(error: unknown): string {
  if (error instanceof BenchlabError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
