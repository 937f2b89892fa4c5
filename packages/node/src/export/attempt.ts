import { type ExportResult, ExportResultCode } from '@opentelemetry/core';

/**
 * Runs one export and settles once: with undefined, or with the error. It does so too for an exporter that breaks its
 * contract by throwing or answering twice.
 */
export function attempt(run: (done: (result: ExportResult) => void) => void, settled: (error: unknown) => void): void {
  let isSettled = false;
  const settle = (error: unknown): void => {
    if (isSettled) return;
    isSettled = true;
    settled(error);
  };
  try {
    run(({ code, error }) =>
      settle(code === ExportResultCode.SUCCESS ? undefined : (error ?? new Error('no reason given'))),
    );
  } catch (error) {
    settle(error ?? new Error('no reason given'));
  }
}
