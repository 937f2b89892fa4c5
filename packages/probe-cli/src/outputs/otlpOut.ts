import { BenchlabError, isObject, metric } from '@benchlab-otel/core';
import { startTelemetry } from '@benchlab-otel/node';
import { recordMetric } from '@benchlab-otel/sdk';
import { answersOf } from '../report/answer.ts';
import type { RunResult } from '../report/result.ts';

/** Time for one export, and for all of it, ms: a collector that is away must not hold a CI job. */
const exportTimeoutMs = 5_000;

const outcomes = ['pass', 'fail', 'inconclusive'] as const;

/**
 * Sends the verdicts of a run as metrics, once, over OTLP/gRPC. Headers and certificates come from OTEL_EXPORTER_OTLP_*, as
 * for every exporter.
 *
 * @throws BenchlabError when the endpoint does not take them
 */
export async function sendVerdicts(result: RunResult, endpoint: string): Promise<void> {
  let failure: string | undefined;
  const telemetry = await startTelemetry({
    serviceName: 'benchlab-probe',
    // What is set for the program is not for us.
    env: {},
    otlp: { endpoint, timeoutMs: exportTimeoutMs },
    metricsPage: false,
    shutdownTimeoutMs: 2 * exportTimeoutMs,
    log: { destination: { write: (line) => (failure ??= failureOf(line)) } },
  });
  for (const { kind, name, outcome } of answersOf(result)) {
    for (const state of outcomes) {
      recordMetric(metric.benchlabProbeVerdict, state === outcome ? 1 : 0, {
        'benchlab.probe.question': name,
        'benchlab.probe.question.kind': kind,
        'benchlab.probe.verdict': state,
      });
    }
  }
  for (const { budget, observed } of result.verdicts) {
    if (observed === undefined || budget.limit === 0) continue;
    recordMetric(metric.benchlabProbeLimitUtilization, observed / budget.limit, {
      'benchlab.probe.question': budget.text,
      'benchlab.probe.question.kind': 'budget',
    });
  }
  const { timedOut } = await telemetry.shutdown();
  if (failure === undefined && !timedOut) return;
  throw new BenchlabError(
    'UNSUPPORTED',
    `--otlp-out: the verdicts were not sent. ${failure ?? `No answer came from ${endpoint} in time.`}`,
    'Check the endpoint: it takes OTLP over gRPC, at port 4317 as a rule.',
  );
}

/** The line about an export that failed, which states the reason and what to do. */
function failureOf(line: string): string | undefined {
  const entry: unknown = JSON.parse(line);
  return isObject(entry) && entry.event === 'otlp.failed' ? String(entry.msg) : undefined;
}
