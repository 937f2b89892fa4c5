/** One call between two services: a client span and a server span of one trace. */
export interface Call {
  readonly traceId: string;
  readonly clientMs: number;
  readonly serverMs: number;
  readonly isFailed: boolean;
  readonly runId?: string;
}

const startMs = Date.now() - 1000;

/** The client's half of calls, as OTLP in its JSON form. */
export function clientSpans(calls: readonly Call[]): unknown {
  return request(
    'front',
    calls.map((call) => span(call, 'checkout', 3, call.clientMs, 'a', undefined, false)),
  );
}

/** The server's half. Only it knows that a call failed, so a sampler without it drops the call. */
export function serverSpans(calls: readonly Call[]): unknown {
  return request(
    'back',
    calls.map((call) => span(call, 'charge', 2, call.serverMs, 'b', 'a', call.isFailed)),
  );
}

function request(service: string, spans: readonly unknown[]): unknown {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
}

function span(
  { traceId, runId }: Call,
  name: string,
  kind: number,
  durationMs: number,
  id: string,
  parent: string | undefined,
  isFailed: boolean,
): unknown {
  const idOf = (letter: string) => `${letter.repeat(8)}${traceId.slice(0, 8)}`;
  const attributes = [
    { key: 'user.email', value: { stringValue: 'someone@example.com' } },
    { key: 'http.route', value: { stringValue: '/checkout' } },
    ...(runId === undefined ? [] : [{ key: 'cicd.pipeline.run.id', value: { stringValue: runId } }]),
  ];
  return {
    traceId,
    spanId: idOf(id),
    ...(parent === undefined ? {} : { parentSpanId: idOf(parent) }),
    name,
    kind,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + durationMs}000000`,
    attributes,
    ...(isFailed ? { status: { code: 2 } } : {}),
  };
}
