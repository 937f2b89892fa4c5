import type { Clock } from '@benchlab-otel/core';
import { clauseId, metric, spans } from '@benchlab-otel/presets';
import { recordMetric, withSpanOf } from '@benchlab-otel/sdk';
import { broken } from '../lower/broken.ts';
import type { KernelPlan } from './kernelOutcome.ts';

/** The source of a kernel. `isBroken`: with a defect, which verification must find. */
export function lowerKernel({ backend, operator }: KernelPlan, isBroken: boolean, clock: Clock): string {
  const started = clock.nowNs();
  const attributes = {
    'backend.name': backend.name,
    'operator.name': operator.name,
    'clause.id': clauseId(operator.clause),
    'toolchain.binary': backend.toolchain,
  };
  const source = withSpanOf(spans.codegenLower, attributes, () =>
    backend.lower(isBroken ? broken(operator) : operator),
  );
  recordMetric(metric.loweringDuration, (clock.nowNs() - started) / 1e9, {
    backend: backend.name,
    operator: operator.name,
    maturity: operator.maturity,
  });
  return source;
}
