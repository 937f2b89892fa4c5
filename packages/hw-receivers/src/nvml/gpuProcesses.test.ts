import { expect, test } from 'vitest';
import { nvmlCode } from './codes.ts';
import type { NvmlCall } from './functions.ts';
import { GpuProcesses } from './gpuProcesses.ts';
import { type HostStarts, ProcessStarts, startTicks } from './processStarts.ts';

const notFound = 6;
/** In a container the processes of the host are not seen. */
const unseen: HostStarts = { sinceBootMs: () => undefined, bootMs: () => undefined };

/** A number of contexts, and what the driver has of their usage. */
function gpu(
  processes: number,
  usage: NvmlCall = () => notFound,
): { readonly call: NvmlCall; readonly rooms: number[] } {
  const rooms: number[] = [];
  const call: NvmlCall = (name, ...values) => {
    if (name === 'nvmlDeviceGetProcessUtilization') return usage(name, ...values);
    if (name !== 'nvmlDeviceGetComputeRunningProcesses_v3') return 3;
    const [, count, records] = values as [bigint, Uint32Array, Uint8Array];
    const room = count[0] ?? 0;
    rooms.push(room);
    count[0] = processes;
    if (room < processes) return nvmlCode.insufficientSize;
    const view = new DataView(records.buffer);
    for (let pid = 0; pid < processes; pid++) view.setUint32(pid * 24, pid, true);
    return nvmlCode.success;
  };
  return { call, rooms };
}

test('a list of processes that is too long for its buffer is asked for again with a larger one', () => {
  const { call, rooms } = gpu(1000);
  expect(new GpuProcesses(unseen).read(call, 1n, 0)).toHaveLength(1000);
  expect(rooms).toEqual([64, 1000]);
});

test('a driver that always asks for a larger buffer is not asked again', () => {
  const { call, rooms } = gpu(1_000_000);
  expect(new GpuProcesses(unseen).read(call, 1n, 0)).toBeUndefined();
  expect(rooms).toEqual([64, 4096]);
});

test('a time in the future is ignored', () => {
  let timeUs = 2n ** 63n;
  const usage: NvmlCall = (_, ...values) => {
    const [, records, count] = values as [bigint, Uint8Array, Uint32Array];
    const view = new DataView(records.buffer);
    view.setBigUint64(8, timeUs, true);
    view.setUint32(16, 40, true);
    count[0] = 1;
    return nvmlCode.success;
  };
  const processes = new GpuProcesses(unseen);
  const { call } = gpu(1, usage);
  processes.read(call, 1n, 0);
  expect(processes.read(call, 1n, 1e9)?.[0]).not.toHaveProperty('utilization');
  timeUs = 5000n;
  expect(processes.read(call, 1n, 2e9)?.[0]).toHaveProperty('utilization');
});

test('usage is asked for since the newest that was read, and belongs to a process that runs', () => {
  const asked: unknown[] = [];
  let timeUs = 5000n;
  const usage: NvmlCall = (_, ...values) => {
    const [, records, count, since] = values as [bigint, Uint8Array, Uint32Array, bigint];
    asked.push(since);
    const view = new DataView(records.buffer);
    [1, 99].forEach((pid, at) => {
      view.setUint32(at * 32, pid, true);
      view.setBigUint64(at * 32 + 8, timeUs, true);
      view.setUint32(at * 32 + 16, 40, true);
    });
    count[0] = 2;
    return nvmlCode.success;
  };
  const processes = new GpuProcesses(unseen);
  const { call } = gpu(2, usage);
  expect(processes.read(call, 1n, 0)).toEqual([
    { pid: 0, bytes: 0 },
    { pid: 1, bytes: 0 },
  ]);
  timeUs = 9000n;
  const used = { general: 40, encoder: 0, decoder: 0 };
  const busy = [
    { pid: 0, bytes: 0 },
    { pid: 1, bytes: 0, utilization: used },
  ];
  expect(processes.read(call, 1n, 1e9)).toEqual(busy);
  // A share of the last second holds until the next.
  expect(processes.read(call, 1n, 1.9e9)).toEqual(busy);
  expect(asked).toEqual([0n, 5000n]);
  // The same again is not new.
  expect(processes.read(call, 1n, 2e9)).toEqual([
    { pid: 0, bytes: 0 },
    { pid: 1, bytes: 0 },
  ]);
  expect(asked).toEqual([0n, 5000n, 9000n]);
});

