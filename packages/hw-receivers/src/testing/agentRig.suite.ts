import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metric, type Sensor, type Source, systemClock } from '@benchlab-otel/core';
import { agentReceiver, SampleBus } from '@benchlab-otel/wire';
import type { ReceiverRig } from './rig.suite.ts';

const source: Source = { id: 'meter', name: 'Meter', simulated: true, boundary: 'dc_rails', attributes: {} };
const sensor: Sensor = { metric: metric.hwPower, attributes: { 'hw.id': 'meter/rail', 'hw.type': 'power_rail' } };

/** The receiver of `@benchlab-otel/wire`, under the same contract: a sample bus as an agent has it, fed by a timer. */
export const agentRig: ReceiverRig = {
  withoutDevice: (clock) => agentReceiver({ path: '/there/is/no/such/agent.sock', clock }),
  async connect() {
    const folder = mkdtempSync(join(tmpdir(), 'rig-'));
    const bus = new SampleBus({ path: join(folder, 'agent.sock') });
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
      slowDown: async () => {
        isSlow = true;
      },
      close: async () => {
        clearInterval(feed);
        await bus.stop();
        rmSync(folder, { recursive: true });
      },
    };
  },
};
