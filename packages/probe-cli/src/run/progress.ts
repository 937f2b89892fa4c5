import { readFile, stat } from 'node:fs/promises';
import { counted } from '@benchlab-otel/analysis';
import { isObject } from '@benchlab-otel/core';
import type { CommandHost } from '../host/commandHost.ts';

/** A line in this time. At a terminal too: the program writes there as well, so a line cannot be drawn over. */
const everyNs = 10e9;
/** A larger report of an earlier run is not read for its duration, bytes. */
const maxReportBytes = 16 * 2 ** 20;

/** Lines on standard error that show that a run goes on. */
export interface Progress {
  /** Spans have come. */
  add(spans: number): void;
  end(): void;
}

/**
 * A line each 10 s: how long the program has run, how many spans came, and how long it will still run where an earlier run
 * took a known time.
 */
export function showProgress(
  { terminal, clock }: Pick<CommandHost, 'terminal' | 'clock'>,
  lastSeconds?: number,
): Progress {
  const startedNs = clock.nowNs();
  let spans = 0;
  let cancel = () => {};
  const next = (lines: number) => {
    cancel = clock.at(startedNs + lines * everyNs, () => {
      const seconds = Math.round((clock.nowNs() - startedNs) / 1e9);
      terminal.err(`benchlab-probe: ${seconds} s, ${counted(spans, 'span')}${leftText(seconds, lastSeconds)}\n`);
      next(Math.floor((clock.nowNs() - startedNs) / everyNs) + 1);
    });
  };
  next(1);
  return {
    add: (more) => {
      spans += more;
    },
    end: () => cancel(),
  };
}

function leftText(seconds: number, lastSeconds: number | undefined): string {
  if (lastSeconds === undefined) return '';
  const left = Math.round(lastSeconds - seconds);
  return left > 0
    ? `, about ${left} s left (the last run took ${Math.round(lastSeconds)} s)`
    : ', longer than the last run';
}

/** How long the program ran when this report was written. Undefined where there is no such report. */
export async function durationIn(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > maxReportBytes) return undefined;
    const report: unknown = JSON.parse(await readFile(path, 'utf8'));
    const seconds = isObject(report) && report.schema === 'benchlab-probe/run' ? report.durationSeconds : undefined;
    return typeof seconds === 'number' && seconds > 0 ? seconds : undefined;
  } catch {
    return undefined;
  }
}