test('a process id that is used again is another process, and what the one before used is not its own', () => {
  const starts = new Map([[1, 1000]]);
  let timeUs = 2_000_000n;
  const usage: NvmlCall = (_, ...values) => {
    const [, records, count] = values as [bigint, Uint8Array, Uint32Array];
    const view = new DataView(records.buffer);
    view.setUint32(0, 1, true);
    view.setBigUint64(8, timeUs, true);
    view.setUint32(16, 40, true);
    count[0] = 1;
    return nvmlCode.success;
  };
  const processes = new GpuProcesses({ sinceBootMs: (pid) => starts.get(pid), bootMs: () => 0 });
  const { call } = gpu(2, usage);
  const ofOne = (nowNs: number) => processes.read(call, 1n, nowNs)?.find(({ pid }) => pid === 1);
  ofOne(0);
  timeUs = 3_000_000n;
  expect(ofOne(1e9)).toMatchObject({ startMs: 1000, utilization: { general: 40 } });
  starts.set(1, 9000);
  timeUs = 4_000_000n;
  expect(ofOne(2e9)).toEqual({ pid: 1, bytes: 0, startMs: 9000 });
  timeUs = 9_500_000n;
  expect(ofOne(3e9)).toMatchObject({ startMs: 9000, utilization: { general: 40 } });
});

test.each([3_600_000, -3_600_000, -700])(
  'a clock that is set by %d ms keeps the name of a process, and its share',
  (ms) => {
    const bootMs = Date.now() - 7_200_000;
    let setMs = 0;
    let timeUs = 0n;
    const usage: NvmlCall = (_, ...values) => {
      const [, records, count] = values as [bigint, Uint8Array, Uint32Array];
      const view = new DataView(records.buffer);
      view.setUint32(0, 1, true);
      view.setBigUint64(8, timeUs, true);
      view.setUint32(16, 40, true);
      count[0] = 1;
      return nvmlCode.success;
    };
    // The process was started 10 s after the boot, and the clock is set a second later.
    const processes = new GpuProcesses({ sinceBootMs: () => 10_000, bootMs: () => bootMs + setMs });
    const { call } = gpu(2, usage);
    const ofOne = (nowNs: number) => processes.read(call, 1n, nowNs)?.find(({ pid }) => pid === 1);
    ofOne(0);
    setMs = ms;
    timeUs = BigInt(bootMs + ms + 11_000) * 1000n;
    expect(ofOne(1e9)).toMatchObject({ startMs: bootMs + 10_000, utilization: { general: 40 } });
  },
);

test('start times are read again after each look, and a process that is no longer asked for is forgotten', () => {
  let [sinceBootMs, bootMs] = [500, 1000];
  const starts = new ProcessStarts({ sinceBootMs: () => sinceBootMs, bootMs: () => bootMs });
  starts.look();
  expect(starts.of(1)).toEqual({ startMs: 1500, startNowMs: 1500 });
  [sinceBootMs, bootMs] = [700, 2000];
  expect(starts.of(1)).toEqual({ startMs: 1500, startNowMs: 1500 });
  starts.look();
  expect(starts.of(1)).toEqual({ startMs: 2700, startNowMs: 2700 });
  bootMs = 3000;
  starts.look();
  expect(starts.of(1)).toEqual({ startMs: 2700, startNowMs: 3700 });
  starts.look();
  starts.look();
  expect(starts.of(1)).toEqual({ startMs: 3700, startNowMs: 3700 });
});

test.each([
  [
    'a program with blanks and brackets in its name',
    '7 (a ) b) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 9',
    12_345,
  ],
  ['an empty file', '', undefined],
  ['a file that is cut', '7 (a) S 1 7', undefined],
])('the start of %s', (_, text, ticks) => {
  expect(startTicks(text)).toBe(ticks);
});
