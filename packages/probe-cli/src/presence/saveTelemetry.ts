import { messageOf } from '@benchlab-otel/core';
import type { Terminal } from '../host/terminal.ts';
import type { OutputFile } from '../run/outputFile.ts';
import type { ShownTelemetry } from './shownTelemetry.ts';
import { telemetryText } from './telemetryText.ts';

/** Writes the file of `--save`. Resolves with what went wrong: that is one more trouble of the run. */
export async function saveTelemetry(
  file: OutputFile,
  { observed, startedAt, lost }: ShownTelemetry,
  terminal: Terminal,
): Promise<readonly string[]> {
  try {
    await file.write(telemetryText(observed, { startedAt, lost }));
    return [];
  } catch (error) {
    const message = messageOf(error);
    terminal.err(`benchlab-probe: ${message}\n`);
    return [message];
  }
}
