import { nvmlCode } from './codes.ts';
import type { NvmlCall, NvmlFunction } from './functions.ts';
import type { GpuProcess } from './values.ts';

// nvmlProcessInfo_t and nvmlProcessUtilizationSample_t of nvml.h (NVML API 13): sizes and offsets on 64-bit Linux.
const context = { bytes: 24, pid: 0, memory: 8 };
const usage = { bytes: 32, pid: 0, timeUs: 8, general: 16, encoder: 24, decoder: 28 };

/** Records that there is room for at first, and at most: NVML says how many it has. */
const usualRecords = 64;
const maxRecords = 4096;
const unknownMemory = 0xffff_ffff_ffff_ffffn;
const isLittleEndian = true;
/** The driver looks about six times a second which process runs: a share needs several looks. */
const windowNs = 1e9;
/** How far the driver may be ahead of the clock of this process, ms. */
const clockSlackMs = 60_000;

type Utilization = NonNullable<GpuProcess['utilization']>;

/** The processes of one GPU. Their ids are those of the host, also inside a container. */
export class GpuProcesses {
  /** Time of the newest usage seen, us since 1970. Undefined before the first look, which finds usage of any age. */
  #seenUs: bigint | undefined;
  #dueNs = Number.NEGATIVE_INFINITY;
  #utilization: ReadonlyMap<number, Utilization> = new Map();

  /** Undefined when they cannot be read. */
  read(call: NvmlCall, device: bigint, nowNs: number): GpuProcess[] | undefined {
    const compute = contexts(call, device, 'nvmlDeviceGetComputeRunningProcesses_v3');
    const graphics = contexts(call, device, 'nvmlDeviceGetGraphicsRunningProcesses_v3');
    if (compute === undefined && graphics === undefined) return undefined;
    // One process may have contexts of both kinds; its memory is told with each.
    const processes = new Map([...(compute ?? []), ...(graphics ?? [])].map((each) => [each.pid, each]));
    if (nowNs >= this.#dueNs) {
      this.#dueNs = nowNs + windowNs;
      this.#utilization = this.#look(call, device);
    }
    for (const [pid, utilization] of this.#utilization) {
      const process = processes.get(pid);
      if (process !== undefined) processes.set(pid, { ...process, utilization });
    }
    return [...processes.values()];
  }

  /** What each process used, in percent, since the last look. Who used nothing since then is not there. */
  #look(call: NvmlCall, device: bigint): Map<number, Utilization> {
    // A time to come is garbage, or the clock was set back: everything after it would be taken for old.
    const latestUs = BigInt(Date.now() + clockSlackMs) * 1000n;
    if (this.#seenUs !== undefined && this.#seenUs > latestUs) this.#seenUs = undefined;
    const sinceUs = this.#seenUs ?? 0n;
    const view = records(usage.bytes, (filled, count) =>
      call('nvmlDeviceGetProcessUtilization', device, filled, count, sinceUs),
    );
    const isFirst = this.#seenUs === undefined;
    const told = new Map<number, Utilization>();
    const toldUs = new Map<number, bigint>();
    let newestUs = sinceUs;
    for (let at = 0; at < (view?.byteLength ?? 0); at += usage.bytes) {
      const u32 = (offset: number) => view?.getUint32(at + offset, isLittleEndian) ?? Number.NaN;
      const timeUs = view?.getBigUint64(at + usage.timeUs, isLittleEndian) ?? 0n;
      const pid = u32(usage.pid);
      if (timeUs > latestUs) continue;
      if (timeUs > newestUs) newestUs = timeUs;
      if (timeUs <= (toldUs.get(pid) ?? sinceUs)) continue;
      toldUs.set(pid, timeUs);
      told.set(pid, { general: u32(usage.general), encoder: u32(usage.encoder), decoder: u32(usage.decoder) });
    }
    this.#seenUs = newestUs;
    return isFirst ? new Map() : told;
  }
}

function contexts(call: NvmlCall, device: bigint, from: NvmlFunction): GpuProcess[] | undefined {
  const view = records(context.bytes, (filled, count) => call(from, device, count, filled));
  if (view === undefined) return undefined;
  return Array.from({ length: view.byteLength / context.bytes }, (_, index) => {
    const at = index * context.bytes;
    const pid = view.getUint32(at + context.pid, isLittleEndian);
    const bytes = view.getBigUint64(at + context.memory, isLittleEndian);
    return bytes === unknownMemory ? { pid } : { pid, bytes: Number(bytes) };
  });
}

/** The records that `fill` writes, with room for as many as there are. Undefined when it has none to give. */
function records(bytes: number, fill: (filled: Uint8Array, count: Uint32Array) => number): DataView | undefined {
  const count = new Uint32Array(1);
  let room = usualRecords;
  // Processes come between two calls: there may be too little room once more.
  for (let attempt = 0; attempt < 3; attempt++) {
    const filled = new Uint8Array(room * bytes);
    count[0] = room;
    const code = fill(filled, count);
    if (code === nvmlCode.success) return new DataView(filled.buffer, 0, Math.min(count[0], room) * bytes);
    if (code !== nvmlCode.insufficientSize || room === maxRecords) return undefined;
    room = Math.min(Math.max(count[0], room * 2), maxRecords);
  }
  return undefined;
}
