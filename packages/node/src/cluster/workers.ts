import cluster, { type Worker } from 'node:cluster';
import { metric, type ReportOnce, type SelfCount } from '@benchlab-otel/core';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { readAnswer, requestOf } from './clusterMessages.ts';
import { type ProcessPoints, SeriesSums } from './seriesSums.ts';

/** The part of the time of a collection that workers get; the rest is for adding up. */
const shareOfTime = 0.9;

/**
 * Requests in a row that a worker may leave without an answer; then it is not asked any more. They wait in a worker that
 * listens to no message.
 */
const maxSilence = 1_000;

type Outcome = 'answered' | 'late' | 'ended' | 'overtaken';

/** The workers of a cluster, as sources of points. */
export class Workers {
  readonly #sums: SeriesSums;
  /** The latest points of each worker that runs. */
  readonly #latest = new Map<number, ProcessPoints>();
  /** Requests that wait for an answer, by worker. */
  readonly #waiting = new Map<number, { readonly request: number; readonly done: (outcome: Outcome) => void }>();
  /** Requests without an answer since the latest answer, by worker. */
  readonly #silence = new Map<number, number>();
  /** Workers that have shut their telemetry down and still run. */
  readonly #left = new Set<number>();
  #requests = 0;
  #unanswered = 0;

  /** @param report reports histograms whose bounds are not the same in all workers */
  constructor(report: ReportOnce) {
    this.#sums = new SeriesSums(report);
    cluster.on('message', this.#received);
    cluster.on('exit', this.#ended);
  }

  /**
   * The points of all workers, added up. A worker that does not answer in time is left out: its gauges are absent, its
   * counters stay at its latest answer, because a sum that falls and returns would count twice. The next scrapes ask it
   * too, but do not wait for it until it has answered: a worker without telemetry would make every scrape slow.
   *
   * @param own the points of the primary itself
   */
  async collect(timeoutMs: number, own?: ProcessPoints): Promise<ScopeMetrics[]> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected() === true) as Worker[];
    const answered = await Promise.all(
      workers.map(async (each) => ((await this.#ask(each, timeoutMs)) ? [each.id] : [])),
    );
    const ids = new Set(answered.flat());
    const [current, silent] = [[] as ProcessPoints[], [] as ProcessPoints[]];
    for (const [id, points] of this.#latest) (ids.has(id) ? current : silent).push(points);
    return this.#sums.sum(own === undefined ? current : [own, ...current], silent);
  }

  counts(): readonly SelfCount[] {
    return [
      { definition: metric.benchlabClusterUnanswered, value: this.#unanswered },
      { definition: metric.benchlabClusterSeriesDropped, value: this.#sums.dropped },
      { definition: metric.benchlabClusterHistogramsCoarser, value: this.#sums.coarser },
    ];
  }

  close(): void {
    cluster.off('message', this.#received);
    cluster.off('exit', this.#ended);
  }

  /** True when the worker has answered this request in time. One that ends meanwhile has nothing to answer any more. */
  async #ask(worker: Worker, timeoutMs: number): Promise<boolean> {
    const { id } = worker;
    const silence = this.#silence.get(id) ?? 0;
    const isAwaited = silence === 0 && !this.#left.has(id);
    // One that has never answered, or has shut its telemetry down, leaves nothing out.
    if (!isAwaited && this.#latest.has(id) && !this.#left.has(id)) this.#unanswered += 1;
    if (silence >= maxSilence) return false;
    this.#requests += 1;
    const request = this.#requests;
    // A channel that closes at this moment reports it to the callback: then the exit ends the wait, or the time does.
    const send = () => worker.send(requestOf(request, timeoutMs * shareOfTime), () => {});
    if (!isAwaited) {
      this.#silence.set(id, silence + 1);
      send();
      return false;
    }
    let timer: NodeJS.Timeout | undefined;
    // An earlier scrape that still waits for this worker goes without it: the points to come are those of this one.
    this.#waiting.get(id)?.done('overtaken');
    const outcome = await new Promise<Outcome>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeoutMs * shareOfTime);
      this.#waiting.set(id, { request, done: resolve });
      send();
    });
    clearTimeout(timer);
    if (this.#waiting.get(id)?.request === request) this.#waiting.delete(id);
    if (outcome === 'late') {
      this.#unanswered += 1;
      this.#silence.set(id, 1);
    }
    return outcome === 'answered';
  }

  readonly #received = (worker: Worker, message: unknown): void => {
    const answer = readAnswer(message);
    if (answer === undefined) return;
    const { id } = worker;
    const latest = this.#latest.get(id);
    // Telemetry that was started again counts from 0.
    const hasRestarted = this.#left.delete(id);
    this.#latest.set(id, { pid: worker.process.pid ?? 0, scopeMetrics: answer.points });
    if (hasRestarted && latest !== undefined) this.#sums.keep(latest, this.#latest.values());
    this.#silence.delete(id);
    const waiting = this.#waiting.get(id);
    if (answer.id === undefined) {
      this.#left.add(id);
      waiting?.done('ended');
    }
    // An answer to an earlier request is newer than nothing, and does not end the wait for this one.
    if (waiting !== undefined && answer.id === waiting.request) waiting.done('answered');
  };

  readonly #ended = ({ id }: Worker): void => {
    const latest = this.#latest.get(id);
    this.#latest.delete(id);
    this.#silence.delete(id);
    this.#left.delete(id);
    if (latest !== undefined) this.#sums.keep(latest, this.#latest.values());
    this.#waiting.get(id)?.done('ended');
  };
}
