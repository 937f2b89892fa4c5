import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { type ReceiverRig, until } from '../testing/rig.suite.ts';
import { benchlabReceiver } from './receiver.ts';

/** An emulated board on a real pseudo-terminal. */
export const rig: ReceiverRig = {
  withoutDevice: (clock) => benchlabReceiver({ ports: ['/dev/there-is-no-such-port'], clock }),
  async connect() {
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
      slowDown: async () => {
        board.fault = 'late';
        const asked = board.requests.length;
        await until(() => board.requests.length > asked);
      },
      close: async () => {
        await board.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};
