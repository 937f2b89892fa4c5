import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@benchlab-otel/core';
import { hostThread } from '../testing/hostThread.suite.ts';
import { machineTree, UnpackedTree } from '../testing/hostTree.suite.ts';
import { type ReceiverRig, until } from '../testing/rig.suite.ts';
import { hostReceiver } from './receiver.ts';

const chips = '/sys/class/hwmon';

/** A recorded desktop in a real folder. One of its sensor chips goes and comes back. */
export const rig: ReceiverRig = {
  withoutDevice: (clock) => hostReceiver({ root: '/there/is/no/such/folder', clock }),
  async connect() {
    const root = mkdtempSync(join(tmpdir(), 'rig-'));
    const files = new UnpackedTree(root, machineTree('desktop').first).files();
    let isGone = false;
    let slowMs = 0;
    let slowReads = 0;
    const isOfChip = (path: string) => path.startsWith(`${chips}/hwmon0`);
    const never = new Int32Array(new SharedArrayBuffer(4));
    const receiver = hostReceiver(
      { rateHz: 10, sources: ['hwmon', 'load'] },
      hostThread(
        {
          ...files,
          list: (path) => {
            if (isGone && isOfChip(path)) return [];
            return files.list(path).filter((name) => !(isGone && path === chips && name === 'hwmon0'));
          },
          read: (path) => {
            // A driver that asks its chip over a slow bus blocks the thread in the same way.
            if (slowMs > 0 && path.includes('loadavg')) {
              slowReads++;
              Atomics.wait(never, 0, 0, slowMs);
            }
            return isGone && isOfChip(path) ? { kind: 'absent' } : files.read(path);
          },
        },
        systemClock.nowNs,
      ),
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
        const before = slowReads;
        return until(() => slowReads > before);
      },
      close: () => rmSync(root, { recursive: true }),
    };
  },
};
