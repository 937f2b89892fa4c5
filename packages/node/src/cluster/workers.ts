import cluster, { type Worker } from 'node:cluster';
import { metric, type SelfCount } from '@benchlab-otel/core';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { readAnswer, requestOf } from './clusterMessages.ts';
import { type ProcessPoints, SeriesSums } from './seriesSums.ts';

/** The part of the time of a collection that workers get; the rest is for adding up. */
const shareOfTime = 0.9;

/** The workers of a cluster, as sources of points. */
export class Workers {
  readonly #sums = new SeriesSums();
  /** The latest points of each worker that runs. */
  readonly #latest = new Map<number, ProcessPoints>();
  /** Requests that wait for an answer, by worker. */
  readonly #waiting = new Map<number, { readonly request: number; readonly done: () => void }>();
  #requests = 0;
  #unanswered = 0;

  constructor() {
    cluster.on('message', this.#received);
    cluster.on('exit', this.#ended);
  }

  /**
   * The points of all workers, added up. A worker that does not answer in time is left out: its gauges are absent, its
   * counters stay at its latest answer, because a sum that falls and returns would count twice.
   *
   * @param own the points of the primary itself
   */
  async collect(timeoutMs: number, own?: ProcessPoints): Promise<ScopeMetrics[]> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected() === true) as Worker[];
    const answered = await Promise.all(workers.map(async (each) => (await this.#ask(each, timeoutMs)) && each.id));
    const ids = new Set(answered.filter((id) => typeof id === 'number'));
    const [current, silent] = [[] as ProcessPoints[], [] as ProcessPoints[]];
    for (const [id, points] of this.#latest) (ids.has(id) ? current : silent).push(points);
    return this.#sums.sum(own === undefined ? current : [own, ...current], silent);
  }

  counts(): readonly SelfCount[] {
    return [
      { definition: metric.benchlabClusterUnanswered, value: this.#unanswered },
      { definition: metric.benchlabClusterSeriesDropped, value: this.#sums.dropped },
    ];
  }

  close(): void {
    cluster.off('message', this.#received);
    cluster.off('exit', this.#ended);
  }

  /** False when the worker has not answered in time. One that ends meanwhile has nothing to answer any more. */
  async #ask(worker: Worker, timeoutMs: number): Promise<boolean> {
    this.#requests += 1;
    const request = this.#requests;
    let timer: NodeJS.Timeout | undefined;
    // A scrape that is still waiting for this worker has its answer from the same one.
    this.#waiting.get(worker.id)?.done();
    const isInTime = await new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs * shareOfTime);
      this.#waiting.set(worker.id, { request, done: () => resolve(true) });
      // A channel that closes at this moment reports it to the callback: then the exit ends the wait, or the time does.
      worker.send(requestOf(request, timeoutMs * shareOfTime), () => {});
    });
    clearTimeout(timer);
    if (this.#waiting.get(worker.id)?.request === request) this.#waiting.delete(worker.id);
    if (!isInTime) this.#unanswered += 1;
    return isInTime;
  }

  readonly #received = (worker: Worker, message: unknown): void => {
    const answer = readAnswer(message);
    if (answer === undefined) return;
    this.#latest.set(worker.id, { pid: worker.process.pid ?? 0, scopeMetrics: answer.points });
    const waiting = this.#waiting.get(worker.id);
    // An answer to an earlier request is newer than nothing, and does not end the wait for this one.
    if (waiting !== undefined && answer.id === waiting.request) waiting.done();
  };

  readonly #ended = (worker: Worker): void => {
    const latest = this.#latest.get(worker.id);
    this.#latest.delete(worker.id);
    if (latest !== undefined) this.#sums.keep(latest);
    this.#waiting.get(worker.id)?.done();
  };
}
