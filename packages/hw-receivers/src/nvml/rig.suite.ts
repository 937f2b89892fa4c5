import { systemClock } from '@benchlab-otel/core';
import { FakeNvml } from '../testing/fakeNvml.suite.ts';
import { type ReceiverRig, until } from '../testing/rig.suite.ts';
import { nvmlReceiver } from './receiver.ts';

/** Two GPUs of the in-memory twin of NVML. */
export const rig: ReceiverRig = {
  withoutDevice: (clock) =>
    nvmlReceiver({ library: '/there/is/no/such/library.so', smi: '/there/is/no/such/program', clock }),
  async connect() {
    const gpu = (uuid: string) => ({ uuid, answers: { nvmlDeviceGetPowerUsage: 100_000 } });
    const both = [gpu('GPU-other'), gpu('GPU-test')];
    const nvml = new FakeNvml(...both);
    nvml.nowNs = systemClock.nowNs;
    const receiver = nvmlReceiver(
      { rateHz: 20, smi: false },
      { startWorker: nvml.startWorker, smi: () => () => Promise.reject(new Error('there is no nvidia-smi')) },
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
        return until(() => nvml.hangs > 0);
      },
      close: () => nvml.release(),
    };
  },
};
