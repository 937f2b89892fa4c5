import type { Clock } from '@benchlab-otel/core';
import { type MeasuredIdle, measureIdle } from '@benchlab-otel/enrichers';
import type { Terminal } from '../host/terminal.ts';
import type { Meter } from './meter.ts';

/** A longer wait shows that it goes on. */
const reportEverySeconds = 10;

/** Measures the bench at rest before the program starts, with its progress on standard error. */
export async function measuredIdle(
  meter: Pick<Meter, 'history'>,
  seconds: number,
  { terminal, clock }: { readonly terminal: Pick<Terminal, 'err'>; readonly clock: Clock },
): Promise<MeasuredIdle> {
  const report = (text: string) => terminal.err(`benchlab-probe: ${text}\n`);
  report(`measuring the bench at rest for ${seconds} s, before the program starts`);
  const untilNs = clock.nowNs() + seconds * 1e9;
  let cancel: (() => void) | undefined;
  const remind = () => {
    const left = Math.round((untilNs - clock.nowNs()) * 1e-9);
    if (left < reportEverySeconds) return;
    cancel = clock.at(clock.nowNs() + reportEverySeconds * 1e9, () => {
      report(`${Math.max(0, Math.round((untilNs - clock.nowNs()) * 1e-9))} s left`);
      remind();
    });
  };
  remind();
  try {
    const idle = await measureIdle(meter.history, { seconds, clock });
    report(`at rest: ${idle.text}`);
    return { ...idle, source: `${idle.source} before the program` };
  } finally {
    cancel?.();
  }
}
