import { AskedCapability } from './askedCapability.ts';
import { type Capability, capabilities } from './capabilities.ts';
import { type GpuChoice, isChosen, missingGpus } from './chosenGpus.ts';
import { inWords, nvmlCode, policyOf } from './codes.ts';
import type { NvmlCall, NvmlFunction } from './functions.ts';
import { GpuProcesses } from './gpuProcesses.ts';
import type { GpuRead, OpenReply } from './messages.ts';
import { readMemory, readMemoryV2, readPciBusId, text } from './structs.ts';
import type { GpuIdentity, GpuInstance, GpuPoll } from './values.ts';

export interface GpuReaderOptions {
  /** About 20 ms for each direction of each GPU. */
  readonly pcieThroughput?: boolean;
  readonly processes?: boolean;
  readonly devices?: GpuChoice;
  /** How many GPUs the driver has; undefined where it does not tell. */
  readonly countGpus?: () => number | undefined;
}

/** More GPUs than any host has. Further ones are not read. */
const maxGpus = 32;
const maxInstances = 16;
/** How often the GPUs of the driver are counted: one that is plugged in is read then. */
const lookNs = 30e9;
/** Limits and thresholds change only when a person sets them. */
const fixedNs = 30e9;

/** Asks NVML about every GPU of the host. It runs in the worker. The calls into NVML are passed in. */
export class GpuReader {
  readonly #call: NvmlCall;
  readonly #nowNs: () => number;
  readonly #options: GpuReaderOptions;
  #devices: Device[] = [];
  #isInitialised = false;
  #gpuCount: number | undefined;
  #countDueNs = Number.NEGATIVE_INFINITY;

  constructor(call: NvmlCall, nowNs: () => number, options: GpuReaderOptions = {}) {
    this.#call = call;
    this.#nowNs = nowNs;
    this.#options = options;
  }

  /** Initialises the library, or initialises it again, and lists the GPUs. */
  open(): OpenReply {
    this.close();
    const code = this.#call('nvmlInit_v2');
    if (code !== nvmlCode.success) return { kind: 'failed', code, message: inWords(code) };
    this.#isInitialised = true;
    this.#gpuCount = this.#options.countGpus?.();
    this.#countDueNs = this.#nowNs() + lookNs;
    const count = new Uint32Array(1);
    const counted = this.#call('nvmlDeviceGetCount_v2', count);
    if (counted !== nvmlCode.success) return { kind: 'failed', code: counted, message: inWords(counted) };
    const [denied, silent]: [string[], string[]] = [[], []];
    const { devices } = this.#options;
    const there: { index: number; uuid: string }[] = [];
    for (let index = 0; index < Math.min(count[0] ?? 0, maxGpus); index++) {
      const handle = new BigUint64Array(1);
      const found = this.#call('nvmlDeviceGetHandleByIndex_v2', index, handle);
      const identity = found === nvmlCode.success ? this.#identity(handle[0] ?? 0n) : undefined;
      if (identity !== undefined) {
        there.push({ index, uuid: identity.uuid });
        if (isChosen(devices, index, identity.uuid)) this.#devices.push(new Device(identity, handle[0] ?? 0n));
      } else if (devices === undefined || devices.includes(index))
        (policyOf(found) === 'denied' ? denied : silent).push(`GPU ${index}: ${inWords(found)}`);
    }
    const missing = missingGpus(devices, there).map((each) => (typeof each === 'number' ? `GPU ${each}` : each));
    const driver = this.#systemText('nvmlSystemGetDriverVersion');
    const gpus = this.#devices.map(({ identity: each }) => each);
    return { kind: 'opened', gpus, denied, silent, missing, ...(driver === undefined ? {} : { driver }) };
  }

