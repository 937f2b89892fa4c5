import type { BenchlabError } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import type { LineConsumer, LineEnd, LineRejection, LineSource } from './lineSource.ts';

/** A source of lines, and how another program writes to it. */
export interface LineSourceRig {
  readonly source: LineSource;
  /** Has `text`, of whole lines, written to the source. */
  write(text: string): void | Promise<void>;
  /** Releases what the source does not own. */
  close?(): void;
}

/** Keeps what a source delivered. */
export class CollectedLines implements LineConsumer {
  readonly lines: string[] = [];
  readonly rejections: LineRejection[] = [];
  readonly ends: LineEnd[] = [];
  line(text: string): string | undefined {
    if (text.startsWith('bad')) return 'it is bad';
    this.lines.push(text);
    return undefined;
  }
  rejected(report: LineRejection): void {
    this.rejections.push(report);
  }
  ended(end: LineEnd): void {
    this.ends.push(end);
  }
}

/** What every input of lines guarantees. `make` makes a source that was never started, and what writes to it. */
export function lineSourceSuite(name: string, make: () => LineSourceRig | Promise<LineSourceRig>): void {
  describe(`the contract of ${name}`, () => {
    it('stops unstarted, twice, and while it starts', async () => {
      const { source, close } = await make();
      await source.stop();
      await source.start(new CollectedLines());
      await Promise.all([source.stop(), source.stop()]);
      const starting = source.start(new CollectedLines());
      await source.stop();
      await starting;
      await source.stop();
      close?.();
    });

    it('is not started twice', async () => {
      const { source, close } = await make();
      await source.start(new CollectedLines());
      await expect(source.start(new CollectedLines())).rejects.toMatchObject({
        code: 'ALREADY_STARTED',
        message: expect.stringContaining(source.name),
      });
      await source.stop();
      close?.();
    });

    it('waits at a start for the stop before it, and refuses a second start meanwhile', async () => {
      const { source, write, close } = await make();
      await source.start(new CollectedLines());
      const order: string[] = [];
      const got = new CollectedLines();
      const stopping = source.stop().then(() => void order.push('stopped'));
      const starting = source.start(got).then(() => void order.push('started'));
      await expect(source.start(new CollectedLines())).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
      await Promise.all([stopping, starting]);
      expect(order).toEqual(['stopped', 'started']);
      await write('one\n');
      await expect.poll(() => got.lines, { timeout: 10_000 }).toEqual(['one']);
      await source.stop();
      close?.();
    });

    it('does not start when a stop comes while a start waits', async () => {
      const before = handles();
      const { source, close } = await make();
      await source.start(new CollectedLines());
      const first = source.stop();
      const starting = source.start(new CollectedLines());
      await Promise.all([first, starting, source.stop()]);
      close?.();
      await expect.poll(handles, { timeout: 10_000 }).toBeLessThanOrEqual(before);
    });

    it('delivers lines in order, is silent after its stop, and starts again', async () => {
      const { source, write, close } = await make();
      for (let round = 0; round < 2; round++) {
        const got = new CollectedLines();
        await source.start(got);
        await write(`${round} a\r\n${round} ü\n`);
        await expect.poll(() => got.lines.slice(-2), { timeout: 10_000 }).toEqual([`${round} a`, `${round} ü`]);
        await source.stop();
        const before = got.lines.length;
        await turns();
        expect(got.lines).toHaveLength(before);
        expect([got.rejections, got.ends]).toEqual([[], []]);
      }
      close?.();
    });

    it('counts a bad line, reports it with its number and its reason, and reads the lines around it', async () => {
      const { source, write, close } = await make();
      const got = new CollectedLines();
      await source.start(got);
      await write(`one\nbad\ntwo\nbad\n${'x'.repeat(maxLineBytes + 1)}\nthree\n`);
      await expect.poll(() => got.lines, { timeout: 10_000 }).toEqual(['one', 'two', 'three']);
      await source.stop();
      expect(got.rejections[0]).toEqual({ source: source.name, reason: 'line 2: it is bad', count: 1 });
      expect(got.rejections.at(-1)).toMatchObject({ reason: `line 5: more than ${maxLineBytes} bytes`, count: 3 });
      close?.();
    });

    it('counts a line at which its consumer throws, and continues', async () => {
      const { source, write, close } = await make();
      const got = new CollectedLines();
      const line = (text: string) => {
        if (text === 'throw') throw new Error('no room');
        return got.line(text);
      };
      await source.start({ line, rejected: (report) => got.rejected(report) });
      await write('one\nthrow\ntwo\n');
      await expect.poll(() => got.lines, { timeout: 10_000 }).toEqual(['one', 'two']);
      expect(got.rejections).toMatchObject([{ reason: 'line 2: its consumer threw: no room', count: 1 }]);
      await source.stop();
      close?.();
    });

    it('continues when its consumer throws at a report of bad lines', async () => {
      const { source, write, close } = await make();
      const got = new CollectedLines();
      let reports = 0;
      await source.start({
        line: (text) => got.line(text),
        rejected: () => {
          reports++;
          throw new Error('no room for reports');
        },
      });
      await write('bad\none\nbad\ntwo\n');
      await expect.poll(() => got.lines, { timeout: 10_000 }).toEqual(['one', 'two']);
      await source.stop();
      expect(reports).toBe(2); // the first at once, the sum at the stop
      close?.();
    });

    it('leaves nothing that keeps a process alive', async () => {
      const before = handles();
      const { source, write, close } = await make();
      const got = new CollectedLines();
      await source.start(got);
      await write('one\n');
      await expect.poll(() => got.lines.length, { timeout: 10_000 }).toBeGreaterThan(0);
      await source.stop();
      close?.();
      await expect.poll(handles, { timeout: 10_000 }).toBeLessThanOrEqual(before);
    });
  });
}

/** Bound that rigs give to their sources. */
export const maxLineBytes = 1000;

/** Enough turns of the event loop for what has arrived to be delivered. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind !== 'CloseReq' && kind !== 'Timeout').length;
}

/** For tests of a source that must not end: the message of the error with which it ended. */
export function endMessage(end: LineEnd | undefined): string | undefined {
  const error: BenchlabError | undefined = end?.error;
  return error?.message;
}
