import { createServer, request } from 'node:http';
import { freePorts } from '../process.ts';

export interface FlakyStore {
  /** In place of the base URL of the store. */
  readonly url: string;
  /** Requests since the last call of `become`. */
  readonly requests: number;
  become(mode: FlakyMode): void;
  stop(): Promise<void>;
}

type FlakyMode =
  | { readonly kind: 'well' }
  /** Answers so, and does not hand on. */
  | { readonly kind: 'refuses'; readonly status: number; readonly retryAfterSeconds: number }
  /** Hands on after this time. */
  | { readonly kind: 'slow'; readonly delayMs: number };

/** Stands before a real store, hands requests on as they are, or does not. */
export async function startFlakyStore(storeUrl: string): Promise<FlakyStore> {
  const [port] = await freePorts(1);
  let mode: FlakyMode = { kind: 'well' };
  let requests = 0;
  const server = createServer((incoming, answer) => {
    requests++;
    const now = mode;
    if (now.kind === 'refuses') {
      incoming.resume();
      incoming.once('end', () => {
        answer.writeHead(now.status, { 'retry-after': `${now.retryAfterSeconds}` }).end();
      });
      return;
    }
    setTimeout(
      () => {
        const onward = request(`${storeUrl}${incoming.url}`, { method: incoming.method, headers: incoming.headers });
        onward.once('response', (response) => {
          answer.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(answer);
        });
        onward.once('error', () => answer.destroy());
        incoming.pipe(onward);
      },
      now.kind === 'slow' ? now.delayMs : 0,
    );
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    become(next) {
      mode = next;
      requests = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