  read(): GpuRead {
    return { kind: 'read', polls: this.#devices.map((device) => this.#readDevice(device)), hasMore: this.#hasMore() };
  }

  #hasMore(): boolean {
    const nowNs = this.#nowNs();
    if (nowNs < this.#countDueNs) return false;
    this.#countDueNs = nowNs + lookNs;
    const count = this.#options.countGpus?.();
    return count !== undefined && this.#gpuCount !== undefined && count > this.#gpuCount;
  }

  close(): void {
    if (this.#isInitialised) this.#call('nvmlShutdown');
    this.#isInitialised = false;
    this.#devices = [];
  }

  #readDevice(device: Device): GpuPoll {
    const startNs = this.#nowNs();
    const values: Record<string, number> = {};
    const found = { skipped: 0, denied: [] as string[], refused: [] as string[] };
    const isFixedDue = startNs >= device.fixedDueNs;
    if (isFixedDue) device.fixed = {};
    let end: Pick<GpuPoll, 'lostCode' | 'restartCode'> = {};
    for (const capability of capabilities) {
      const asked = device.asked(capability.name);
      if (!this.#isDue(capability, device, isFixedDue, startNs)) {
        found.refused.push(...asked.refusal);
        continue;
      }
      const own: Record<string, number> = {};
      const code = capability.read(this.#call, device.handle, own);
      Object.assign(capability.isFixed ? device.fixed : values, own);
      const policy = policyOf(code);
      if (policy === 'lost') end = { lostCode: code };
      if (policy === 'restart') end = { restartCode: code };
      if (policy === 'lost' || policy === 'restart') break;
      if (policy === 'skip') found.skipped++;
      const isKnown = asked.isRefused;
      asked.answered(code, Object.keys(own), startNs);
      found.refused.push(...asked.refusal);
      if (policy === 'denied' && !isKnown && asked.refusal.length === 0) found.denied.push(capability.name);
    }
    if (isFixedDue) device.fixedDueNs = startNs + fixedNs;
    const hasEnded = end.lostCode !== undefined || end.restartCode !== undefined;
    const base = { uuid: device.identity.uuid, startNs, ...found };
    if (hasEnded) return { ...base, values: {}, instances: [], isSilent: true, endNs: this.#nowNs(), ...end };
    const processes = this.#options.processes ? device.processes.read(this.#call, device.handle, startNs) : undefined;
    const instances = this.#instances(device);
    const endNs = this.#nowNs();
    const isSilent = Object.keys(values).length === 0 && instances.length === 0 && processes === undefined;
    const poll = { ...base, isSilent, endNs, values: { ...device.fixed, ...values }, instances };
    return processes === undefined ? poll : { ...poll, processes };
  }

  #isDue(
    { name, insteadOf, isFixed, isSlow }: Capability,
    device: Device,
    isFixedDue: boolean,
    nowNs: number,
  ): boolean {
    const asked = device.asked(name);
    if (asked.isRefused ? !asked.isDue(nowNs) : isFixed && !isFixedDue) return false;
    if (isSlow && !this.#options.pcieThroughput) return false;
    return insteadOf === undefined || device.asked(insteadOf).isRefused;
  }

  /** The instances of a partitioned GPU, with their memory, the only value that NVML has of them. */
  #instances(device: Device): GpuInstance[] {
    const [current, pending] = [new Uint32Array(1), new Uint32Array(1)];
    const asked = device.asked('migMode');
    if (asked.isRefused && !asked.isDue(this.#nowNs())) return [];
    const code = this.#call('nvmlDeviceGetMigMode', device.handle, current, pending);
    asked.answered(code, [], this.#nowNs());
    if (code !== nvmlCode.success || current[0] !== 1) return [];
    const count = new Uint32Array(1);
    if (this.#call('nvmlDeviceGetMaxMigDeviceCount', device.handle, count) !== nvmlCode.success) return [];
    return Array.from({ length: Math.min(count[0] ?? 0, maxInstances) }, (_, index) =>
      this.#instance(device, index),
    ).flatMap((instance) => instance ?? []);
  }

  #instance(device: Device, index: number): GpuInstance | undefined {
    const handle = new BigUint64Array(1);
    if (this.#call('nvmlDeviceGetMigDeviceHandleByIndex', device.handle, index, handle) !== nvmlCode.success)
      return undefined;
    const instance = handle[0] ?? 0n;
    const uuid = this.#deviceText('nvmlDeviceGetUUID', instance);
    if (uuid === undefined) return undefined;
    const values: Record<string, number> = {};
    if (readMemoryV2(this.#call, instance, values) !== nvmlCode.success) readMemory(this.#call, instance, values);
    const { memoryTotal, memoryUsed } = values;
    return {
      uuid,
      ...(memoryTotal === undefined ? {} : { memoryTotal }),
      ...(memoryUsed === undefined ? {} : { memoryUsed }),
    };
  }

  #identity(handle: bigint): GpuIdentity | undefined {
    const uuid = this.#deviceText('nvmlDeviceGetUUID', handle);
    if (uuid === undefined) return undefined;
    const [serial, vbios] = [
      this.#deviceText('nvmlDeviceGetSerial', handle),
      this.#deviceText('nvmlDeviceGetVbiosVersion', handle),
    ];
    const pciBusId = readPciBusId(this.#call, handle);
    const [major, minor] = [new Uint32Array(1), new Uint32Array(1)];
    const capable = this.#call('nvmlDeviceGetCudaComputeCapability', handle, major, minor) === nvmlCode.success;
    return {
      uuid,
      name: this.#deviceText('nvmlDeviceGetName', handle) ?? 'GPU',
      ...(serial === undefined ? {} : { serial }),
      ...(vbios === undefined ? {} : { vbios }),
      ...(pciBusId === undefined ? {} : { pciBusId }),
      ...(capable && { computeCapability: [major[0] ?? 0, minor[0] ?? 0] as const }),
    };
  }

  #deviceText(from: NvmlFunction, handle: bigint): string | undefined {
    const bytes = new Uint8Array(textBytes);
    return this.#call(from, handle, bytes, bytes.length) === nvmlCode.success ? text(bytes) : undefined;
  }

  #systemText(from: NvmlFunction): string | undefined {
    const bytes = new Uint8Array(textBytes);
    return this.#call(from, bytes, bytes.length) === nvmlCode.success ? text(bytes) : undefined;
  }
}

// NVML_DEVICE_UUID_V2_BUFFER_SIZE and NVML_DEVICE_NAME_V2_BUFFER_SIZE, the largest.
const textBytes = 96;

/** What is known of one GPU between polls. */
class Device {
  readonly identity: GpuIdentity;
  readonly handle: bigint;
  readonly processes = new GpuProcesses();
  readonly #asked = new Map<string, AskedCapability>();
  fixed: Record<string, number> = {};
  fixedDueNs = Number.NEGATIVE_INFINITY;

  constructor(identity: GpuIdentity, handle: bigint) {
    this.identity = identity;
    this.handle = handle;
  }

  /** How the GPU has answered for this capability so far. */
  asked(name: string): AskedCapability {
    const known = this.#asked.get(name) ?? new AskedCapability();
    this.#asked.set(name, known);
    return known;
  }
}
