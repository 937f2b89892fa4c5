import { BenchlabError } from '@benchlab-otel/core';
import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import type { FakeNvml } from '../testing/fakeNvml.suite.ts';
import type { NvmlArgument } from './functions.ts';
import { type NvmlReceiverOptions, nvmlReceiver } from './receiver.ts';
import type { RunSmi } from './smi.ts';

/** A host without nvidia-smi. */
const noSmi: RunSmi = async () => {
  throw new BenchlabError('NO_REPLY', 'nvidia-smi: not found.', 'Check the NVIDIA driver.');
};

/** A receiver of GPUs in memory, on a manual clock. `asked` has the times at which nvidia-smi was started, s. */
export function setUp(nvml: FakeNvml, options: NvmlReceiverOptions = {}, smi: RunSmi = noSmi) {
  const [clock, consumer] = [new ManualClock(), new Collected()];
  nvml.nowNs = () => clock.nowNs();
  const asked: number[] = [];
  const run: RunSmi = (args, signal) => {
    asked.push((clock.nowNs() - 1e9) / 1e9);
    return smi(args, signal);
  };
  const receiver = nvmlReceiver({ clock, ...options }, { startWorker: nvml.startWorker, smi: () => run });
  const value = (name: string, more: Record<string, unknown> = {}, uuid = 'GPU-a') =>
    consumer.samples
      .findLast(({ source }) => source.id === uuid)
      ?.readings.find(
        ({ sensor }) =>
          sensor.metric.name === name && Object.entries(more).every(([key, is]) => sensor.attributes[key] === is),
      )?.value;
  return { clock, consumer, receiver, value, asked };
}

/** The answer to two out parameters of one number each. */
export function both([first, second]: readonly [number, number]) {
  return ([, , out]: readonly NvmlArgument[]) => {
    if (out instanceof Uint32Array) out[0] = second;
    return first;
  };
}

/** nvmlDeviceGetFieldValues of a GPU that has the field "instant power" only. */
export function instant(milliwatts: number) {
  return ([, , records]: readonly NvmlArgument[]) => {
    const bytes = Uint8Array.from(records as Uint8Array);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length; at += 40) {
      const isPower = view.getUint32(at, true) === 186;
      view.setUint32(at + 28, isPower ? 0 : 3, true);
      view.setUint32(at + 24, 1, true);
      view.setUint32(at + 32, milliwatts, true);
    }
    return [...bytes];
  };
}
