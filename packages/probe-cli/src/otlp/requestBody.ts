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
 * Reads a request to its end. While the requests under way have used up the budget, nothing more is read: the client notices
 * only that its request takes longer.
 *
 * @throws Refusal for one that is larger than `mostBytes`, slower than allowed, or cut off, and for one that waited for the
 * budget until its time was over
 */
export async function readBody(input: Readable, mostBytes: number, budget: ByteBudget): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  const share = budget.share();
  let bytes = 0;
  let isHeldBack = false;
  let isComplete = false;
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(isHeldBack ? busy() : tooSlow()), bodyMs);
      const end = (error?: Error) => {
        clearTimeout(timer);
        if (error === undefined) resolve();
        else reject(error);
      };
      input.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > mostBytes) {
          end(new Refusal('tooLarge', `it is larger than ${mostBytes} bytes`));
          return;
        }
        const room = share.take(chunk.length);
        if (room === undefined) return;
        isHeldBack = true;
        input.pause();
        void room.then(() => {
          isHeldBack = false;
          if (isComplete) end();
          else input.resume();
        });
      });
      input.on('end', () => {
        isComplete = true;
        // HTTP/2 reports the end also of a stream that is paused.
        if (!isHeldBack) end();
      });
      input.on('error', () => end(cutOff()));
      input.on('close', () => {
        if (!isComplete) end(cutOff());
      });
    });
    return { bytes: Buffer.concat(chunks), release: share.release };
  } catch (error) {
    input.removeAllListeners('data');
    // What is still under way is thrown away until the connection has ended.
    input.resume();
    share.release();
    throw error;
  }
}

function cutOff(): Refusal {
  return new Refusal('malformed', 'the request was cut off');
}

function tooSlow(): Refusal {
  return new Refusal('tooSlow', `it took more than ${bodyMs} ms`);
}

function busy(): Refusal {
  return new Refusal('busy', `too many bytes were under way for ${bodyMs} ms, try again`);
}
