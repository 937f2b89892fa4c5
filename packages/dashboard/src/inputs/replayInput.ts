import { type Clock, messageOf, numberOption, systemClock } from '@benchlab-otel/core';
import type { DashboardInput, InputSink } from './dashboardInput.ts';
import { factsOf } from './factsOf.ts';

/** How much faster than it was recorded. */
const speeds = { least: 0.01, most: 1_000 };

/**
 * A recording in its own pace, or `speed` times faster. Its facts keep their times.
 *
 * @throws OptionError for a speed that is not from 0.01 to 1,000
 */
export function replayInput(path: string, speed: number, clock: Clock = systemClock): DashboardInput {
  return new ReplayInput(path, numberOption('speed', speed, speeds), clock);
}

class ReplayInput implements DashboardInput {
  readonly name: string;
  readonly node = 'local';
  readonly #speed: number;
  readonly #clock: Clock;
  #isStopped = false;
  #wake = (): void => undefined;
  #playing: Promise<void> = Promise.resolve();

  constructor(path: string, speed: number, clock: Clock) {
    this.name = path;
    this.#speed = speed;
    this.#clock = clock;
  }

  async start(sink: InputSink): Promise<void> {
    this.#isStopped = false;
    this.#playing = this.#play(sink);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    await this.#playing;
  }

  async #play(sink: InputSink): Promise<void> {
    let [count, firstMs, startedNs]: [number, number | undefined, number] = [0, undefined, this.#clock.nowNs()];
    sink.changed({ condition: 'open', clock: 'recorded' });
    try {
      for await (const one of factsOf(this.name, this.node, this.#clock)) {
        if (this.#isStopped) return;
        if ('refused' in one) {
          count++;
          sink.changed({ refused: { count, reason: one.refused } });
          continue;
        }
        if (firstMs === undefined) [firstMs, startedNs] = [one.fact.timeMs, this.#clock.nowNs()];
        await this.#until(startedNs + ((one.fact.timeMs - firstMs) * 1e6) / this.#speed);
        if (this.#isStopped) return;
        sink.fact(one.fact);
      }
      sink.changed({ condition: 'ended' });
    } catch (error) {
      sink.changed({ condition: 'lost', reason: messageOf(error) });
    }
  }

  #until(timeNs: number): Promise<void> | undefined {
    if (timeNs <= this.#clock.nowNs()) return undefined;
    return new Promise((resolve) => {
      const cancel = this.#clock.at(timeNs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
