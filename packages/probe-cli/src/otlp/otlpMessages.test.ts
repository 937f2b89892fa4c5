// The table of OTLP messages and its reader, next to protobuf.js with the .proto files.
import { fileURLToPath } from 'node:url';
import protoLoader, { type MessageTypeDefinition } from '@grpc/proto-loader';
import { describe, expect, it } from 'vitest';
import type { MessageKind, Scalar } from './messageKind.ts';
import { requestKinds } from './otlpMessages.ts';
import { readMessage } from './readMessage.ts';

const services = {
  traces: 'trace.v1.TraceService',
  metrics: 'metrics.v1.MetricsService',
  logs: 'logs.v1.LogsService',
} as const;
const definitions = protoLoader.loadSync(['trace_service.proto', 'metrics_service.proto', 'logs_service.proto'], {
  includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))],
  longs: String,
  defaults: false,
});

function requestType(name: keyof typeof services): MessageTypeDefinition<object, object> {
  const definition = definitions[`opentelemetry.proto.collector.${services[name]}`];
  if (definition === undefined || !('Export' in definition)) throw new TypeError(`${name} is not in proto/`);
  return definition.Export.requestType as MessageTypeDefinition<object, object>; // what the loader makes of a message
}

/** Values at the edges of each type, as protobuf.js takes them. */
const edges: Readonly<Record<Scalar, readonly unknown[]>> = {
  string: ['', 'cart', 'é 漢 😀'.repeat(50)],
  bytes: [Buffer.alloc(0), Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex')],
  hex: [Buffer.alloc(0), Buffer.from('0AF7651916CD43DD8448EB211C80319C', 'hex')],
  bool: [false, true],
  int32: [0, 127, 128, -1, 2 ** 31 - 1, -(2 ** 31)],
  uint32: [0, 300, 2 ** 32 - 1],
  sint32: [0, -1, 1, 2 ** 31 - 1, -(2 ** 31)],
  int64: ['0', '-1', '127', '281474976710656', '9007199254740993', '9223372036854775807', '-9223372036854775808'],
  uint64: ['0', '562949953421311', '562949953421312', '9007199254740993', '18446744073709551615'],
  fixed64: ['0', '1700000000000000001', '18446744073709551615'],
  sfixed64: ['0', '-1', '9223372036854775807', '-9223372036854775808'],
  double: [0, -0.5, Number.NaN, Number.POSITIVE_INFINITY, 5e-324],
};

/** A message with all of its fields, lists with several items. Kinds contain themselves: not deeper than `depth`. */
function full(kind: MessageKind, turn: number, depth = 12): Record<string, unknown> {
  const entries = [...kind.fields.values()].flatMap(({ name, type, isList }) => {
    if (depth === 0 && typeof type === 'object') return [];
    const one = (k: number) =>
      typeof type === 'object' ? full(type, turn + k, depth - 1) : edges[type][(turn + k) % edges[type].length];
    return [[name, isList ? [one(0), one(1)] : one(0)]];
  });
  return Object.fromEntries(entries);
}

/** The same form for both readers: numbers of 64 bits are texts, bytes are hexadecimal. */
function plain(value: unknown, key = ''): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map((each) => plain(each, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner, name)]));
  return typeof value === 'bigint' || longs.has(key) ? String(value) : value;
}

const longs = new Set(
  'intValue asInt count zeroCount bucketCounts startTimeUnixNano endTimeUnixNano timeUnixNano observedTimeUnixNano'.split(
    ' ',
  ),
);

describe.each(['traces', 'metrics', 'logs'] as const)('%s', (name) => {
  it.each([0, 1, 2, 3, 4, 5, 6])('are read as by protobuf.js: every field, edge value %d', (turn) => {
    const type = requestType(name);
    const bytes = type.serialize(full(requestKinds[name], turn, 7));

    expect(plain(readMessage(bytes, requestKinds[name]))).toEqual(plain(type.deserialize(bytes)));
  });

  it('have every field of the .proto files', () => {
    const names = (kind: MessageKind, seen = new Set<MessageKind>()): readonly string[] => {
      if (seen.has(kind)) return [];
      seen.add(kind);
      return [...kind.fields].flatMap(([number, { name: field, type }]) => [
        `${number} ${field}`,
        ...(typeof type === 'object' ? names(type, seen) : []),
      ]);
    };

    expect(new Set(names(requestKinds[name]))).toEqual(fieldsIn(name));
  });
});

interface Descriptor {
  readonly name: string;
  readonly field: readonly { readonly number: number; readonly name: string; readonly typeName: string }[];
  readonly nestedType: readonly Descriptor[];
}

/** The fields of a request and of all messages in it, as the .proto files state them. */
function fieldsIn(name: keyof typeof services): ReadonlySet<string> {
  const byName = new Map<string, Descriptor>();
  const add = (descriptor: Descriptor): void => {
    byName.set(descriptor.name, descriptor);
    descriptor.nestedType.forEach(add);
  };
  for (const each of Object.values(definitions)) if ('type' in each) add(each.type as Descriptor);
  const fields = new Set<string>();
  const seen = new Set<string>();
  const visit = ({ name: message, field }: Descriptor): void => {
    if (seen.has(message)) return;
    seen.add(message);
    for (const { number, name: text, typeName } of field) {
      fields.add(`${number} ${text.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}`);
      const inner = byName.get(typeName.slice(typeName.lastIndexOf('.') + 1));
      if (inner !== undefined) visit(inner);
    }
  };
  visit(requestType(name).type as Descriptor);
  return fields;
}

it('skips fields that it does not know, of every wire type', () => {
  const unknown = [
    [0xa0, 0x06, 0x96, 0x01],
    [0xa1, 0x06, ...Array(8).fill(1)],
    [0xa2, 0x06, 2, 1, 1],
    [0xa5, 0x06, 1, 1, 1, 1],
  ];

  expect(readMessage(Buffer.from(unknown.flat()), requestKinds.traces)).toEqual({});
});

it('reads attributes that repeat, and others with the same key, each with its own value', () => {
  const type = requestType('traces');
  const values = ['a', 'b', 'a', '', 'é', 'b', 'a'.repeat(200), 'a'.repeat(200)];
  const attributes = values.map((stringValue) => ({ key: 'k', value: { stringValue } }));
  const request = {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              { name: 'k', attributes },
              { name: 'a', attributes },
            ],
          },
        ],
      },
    ],
  };
  const bytes = type.serialize(request);

  expect(readMessage(bytes, requestKinds.traces)).toEqual(request);
});

it('reads numbers of a list that are not packed, too', () => {
  // metrics, exponentialHistogram, dataPoints, positive
  const path = [1, 2, 2, 10, 1, 8];
  const buckets = path.reduce<MessageKind | undefined>(
    (kind, number) => kind?.fields.get(number)?.message,
    requestKinds.metrics,
  );

  expect(buckets && readMessage(Buffer.of(0x10, 5, 0x10, 7, 0x12, 2, 8, 9), buckets)).toEqual({
    bucketCounts: [5, 7, 8, 9],
  });
});
