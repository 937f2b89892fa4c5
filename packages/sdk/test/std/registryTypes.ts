// Checked by the compiler alone: what recording by a registry accepts and refuses.
import { eventFields, type MetricDefinition, metric as ofCore, recordMetric, withSpanOf } from '../../src/index.ts';
import { logEvents, metric, spans } from '../compileVocabulary.ts';

recordMetric(metric.compileSuccess, 1);
recordMetric(metric.compileSuccess, 1, { backend: 'cuda', host_kind: 'offline', host_region: undefined });
// @ts-expect-error an attribute of another metric
recordMetric(metric.compileSuccess, 1, { backend: 'cuda', operator: 'matmul' });
// @ts-expect-error a value outside the closed set
recordMetric(metric.compileSuccess, 1, { host_kind: 'mobile' });
// @ts-expect-error a value of another type
recordMetric(metric.compileSuccess, 1, { backend: 7 });
// @ts-expect-error a word is not a boolean
recordMetric(ofCore.hwPower, 1, { 'benchlab.simulated': 'yes' });
// @ts-expect-error a metric without attributes takes none
recordMetric(metric.sessionsActive, 1, { model: 'llama' });
// @ts-expect-error no value
recordMetric(metric.compileSuccess);
// @ts-expect-error not a number
recordMetric(metric.compileSuccess, '1');
// @ts-expect-error a metric is a definition, not its name
recordMetric('compile.success', 1);

const own = {
  name: 'shop.orders',
  unit: '{order}',
  instrument: 'counter',
  description: 'Orders.',
  attributes: ['tier'],
  stability: 'stable',
  origin: 'benchlab',
} as const satisfies MetricDefinition;
recordMetric(own, 1, { tier: 'gold' });
// @ts-expect-error the application's own metrics are checked against their attributes too
recordMetric(own, 1, { colour: 'red' });

declare const anyMetric: MetricDefinition;
recordMetric(anyMetric, 1, { anything: 'it lists' });
// @ts-expect-error a list is not a label
recordMetric(anyMetric, 1, { anything: ['it lists'] });

export const checked: Promise<number> = withSpanOf(
  spans.verifyRun,
  { 'verify.tool': 'cbmc', 'provenance.id': 'id', 'verify.score': 3 },
  async (span) => span.spanContext().traceFlags,
);
// @ts-expect-error a check must name what it checks
withSpanOf(spans.verifyRun, { 'verify.tool': 'cbmc' }, () => {});
// @ts-expect-error evidence too
withSpanOf(spans.complianceEvidence, { 'evidence.kind': 'log' }, () => {});
// @ts-expect-error and feedback
withSpanOf(spans.reviewFeedback, {}, () => {});
// @ts-expect-error a call of a model must have the version of its data
withSpanOf(spans.plannerCall, { 'model.version': '1' }, () => {});
// @ts-expect-error the text of a clause has no place on a span
withSpanOf(spans.specParse, { 'host.kind': 'online', 'clause.text': 'shall' }, () => {});
const compile = { 'backend.name': 'a', 'toolchain.binary': 'b', 'host.kind': 'online' } as const;
// @ts-expect-error sizes are numbers
withSpanOf(spans.compileExecute, { ...compile, 'compile.output.sizes': ['1'] }, () => {});

eventFields(logEvents.compileStart, { 'backend.name': 'cuda', 'toolchain.binary': 'nvcc' });
// @ts-expect-error it must have the exit code
eventFields(logEvents.compileEnd, { 'backend.name': 'cuda' });
// @ts-expect-error a field that it does not have
eventFields(logEvents.compileStart, { 'backend.name': 'cuda', 'toolchain.binary': 'nvcc', text: 'x' });
