import { nvmlCode } from './codes.ts';
import type { NvmlCall, NvmlFunction } from './functions.ts';
import { type HostStarts, ProcessStarts } from './processStarts.ts';
import type { GpuProcess } from './values.ts';

// nvmlProcessInfo_t and nvmlProcessUtilizationSample_t of nvml.h (NVML API 13): sizes and offsets on 64-bit Linux.
const context = { bytes: 24, pid: 0, memory: 8 };
const usage = { bytes: 32, pid: 0, timeUs: 8, general: 16, encoder: 24, decoder: 28 };

/** Room for records: at first, and at most. NVML reports how many it has. */
const usualRecords = 64;
const maxRecords = 4096;
const unknownMemory = 0xffff_ffff_ffff_ffffn;
const isLittleEndian = true;
/** The driver looks about six times a second which process runs: a share needs several of these checks. */
const windowNs = 1e9;
/** How far the driver may be ahead of the clock of this process, ms. */
const clockSlackMs = 60_000;
/** The time of the boot is a whole number of seconds, and the kernel computes it from the clock each time. */
const startSlackMs = 2000;

interface Used {
  readonly timeUs: bigint;
  readonly utilization: NonNullable<GpuProcess['utilization']>;
}

/** The processes of one GPU. Their ids are those of the host, also inside a container. */
export class GpuProcesses {
  /** Time of the newest usage, us since 1970. Undefined before the first read, which finds usage of any age. */
  #seenUs: bigint | undefined;
  #dueNs = Number.NEGATIVE_INFINITY;
  #utilization: ReadonlyMap<number, Used> = new Map();
  readonly #starts: ProcessStarts;

  constructor(host?: HostStarts) {
    this.#starts = new ProcessStarts(host);
  }

  /** Undefined when they cannot be read. */
  read(call: NvmlCall, device: bigint, nowNs: number): GpuProcess[] | undefined {
    const compute = contexts(call, device, 'nvmlDeviceGetComputeRunningProcesses_v3');
    const graphics = contexts(call, device, 'nvmlDeviceGetGraphicsRunningProcesses_v3');
    if (compute === undefined && graphics === undefined) return undefined;
    // One process may have contexts of both kinds. Its memory is reported with each.
    const processes = new Map([...(compute ?? []), ...(graphics ?? [])].map((each) => [each.pid, each]));
    if (nowNs >= this.#dueNs) {
      this.#dueNs = nowNs + windowNs;
      this.#utilization = this.#look(call, device);
      this.#starts.look();
    }
    return [...processes.values()].map((process) => this.#known(process));
  }

  /** With its start, and with what it used. What a process of the same id used before it was started is not its own. */
  #known(process: GpuProcess): GpuProcess {
    const start = this.#starts.of(process.pid);
    const used = this.#utilization.get(process.pid);
    const earliestMs = start === undefined ? 0 : Math.max(0, Math.floor(start.startNowMs - startSlackMs));
    const isOwn = used !== undefined && used.timeUs / 1000n >= BigInt(earliestMs);
    return {
      ...process,
      ...(start === undefined ? {} : { startMs: start.startMs }),
      ...(isOwn ? { utilization: used.utilization } : {}),
    };
  }

  /** What each process used since the last read, in percent. A process that used nothing is absent. */
  #look(call: NvmlCall, device: bigint): Map<number, Used> {
    // A time in the future is garbage, or the clock was set back: all later usage would count as old.
    const latestUs = BigInt(Date.now() + clockSlackMs) * 1000n;
    if (this.#seenUs !== undefined && this.#seenUs > latestUs) this.#seenUs = undefined;
    const sinceUs = this.#seenUs ?? 0n;
    const view = records(usage.bytes, (filled, count) =>
      call('nvmlDeviceGetProcessUtilization', device, filled, count, sinceUs),
    );
    const isFirst = this.#seenUs === undefined;
    const usages = new Map<number, Used>();
    let newestUs = sinceUs;
    for (let at = 0; at < (view?.byteLength ?? 0); at += usage.bytes) {
      const u32 = (offset: number) => view?.getUint32(at + offset, isLittleEndian) ?? Number.NaN;
      const timeUs = view?.getBigUint64(at + usage.timeUs, isLittleEndian) ?? 0n;
      const pid = u32(usage.pid);
      if (timeUs > latestUs) continue;
      if (timeUs > newestUs) newestUs = timeUs;
      if (timeUs <= (usages.get(pid)?.timeUs ?? sinceUs)) continue;
      const utilization = { general: u32(usage.general), encoder: u32(usage.encoder), decoder: u32(usage.decoder) };
      usages.set(pid, { timeUs, utilization });
    }
    this.#seenUs = newestUs;
    return isFirst ? new Map() : usages;
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

/** The records that `fill` writes, with room for as many as there are. Undefined when NVML has none. */
function records(bytes: number, fill: (filled: Uint8Array, count: Uint32Array) => number): DataView | undefined {
  const count = new Uint32Array(1);
  let room = usualRecords;
  // A process may start between two calls: then there is too little room again.
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
