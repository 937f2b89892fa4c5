const attribute = (number) => field(number, field(1, 'http.route'), field(2, field(1, '/cart')));
const resource = field(1, attribute(1));
const scope = field(1, field(1, 'shop'), field(2, '1.0'));
const times = Buffer.concat([fixed64(7, 1_700_000_000_000_000_000n), fixed64(8, 1_700_000_000_000_500_000n)]);
const span = Buffer.concat([
  field(1, Buffer.alloc(16, 1)),
  field(2, Buffer.alloc(8, 2)),
  field(4, Buffer.alloc(8, 3)),
  field(5, 'checkout'),
  times,
  attribute(9),
  field(9, field(1, 'list'), field(2, field(5, field(1, field(1, 'a')), field(1, field(6, attribute(1)))))),
  field(11, fixed64(1, 1_700_000_000_000_000_000n), field(2, 'event'), attribute(3)),
  field(13, field(1, Buffer.alloc(16, 1)), field(2, Buffer.alloc(8, 2)), attribute(4)),
]);
const point = Buffer.concat([
  fixed64(2, 1n),
  fixed64(3, 1_700_000_000_000_000_000n),
  fixed64(4, 5n),
  field(6, Buffer.alloc(24, 1)),
  field(7, Buffer.alloc(16, 2)),
  attribute(9),
]);
const metric = field(2, field(1, 'wait'), field(3, 's'), field(9, field(1, point)));
const record = field(2, fixed64(1, 1_700_000_000_000_000_000n), field(5, field(1, 'text')), attribute(6));
export const requests = [
  ['traces', field(1, resource, field(2, scope, field(2, span), field(2, span)))],
  ['metrics', field(1, resource, field(2, scope, metric))],
  ['logs', field(1, resource, field(2, scope, record))],
];
export const grpcPaths = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
};
export const jsonRequest = Buffer.from(
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          {
            scope: { name: 'shop' },
            spans: [
              {
                traceId: '0af7651916cd43dd8448eb211c80319c',
                spanId: 'b7ad6b7169203331',
                name: 'checkout',
                kind: 3,
                startTimeUnixNano: '1700000000000000000',
                endTimeUnixNano: '1700000000000500000',
                attributes: [
                  { key: 'a', value: { arrayValue: { values: [{ intValue: '5' }, { doubleValue: 1.5 }] } } },
                ],
              },
            ],
          },
        ],
      },
    ],
  }),
);

function field(number, ...parts) {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const length = [];
  for (let rest = content.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), content]);
}

function fixed64(number, value) {
  const bytes = Buffer.alloc(9, number * 8 + 1);
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
}
