import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { selfSigned } from '../../../packages/node/src/page/selfSigned.suite.ts';

export interface Places {
  /** The code with the paths of a reader's machine replaced by paths that are here. */
  inside(code: string): string;
  close(): Promise<void>;
}

/** What snippets find on the machine of a reader: a board, folders that a service may write to, a token, a certificate. */
export async function makePlaces(): Promise<Places> {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-places-'));
  const board = await emulateBoard({ bench: constantBench() });
  for (const name of ['run', 'log', 'etc']) mkdirSync(join(folder, name));
  const { cert, key } = selfSigned();
  const files = {
    'etc/metrics-token': 'a-token-of-a-test-of-the-pages\n',
    'etc/tls.crt': cert,
    'etc/tls.key': key,
    'run/stages.fifo': '',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const replaced: readonly (readonly [RegExp, string])[] = [
    [/\/dev\/ttyACM0/g, board.path],
    [/\/run\/secrets|\/etc\/tls/g, join(folder, 'etc')],
    [/\/run\/(?:app|camera|benchlab)/g, join(folder, 'run')],
    [/\/var\/log/g, join(folder, 'log')],
  ];
  return {
    inside: (code) => replaced.reduce((text, [from, to]) => text.replaceAll(from, to), code),
    async close() {
      await board.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
