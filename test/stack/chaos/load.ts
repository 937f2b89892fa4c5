/** Series of each request. */
const seriesCount = 10;
const usualPauseMs = 50;
/** No sender has more requests under way: one that is not answered counts as not acknowledged. */
const answerLimitMs = 5000;

export interface LoadOptions {
  /** The name of the metric. */
  readonly metric?: string;
  /** Between two requests. */
  readonly pauseMs?: number;
  /** What the clock of the sender is ahead, now. */
  readonly aheadMs?: () => number;
}

export interface Load {
  /** "series/number" of each point that was answered with 200. */
  readonly acknowledged: ReadonlySet<string>;
  /** Points that were answered with anything else, or not at all. */
  readonly refused: number;
  /** Stops after the request under way. */
  stop(): Promise<void>;
}

/**
 * Sends points every 50 ms, as OTLP in its JSON form, so that no SDK has a queue of its own. Each
 * request has one point of each of ten series; its value is the number of the request, so that no two points are alike.
 */
export function startLoad(
  otlpHttp: string,
  { metric = 'chaos', pauseMs = usualPauseMs, aheadMs = () => 0 }: LoadOptions = {},
): Load {
  const acknowledged = new Set<string>();
  let refused = 0;
  let isOver = false;
  const running = (async () => {
    for (let number = 1; !isOver; number++) {
      if (await send(otlpHttp, points(metric, number, Date.now() + aheadMs()))) {
        for (let series = 0; series < seriesCount; series++) acknowledged.add(`${series}/${number}`);
      } else refused += seriesCount;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  })();
  return {
    acknowledged,
    get refused() {
      return refused;
    },
    stop: async () => {
      isOver = true;
      await running;
    },
  };
}

async function send(otlpHttp: string, body: object): Promise<boolean> {
  try {
    const answer = await fetch(`http://${otlpHttp}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerLimitMs),
    });
    const text = await answer.text();
    return answer.status === 200 && !text.includes('rejected');
  } catch {
    return false;
  }
}

function points(metric: string, number: number, timeMs: number): object {
  const dataPoints = Array.from({ length: seriesCount }, (_, series) => ({
    timeUnixNano: `${timeMs}000000`,
    asInt: `${number}`,
    attributes: [{ key: 'series', value: { stringValue: `${series}` } }],
  }));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'load' } }] };
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: metric, gauge: { dataPoints } }] }] }] };
}
