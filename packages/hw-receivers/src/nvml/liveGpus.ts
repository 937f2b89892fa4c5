import type { Sample, Source } from '@benchlab-otel/core';
import type { GpuMeter } from './gpuSensors.ts';
import { LiveGpu } from './liveGpu.ts';
import type { GpuIdentity, GpuPoll } from './values.ts';

const maxKnown = 64;

/** The GPUs by UUID, over every loss and restart: a GPU that comes back is the same one, whatever its index is. */
export class LiveGpus {
  readonly #known = new Map<string, { readonly key: string; readonly gpu: LiveGpu }>();
  readonly #present = new Set<string>();

  get present(): readonly Source[] {
    return [...this.#present].flatMap((uuid) => this.#known.get(uuid)?.gpu.source ?? []);
  }

  /** A GPU that was there before is not among these. */
  isMissingAny(identities: readonly GpuIdentity[]): boolean {
    const uuids = new Set(identities.map(({ uuid }) => uuid));
    return [...this.#known.keys()].some((uuid) => !uuids.has(uuid));
  }

  /** These are there now. Returns the sources that have gone. */
  found(identities: readonly GpuIdentity[], driver: string | undefined, meter: GpuMeter): readonly Source[] {
    const uuids = new Set(identities.map(({ uuid }) => uuid));
    const gone = [...this.#present].filter((uuid) => !uuids.has(uuid)).flatMap((uuid) => this.gone(uuid));
    for (const identity of identities) this.#know(identity, driver, meter);
    return gone;
  }

  /** The GPU is lost. Returns its source, unless that was known. */
  gone(uuid: string): readonly Source[] {
    const source = this.#known.get(uuid)?.gpu.source;
    return this.#present.delete(uuid) && source ? [source] : [];
  }

  take(poll: GpuPoll): { readonly sample: Sample; readonly rejected: number } | undefined {
    const taken = this.#known.get(poll.uuid)?.gpu.sample(poll);
    if (taken !== undefined) this.#present.add(poll.uuid);
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
