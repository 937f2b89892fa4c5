import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Call, clientSpans, serverSpans } from './calls.ts';
import { type FleetSecrets, fleetSecrets, postSecurely, startTier, type Tier } from './fleet.ts';
import { until } from './process.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { type Jaeger, startJaeger } from './servers.ts';

// Two agents -> gateway -> load balancing -> two samplers -> Jaeger; the gateway's counts -> Prometheus. Next to it a second
// gateway without samplers gets the same spans.
const calls: readonly Call[] = Array.from({ length: 200 }, (_, i) => ({
  traceId: createHash('sha256').update(`call ${i}`).digest('hex').slice(0, 32),
  clientMs: i % 10 === 1 ? 300 : 20 + (i % 7),
  serverMs: 10 + (i % 5),
  isFailed: i % 10 === 2,
  ...(i % 10 === 3 ? { runId: `run-${i}` } : {}),
}));
const kept = calls.filter(({ clientMs, isFailed, runId }) => clientMs > 120 || isFailed || runId !== undefined);

let secrets: FleetSecrets;
let jaeger: Jaeger;
let prometheus: Prometheus;
let samplers: readonly Tier[];
let gateway: Tier;
let unsampled: Tier;
const stopping: (() => Promise<void>)[] = [];

async function running<Server extends { stop(): Promise<void> }>(starting: Promise<Server>): Promise<Server> {
  const server = await starting;
  stopping.push(() => server.stop());
  return server;
}

const sendPlainly = async (agent: Tier, body: unknown) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://${agent.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
};

beforeAll(async () => {
  secrets = await fleetSecrets();
  stopping.push(() => secrets.remove());
  [jaeger, prometheus] = await Promise.all([running(startJaeger()), running(startPrometheus())]);
  const shared = { ...secrets.environment, COLLECTOR_SPAN_METRICS_INTERVAL: '1s' };
  const sampling = { COLLECTOR_DECISION_WAIT: '3s', COLLECTOR_SAMPLING_PERCENT: '0' };
  const sampler = () =>
    startTier('sampler/sampler.yaml', { ...shared, ...sampling, COLLECTOR_TRACES_ENDPOINT: jaeger.otlpGrpc });
  samplers = await Promise.all([running(sampler()), running(sampler())]);
  const balancing = await running(
    startTier('scale/load-balancing.yaml', {
      ...shared,
      COLLECTOR_SAMPLERS: `[${samplers.map(({ otlpGrpc }) => otlpGrpc).join(', ')}]`,
    }),
  );
  const counting = { ...shared, COLLECTOR_METRICS_ENDPOINT: prometheus.otlpEndpoint };
  [gateway, unsampled] = await Promise.all([
    running(
      startTier('gateway/gateway.yaml', {
        ...counting,
        COLLECTOR_INSTANCE: 'sampled',
        COLLECTOR_TRACES_ENDPOINT: balancing.otlpGrpc,
        COLLECTOR_TRACES_INSECURE: 'false',
        COLLECTOR_TRACES_CA_FILE: secrets.caFile,
      }),
    ),
    running(startTier('gateway/gateway.yaml', { ...counting, COLLECTOR_INSTANCE: 'unsampled' })),
  ]);
  const agent = () => startTier('agent/forward.yaml', { ...shared, COLLECTOR_GATEWAY_ENDPOINT: gateway.otlpGrpc });
  const agents = await Promise.all([running(agent()), running(agent())]);
  // The halves of a call are on different hosts, and come in requests of a few.
  for (let from = 0; from < calls.length; from += 20) {
    const some = calls.slice(from, from + 20);
    await Promise.all([sendPlainly(agents[0], clientSpans(some)), sendPlainly(agents[1], serverSpans(some))]);
    for (const half of [clientSpans(some), serverSpans(some)]) {
      expect(await postSecurely(unsampled.otlpHttp, half, secrets)).toBe(200);
    }
  }
});
afterAll(async () => {
  await Promise.all(stopping.reverse().map((stop) => stop()));
});

interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly { readonly operationName: string; readonly tags: readonly { readonly key: string }[] }[];
}

async function traces(): Promise<readonly JaegerTrace[]> {
  const { data } = (await (await fetch(`${jaeger.url}/api/traces?service=front&limit=1000`)).json()) as {
    data: JaegerTrace[];
  };
  return data;
}

describe('a fleet of collectors', () => {
  test('keeps every trace that failed, was slow or belongs to a run, whole, and no other', async () => {
    const found = await until('the traces in Jaeger', async () => {
      const all = await traces();
      return all.length >= kept.length && all.every(({ spans }) => spans.length === 2) && all;
    });

    expect(found.map(({ traceID }) => traceID).sort()).toEqual(kept.map(({ traceId }) => traceId).sort());
    for (const { spans } of found) {
      expect(spans.map(({ operationName }) => operationName).sort()).toEqual(['charge', 'checkout']);
    }
  });

  test('spreads the traces over both samplers, each span on one', async () => {
    const accepted = await until('all spans at the samplers', async () => {
      const counts = await Promise.all(samplers.map((each) => each.counter('otelcol_receiver_accepted_spans_total')));
      return counts.reduce((sum, spans) => sum + spans) === 2 * calls.length && counts;
    });

    for (const spans of accepted) expect(spans).toBeGreaterThan(calls.length / 4);
  });

  test('counts rate, errors and durations of all spans, the same with samplers behind it as without', async () => {
    const sum = async (instance: string, expression: (selector: string) => string) => {
      const series = await prometheus.query(
        `sum by (span_name, status_code) (${expression(`instance="${instance}"`)})`,
      );
      return series.map(({ labels, value }) => `${labels.span_name} ${labels.status_code} ${value.toFixed(3)}`).sort();
    };
    const counts = (selector: string) => `traces_span_metrics_calls_total{${selector}}`;
    const durations = (selector: string) => `histogram_sum(traces_span_metrics_duration_seconds{${selector}})`;
    const failed = calls.filter(({ isFailed }) => isFailed).length;
    const expected = [
      `charge STATUS_CODE_ERROR ${failed.toFixed(3)}`,
      `charge STATUS_CODE_UNSET ${(calls.length - failed).toFixed(3)}`,
      `checkout STATUS_CODE_UNSET ${calls.length.toFixed(3)}`,
    ];

    for (const instance of ['sampled', 'unsampled']) {
      await until(`the counts of ${instance}`, async () => String(await sum(instance, counts)) === String(expected));
    }
    const seconds = calls.reduce((total, { clientMs }) => total + clientMs, 0) / 1000;
    expect(await sum('sampled', durations)).toContain(`checkout STATUS_CODE_UNSET ${seconds.toFixed(3)}`);
    expect(await sum('sampled', durations)).toEqual(await sum('unsampled', durations));
  });

  test('knows who calls whom from spans of two hosts', async () => {
    const edge = 'traces_service_graph_request_total{instance="sampled",client="front",server="back"}';

    await until('all calls in the graph', async () => {
      const [sum] = await prometheus.query(`sum(${edge})`);
      return sum?.value === calls.length;
    });
  });

  test('lets no attribute pass that is not on its list', async () => {
    const keys = (await traces()).flatMap(({ spans }) => spans.flatMap(({ tags }) => tags.map(({ key }) => key)));

    expect(keys).toContain('http.route');
    expect(keys).not.toContain('user.email');
  });

  test('takes nothing without the token, and nothing in plain text', async () => {
    const body = clientSpans(calls.slice(0, 1));

    expect(await postSecurely(gateway.otlpHttp, body, { ca: secrets.ca })).toBe(401);
    expect(await postSecurely(gateway.otlpHttp, body, { ca: secrets.ca, token: 'another' })).toBe(401);
    expect((await fetch(`http://${gateway.otlpHttp}/v1/traces`, { method: 'POST' })).status).toBe(400);
  });
});
