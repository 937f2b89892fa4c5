import type { Sample, Source } from '@benchlab-otel/core';
import type { GpuMeter } from './gpuSensors.ts';
import { LiveGpu } from './liveGpu.ts';
import type { GpuIdentity, GpuPoll } from './values.ts';

const maxKnown = 64;

/** The GPUs by UUID, across losses and restarts: a GPU that comes back is the same source, also under another index. */
export class LiveGpus {
  readonly #known = new Map<string, { readonly key: string; readonly gpu: LiveGpu }>();
  /** The source of the latest sample of each GPU that is not lost. */
  readonly #present = new Map<string, Source>();

  get present(): readonly Source[] {
    return [...this.#present.values()];
  }

  /** Whether a GPU that was present before is missing. */
  isMissingAny(identities: readonly GpuIdentity[]): boolean {
    const uuids = new Set(identities.map(({ uuid }) => uuid));
    return [...this.#known.keys()].some((uuid) => !uuids.has(uuid));
  }

  /** Takes the GPUs that are present now. Returns the sources that have gone. */
  found(identities: readonly GpuIdentity[], driver: string | undefined, meter: GpuMeter): readonly Source[] {
    const uuids = new Set(identities.map(({ uuid }) => uuid));
    const gone = [...this.#present.keys()].filter((uuid) => !uuids.has(uuid)).flatMap((uuid) => this.gone(uuid));
    for (const identity of identities) this.#know(identity, driver, meter);
    return gone;
  }

  /** Marks the GPU as lost. Returns its source, unless it was lost already. */
  gone(uuid: string): readonly Source[] {
    const source = this.#present.get(uuid);
    this.#present.delete(uuid);
    return source === undefined ? [] : [source];
  }

  take(poll: GpuPoll): { readonly sample: Sample; readonly rejected: number } | undefined {
    const taken = this.#known.get(poll.uuid)?.gpu.sample(poll);
    if (taken !== undefined) this.#present.set(poll.uuid, taken.sample.source);
    return taken;
  }

  #know(identity: GpuIdentity, driver: string | undefined, meter: GpuMeter): void {
    const known = this.#known.get(identity.uuid);
    const key = JSON.stringify([meter, driver, identity]);
    if (known?.key === key) return;
    this.#known.delete(identity.uuid);
    const gpu = new LiveGpu(identity, driver, meter);
    gpu.energyBy = known?.gpu.energyBy;
    this.#known.set(identity.uuid, { key, gpu });
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxKnown && oldest !== undefined) this.#known.delete(oldest);
  }
}
