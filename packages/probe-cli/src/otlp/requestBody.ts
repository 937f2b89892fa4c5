import type { Readable } from 'node:stream';
import type { ByteBudget } from './byteBudget.ts';
import { bodyMs } from './limits.ts';
import { Refusal } from './refusal.ts';

/** The bytes of one request. They count in the budget until `release`. */
export interface RequestBody {
  readonly bytes: Buffer;
  release(): void;
}

/**
 * Reads a request to its end.
 *
 * @throws Refusal for one that is larger than `mostBytes`, slower than allowed, or cut off, and while the requests under way
 * have used up the budget
 */
export async function readBody(input: Readable, mostBytes: number, budget: ByteBudget): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const release = () => {
    budget.give(bytes);
    bytes = 0;
  };
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Refusal('tooSlow', `it took more than ${bodyMs} ms`)), bodyMs);
      const end = (error?: Error) => {
        clearTimeout(timer);
        if (error === undefined) resolve();
        else reject(error);
      };
      input.on('data', (chunk: Buffer) => {
        if (bytes + chunk.length > mostBytes) end(new Refusal('tooLarge', `it is larger than ${mostBytes} bytes`));
        else if (!budget.take(chunk.length)) end(new Refusal('busy', 'too many bytes are under way, try again'));
        else {
          bytes += chunk.length;
          chunks.push(chunk);
        }
      });
      input.on('end', () => end());
      input.on('error', () => end(cutOff()));
      input.on('close', () => end(cutOff()));
    });
    return { bytes: Buffer.concat(chunks), release };
  } catch (error) {
    input.removeAllListeners('data');
    // What is still under way is thrown away until the connection has ended.
    input.resume();
    release();
    throw error;
  }
}

function cutOff(): Refusal {
  return new Refusal('malformed', 'the request was cut off');
}
