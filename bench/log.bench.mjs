// What a log line costs that carries the ids of its span: one info line with two fields to /dev/null, outside and inside
// a span, by pino alone, by this project's logger, by a mixin, and by the instrumentation of OpenTelemetry (which sends
// no logs here). Each in its own loop of one process; ratio to pino alone in the same place.

import { createRequire } from 'node:module';
import { context, trace } from '@opentelemetry/api';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { telemetryLogger } from '../packages/node/dist/logs/logger.js';
import { interleave, loop } from './interleave.mjs';
import { report } from './report.mjs';

const require = createRequire(import.meta.url);
const pino = require('pino');

new NodeTracerProvider().register();
const instrumentation = new PinoInstrumentation({ disableLogSending: true });
instrumentation.enable();
// The instrumentation wraps what is required after it: a second copy of pino, so that the first stays as it is.
for (const file of Object.keys(require.cache)) if (/[\\/]pino[\\/]/.test(file)) delete require.cache[file];
const instrumented = require('pino');

const settings = { timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } };
const target = () => pino.destination({ dest: '/dev/null', sync: true });
const ids = () => {
  const span = trace.getActiveSpan();
  if (span === undefined) return {};
  const { traceId, spanId, traceFlags } = span.spanContext();
  return { trace_id: traceId, span_id: spanId, trace_flags: `0${traceFlags.toString(16)}` };
};
const loggers = {
  pino: pino(settings, target()),
  benchlab: telemetryLogger({ destination: '/dev/null' }),
  mixin: pino({ ...settings, mixin: ids }, target()),
  'instrumentation-pino': instrumented(settings, target()),
};

const lines = () =>
  Object.fromEntries(
    Object.entries(loggers).map(([name, logger]) => [
      name,
      loop((i) => logger.info({ order: i, backend: 'cuda' }, 'compiled') ?? 0),
    ]),
  );

report('log line outside a span', await interleave(lines(), 'pino'), 'ratio of p10');
const span = trace.getTracer('bench').startSpan('operation');
const inSpan = Object.fromEntries(
  Object.entries(lines()).map(([name, run]) => [
    name,
    (n) => context.with(trace.setSpan(context.active(), span), () => run(n)),
  ]),
);
report('log line inside a span', await interleave(inSpan, 'pino'), 'ratio of p10');
