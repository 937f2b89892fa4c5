import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metric, type Receiver, type Sensor, type Source, systemClock } from '@benchlab-otel/core';
import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { agentReceiver, SampleBus } from '@benchlab-otel/wire';
import { benchlabReceiver } from '../benchlab/receiver.ts';
import { hostReceiver } from '../host/receiver.ts';
import { nvmlReceiver } from '../nvml/receiver.ts';
import type { ReceiverOptions } from '../receivers.ts';
import { FakeNvml } from './fakeNvml.ts';
import { machineTree, UnpackedTree } from './hostTree.ts';

/** A device that a test has in hand, and the receiver that reads it. */
export interface Rig {
  readonly receiver: Receiver;
  /** `Source.id` of the device that `lose` takes away. */
  readonly device: RegExp;
  /** Takes the device away. */
  lose(): void | Promise<void>;
  /** Gives it back, as it was. */
  restore(): void | Promise<void>;
  /** The device takes far longer than a poll interval to answer, until it is restored. */
  slowDown(): void;
  close(): void | Promise<void>;
}

/** One rig for every receiver: a receiver without one does not compile. */
export const rigs: { readonly [Name in keyof ReceiverOptions]: () => Promise<Rig> } = {
  agent: agentRig,
  benchlab: benchlabRig,
  host: hostRig,
  nvml: nvmlRig,
};

/** An emulated board on a real line. */
async function benchlabRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'rig-'));
  const link = join(folder, 'board');
  const plug = () => emulateBoard({ link, bench: constantBench() });
  let board = await plug();
  return {
    receiver: benchlabReceiver({ ports: [link], rateHz: 50 }),
    device: new RegExp(`^${board.uid}$`),
    lose: () => board.close(),
    restore: async () => {
      await board.close();
      board = await plug();
    },
    slowDown: () => {
      board.fault = 'late';
    },
    close: async () => {
      await board.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A recorded desktop in a real folder, one of whose sensor chips goes and comes back. */
async function hostRig(): Promise<Rig> {
  const root = mkdtempSync(join(tmpdir(), 'rig-'));
  const files = new UnpackedTree(root, machineTree('desktop').first).files();
  const folder = '/sys/class/hwmon';
  let isGone = false;
  let slowMs = 0;
  const isOfChip = (path: string) => path.startsWith(`${folder}/hwmon0`);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const receiver = hostReceiver(
    { rateHz: 10, sources: ['hwmon', 'load'] },
    {
      ...files,
      list: (path) => {
        if (isGone && isOfChip(path)) return [];
        return files.list(path).filter((name) => !(isGone && path === folder && name === 'hwmon0'));
      },
      read: (path) => {
        // As a driver does that asks its chip: the thread stands still.
        if (slowMs > 0 && path.includes('loadavg')) Atomics.wait(pause, 0, 0, slowMs);
        return isGone && isOfChip(path) ? { kind: 'absent' } : files.read(path);
      },
    },
  );
  return {
    receiver,
    device: /^hwmon\/pci0000:00\/0000:00:18\.3\//,
    lose: () => {
      isGone = true;
    },
    restore: () => {
      isGone = false;
      slowMs = 0;
    },
    slowDown: () => {
      slowMs = 350;
    },
    close: () => rmSync(root, { recursive: true }),
  };
}

/** Two GPUs of the in-memory twin of NVML. */
async function nvmlRig(): Promise<Rig> {
  const gpu = (uuid: string) => ({ uuid, answers: { nvmlDeviceGetPowerUsage: 100_000 } });
  const both = [gpu('GPU-other'), gpu('GPU-test')];
  const nvml = new FakeNvml(...both);
  nvml.nowNs = systemClock.nowNs;
  const receiver = nvmlReceiver(
    { rateHz: 20, smi: false },
    { startWorker: nvml.startWorker, smi: () => () => Promise.reject(new Error('there is none')) },
  );
  return {
    receiver,
    device: /^GPU-test$/,
    lose: () => {
      nvml.gpus = both.slice(0, 1);
    },
    restore: () => {
      nvml.gpus = both;
      nvml.isWedged = false;
      nvml.release();
    },
    slowDown: () => {
      nvml.isWedged = true;
    },
    close: () => nvml.release(),
  };
}

/** A bus as an agent has it, fed by a timer. */
async function agentRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'rig-'));
  const bus = new SampleBus({ path: join(folder, 'agent.sock') });
  const source: Source = { id: 'meter', name: 'Meter', simulated: true, boundary: 'dc_rails', attributes: {} };
  const sensor: Sensor = { metric: metric.hwPower, attributes: { 'hw.id': 'meter/rail', 'hw.type': 'power_rail' } };
  let isSlow = false;
  const feed = setInterval(() => {
    if (isSlow) return;
    bus.sample({ source, timeNs: systemClock.nowNs(), uncertaintyNs: 0, readings: [{ sensor, value: 5 }] });
    bus.polled({ receiver: 'meter', outcome: 'success', durationNs: 1, missed: 0 });
  }, 50);
  await bus.start();
  return {
    receiver: agentReceiver({ path: bus.path }),
    device: /^meter$/,
    lose: () => bus.stop(),
    restore: async () => {
      isSlow = false;
      await bus.stop();
      await bus.start();
    },
    slowDown: () => {
      isSlow = true;
    },
    close: async () => {
      clearInterval(feed);
      await bus.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
