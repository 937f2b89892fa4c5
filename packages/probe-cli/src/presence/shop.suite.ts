import { script } from '../host/programs.suite.ts';

/** What a shop sends of one call: a span with a child, a counter, a log event. */
export interface ShopOptions {
  /** Attributes of the span `checkout`. Default: `order.id`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Signals that it sends. Default: all. */
  readonly signals?: readonly ('traces' | 'metrics' | 'logs')[];
  readonly exitCode?: number;
}

/** A program that sends OTLP/JSON by itself, without an SDK: it takes the time of a start of Node. */
export function shop({
  attributes = { 'order.id': '17' },
  signals,
  exitCode = 0,
}: ShopOptions = {}): readonly string[] {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const [outer, inner] = ['00000000000000a1', '00000000000000a2'];
  const pairs = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }));
  const times = { startTimeUnixNano: '1700000000000000000', endTimeUnixNano: '1700000000250000000' };
  const timeUnixNano = times.startTimeUnixNano;
  const spans = [
    { traceId, spanId: outer, name: 'checkout', kind: 2, ...times, attributes: pairs(attributes) },
    { traceId, spanId: inner, parentSpanId: outer, name: 'price', kind: 1, ...times },
  ];
  const dataPoints = [{ timeUnixNano, asInt: '3', attributes: pairs({ shop: 'a' }) }];
  const sum = { isMonotonic: true, aggregationTemporality: 2, dataPoints };
  const metrics = [{ name: 'orders', unit: '{order}', sum }];
  const logRecords = [
    { timeUnixNano, eventName: 'order.paid', traceId, spanId: inner, attributes: pairs({ by: 'card' }) },
  ];
  const bodies = {
    traces: { resourceSpans: [{ scopeSpans: [{ spans }] }] },
    metrics: { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] },
    logs: { resourceLogs: [{ scopeLogs: [{ logRecords }] }] },
  };
  const sent = Object.entries(bodies).filter(([name]) => signals?.some((signal) => signal === name) ?? true);
  return script(`
    const [name, value] = process.env.OTEL_EXPORTER_OTLP_HEADERS.split('=');
    const post = ([signal, body]) => fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/' + signal,
      { method: 'POST', headers: { 'content-type': 'application/json', [name]: value }, body: JSON.stringify(body) });
    Promise.all(${JSON.stringify(sent)}.map(post)).then(() => process.exit(${exitCode}));`);
}
