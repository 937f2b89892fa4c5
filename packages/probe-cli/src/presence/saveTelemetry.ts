import type { Observed, Received } from '@benchlab-otel/analysis';
import { messageOf } from '@benchlab-otel/core';
import type { Terminal } from '../host/terminal.ts';
import type { OutputFile } from '../run/outputFile.ts';
import { lostOf } from './lostOf.ts';
import { telemetryText } from './telemetryText.ts';

/** When the telemetry of a file began to come, and what of it was lost. */
interface Arrival {
  /** ISO 8601 */
  readonly startedAt: string;
  readonly received: Received;
}

/** Writes the file of `--save`. Resolves with what went wrong: that is one more trouble of the run. */
export async function saveTelemetry(
  file: OutputFile,
  observed: Observed,
  { startedAt, received }: Arrival,
  terminal: Terminal,
): Promise<readonly string[]> {
  try {
    await file.write(telemetryText(observed, { startedAt, lost: lostOf(received) }));
    return [];
  } catch (error) {
    const message = messageOf(error);
    terminal.err(`benchlab-probe: ${message}\n`);
    return [message];
  }
}
