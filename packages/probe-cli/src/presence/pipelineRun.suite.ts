import type { Observed } from '@benchlab-otel/analysis';
import { span } from '../../../analysis/src/operations/example.suite.ts';

/** What can be changed in place. */
export type Changeable<T> = T extends readonly (infer Item)[]
  ? Changeable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Changeable<T[Key]> }
    : T;

const traceId = '0af7651916cd43dd8448eb211c80319c';
const ids = {
  parse: '00000000000000a1',
  plan: '00000000000000a2',
  lower: ['00000000000000b1', '00000000000000b2'],
  compile: ['00000000000000c1', '00000000000000c2'],
  verify: '00000000000000d1',
  package: '00000000000000e1',
} as const;

/** A run of a compile pipeline that shows all that `cases/pipeline.yaml` asks for. Each call makes a new one. */
export function pipelineRun(): Changeable<Observed> {
  const point = (labels: Record<string, string>, value: number, more: object = {}) => ({
    labels,
    value,
    exemplars: 0,
    ...more,
  });
  const backends = ['cuda', 'rocm'] as const;
  return {
    series: [
      { name: 'pipeline_latency_seconds', type: 'histogram', unit: 's', points: [point({}, 3, { delta: 3, sum: 4 })] },
      {
        name: 'lowering_duration_seconds',
        type: 'histogram',
        unit: 's',
        points: backends.map((backend) => point({ backend, operator: 'matmul' }, 1, { delta: 1, sum: 0.1 })),
      },
      {
        name: 'compile_success_total',
        type: 'counter',
        points: [point({ backend: 'cuda', host_kind: 'offline' }, 1, { delta: 1 })],
      },
      {
        name: 'compile_failure_total',
        type: 'counter',
        points: [point({ backend: 'rocm', host_kind: 'offline' }, 1, { delta: 1 })],
      },
      { name: 'verification_block_rate', type: 'gauge', points: [point({}, 0.5)] },
      {
        name: 'offline_bundle_size_bytes',
        type: 'gauge',
        unit: 'By',
        points: [point({ target: 'linux-x64', revision: 'r7' }, 4096)],
      },
    ],
    spans: [
      span('spec.parse', 0, 5, { traceId, spanId: ids.parse, attributes: { 'host.kind': 'offline' } }),
      span('plan.compile_graph', 5, 40, {
        traceId,
        spanId: ids.plan,
        parentSpanId: ids.parse,
        attributes: { 'host.kind': 'offline', 'model.version': 'm3' },
      }),
      ...backends.map((backend, index) =>
        span('codegen.lower', 6, 9, {
          traceId,
          spanId: ids.lower[index] ?? '',
          parentSpanId: ids.plan,
          attributes: { 'backend.name': backend, 'operator.name': 'matmul', 'clause.id': '9f86d081884c7d65' },
        }),
      ),
      ...backends.map((backend, index) =>
        span('compile.execute', 10, 30, {
          traceId,
          spanId: ids.compile[index] ?? '',
          parentSpanId: ids.plan,
          attributes: {
            'backend.name': backend,
            'toolchain.binary': 'cc',
            'host.kind': 'offline',
            'build.cache_hit': false,
            'process.exit.code': index,
            'compile.output.hashes': ['2c26b46b68ffc68f'],
          },
        }),
      ),
      span('verify.run', 31, 35, {
        traceId,
        spanId: ids.verify,
        parentSpanId: ids.plan,
        attributes: {
          'verify.tool': 'differential',
          'verify.score': 0.97,
          'provenance.id': `${traceId}-${ids.compile[0]}`,
        },
      }),
      span('distribute.package', 36, 39, {
        traceId,
        spanId: ids.package,
        parentSpanId: ids.plan,
        status: { code: 'ok' },
        attributes: { 'bundle.target': 'linux-x64', 'bundle.revision': 'r7' },
      }),
    ].map((each) => structuredClone(each) as Changeable<typeof each>),
    logs: [
      ...backends.flatMap((backend, index) => [
        {
          eventName: 'compile.start',
          attributes: { 'backend.name': backend, 'toolchain.binary': 'cc' },
          ...{ traceId, spanId: ids.compile[index] ?? '', resource: {}, scope: { name: '' } },
        },
        {
          eventName: 'compile.end',
          attributes: { 'process.exit.code': index },
          ...{ traceId, spanId: ids.compile[index] ?? '', resource: {}, scope: { name: '' } },
        },
      ]),
      {
        eventName: 'verify.block',
        attributes: { 'verify.tool': 'differential', 'verify.reason': 'outputs differ' },
        ...{ traceId, spanId: ids.verify, resource: {}, scope: { name: '' } },
      },
    ],
  };
}
