import { type MessageKind, messageKind } from './messageKind.ts';

// The parts of OTLP 1.10 that are read. Source: https://github.com/open-telemetry/opentelemetry-proto, opentelemetry/proto; a test
// holds this against proto/ of this package. What is not here, such as exemplars, is skipped.

const anyValue: MessageKind = { fields: new Map() };
const keyValue = messageKind({ key: [1, 'string'], value: [2, anyValue] }, { fields: new Map(), repeats: true });
messageKind(
  {
    stringValue: [1, 'string'],
    boolValue: [2, 'bool'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
    arrayValue: [5, messageKind({ values: [1, [anyValue]] })],
    kvlistValue: [6, messageKind({ values: [1, [keyValue]] })],
    bytesValue: [7, 'bytes'],
  },
  anyValue,
);

const resource = messageKind({ attributes: [1, [keyValue]] });
const scope = messageKind({ name: [1, 'string'], version: [2, 'string'] });

const span = messageKind({
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'hex'],
  name: [5, 'string'],
  kind: [6, 'int32'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, [keyValue]],
  droppedAttributesCount: [10, 'uint32'],
  events: [11, [messageKind({ timeUnixNano: [1, 'fixed64'], name: [2, 'string'], attributes: [3, [keyValue]] })]],
  droppedEventsCount: [12, 'uint32'],
  links: [13, [messageKind({ traceId: [1, 'hex'], spanId: [2, 'hex'], attributes: [4, [keyValue]] })]],
  droppedLinksCount: [14, 'uint32'],
  status: [15, messageKind({ message: [2, 'string'], code: [3, 'int32'] })],
});

const logRecord = messageKind({
  timeUnixNano: [1, 'fixed64'],
  severityNumber: [2, 'int32'],
  severityText: [3, 'string'],
  body: [5, anyValue],
  attributes: [6, [keyValue]],
  traceId: [9, 'hex'],
  spanId: [10, 'hex'],
  observedTimeUnixNano: [11, 'fixed64'],
  eventName: [12, 'string'],
});

const times = { startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'] } as const;

const numberPoint = messageKind({
  ...times,
  asDouble: [4, 'double'],
  asInt: [6, 'sfixed64'],
  attributes: [7, [keyValue]],
  flags: [8, 'uint32'],
});

const histogramPoint = messageKind({
  ...times,
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, ['fixed64']],
  explicitBounds: [7, ['double']],
  attributes: [9, [keyValue]],
  flags: [10, 'uint32'],
  min: [11, 'double'],
  max: [12, 'double'],
});

const buckets = messageKind({ offset: [1, 'sint32'], bucketCounts: [2, ['uint64']] });

const exponentialPoint = messageKind({
  attributes: [1, [keyValue]],
  ...times,
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  scale: [6, 'sint32'],
  zeroCount: [7, 'fixed64'],
  positive: [8, buckets],
  negative: [9, buckets],
  flags: [10, 'uint32'],
  min: [12, 'double'],
  max: [13, 'double'],
});

const summaryPoint = messageKind({
  ...times,
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  quantileValues: [6, [messageKind({ quantile: [1, 'double'], value: [2, 'double'] })]],
  attributes: [7, [keyValue]],
  flags: [8, 'uint32'],
});

const aggregationTemporality = [2, 'int32'] as const;

const metric = messageKind({
  name: [1, 'string'],
  unit: [3, 'string'],
  gauge: [5, messageKind({ dataPoints: [1, [numberPoint]] })],
  sum: [7, messageKind({ dataPoints: [1, [numberPoint]], aggregationTemporality, isMonotonic: [3, 'bool'] })],
  histogram: [9, messageKind({ dataPoints: [1, [histogramPoint]], aggregationTemporality })],
  exponentialHistogram: [10, messageKind({ dataPoints: [1, [exponentialPoint]], aggregationTemporality })],
  summary: [11, messageKind({ dataPoints: [1, [summaryPoint]] })],
});

/** The requests of the three services. */
export const requestKinds: Readonly<Record<'traces' | 'metrics' | 'logs', MessageKind>> = {
  traces: requestOf('resourceSpans', 'scopeSpans', 'spans', span),
  metrics: requestOf('resourceMetrics', 'scopeMetrics', 'metrics', metric),
  logs: requestOf('resourceLogs', 'scopeLogs', 'logRecords', logRecord),
};

function requestOf(resources: string, scopes: string, items: string, item: MessageKind): MessageKind {
  const ofScope = messageKind({ scope: [1, scope], [items]: [2, [item]] });
  const ofResource = messageKind({ resource: [1, resource], [scopes]: [2, [ofScope]] });
  return messageKind({ [resources]: [1, [ofResource]] });
}
