import { describe, expect, it } from 'vitest';
import type { LineSink } from './lineSink.ts';
import { LineWriter, type LineWriterOptions } from './lineWriter.ts';

type Answer = number | 'lost' | 'all' | Error;

/** A sink that answers as the test sets, and after that takes nothing. */
class DeskSink implements LineSink {
  written = '';
  /** What each reader got. */
  readonly readers: string[] = [];
  readonly #answers: Answer[] = [];
  /** Calls of `write` so far, and what waits for the next one. */
  #writes = 0;
  #onWrite: () => void = () => {};
  #ask: (() => void) | undefined;
  #isClosed = false;

  answer(...answers: readonly Answer[]): void {
    this.#answers.push(...answers);
    this.#ask?.();
  }

  /** Resolves when the writer has handed its first lines over. */
  async asked(): Promise<void> {
    while (this.#writes === 0) {
      await new Promise<void>((resolve) => {
        this.#onWrite = resolve;
      });
    }
  }

  async write(bytes: Buffer): Promise<number | 'lost' | 'closed'> {
    this.#writes++;
    this.#onWrite();
    while (this.#answers.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#ask = resolve;
      });
    }
    const answer = this.#answers.shift();
    if (answer === undefined) return 'closed';
    if (answer instanceof Error) throw answer;
    if (answer === 'lost') {
      this.readers.push(this.written);
      this.written = '';
      return 'lost';
    }
    const taken = answer === 'all' ? bytes.length : answer;
    this.written += bytes.subarray(0, taken).toString();
    return taken;
  }

  writeSync(bytes: Buffer): number {
    const answer = this.#answers.shift() ?? 0;
    if (answer instanceof Error) throw answer;
    const taken = typeof answer === 'number' ? answer : bytes.length;
    this.written += bytes.subarray(0, taken).toString();
    return taken;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ask?.();
  }
}

function make(options: Partial<LineWriterOptions> = {}) {
  const sink = new DeskSink();
  const writer = new LineWriter(sink, { notice: (dropped) => `dropped ${dropped}`, ...options });
  return { sink, writer };
}

describe('LineWriter', () => {
  it('writes lines that come together at once, in order', async () => {
    const { sink, writer } = make();
    for (const line of ['a', 'b', 'c']) writer.push(line);
    sink.answer('all');
    await writer.flush();
    expect(sink.written).toBe('a\nb\nc\n');
  });

  it('writes what waits at once at the end of the process, and counts what the sink does not take', async () => {
    const { sink, writer } = make();
    for (const line of ['a', 'b']) writer.push(line);
    sink.answer('all');
    writer.flushSync();
    expect([sink.written, writer.dropped]).toEqual(['a\nb\n', 0]);
    for (const line of ['c', 'd', 'e']) writer.push(line);
    sink.answer(3);
    writer.flushSync();
    expect([sink.written, writer.dropped]).toEqual(['a\nb\nc\nd', 2]);
    writer.push('f');
    sink.answer(new Error('gone'));
    expect(() => writer.flushSync()).not.toThrow();
  });

  it('continues within a line that was taken in part', async () => {
    const { sink, writer } = make();
    writer.push('abcdef');
    writer.push('gh');
    sink.answer(3, 1, 4, 2);
    await writer.flush();
    expect(sink.written).toBe('abcdef\ngh\n');
  });

  it('gives the next reader whole lines, from the one that the last reader got in part', async () => {
    const { sink, writer } = make();
    for (const line of ['one', 'two', 'three']) writer.push(line);
    sink.answer(6, 'lost', 2, 'lost', 'all');
    await writer.flush();
    expect(sink.readers).toEqual(['one\ntw', 'tw']);
    expect(sink.written).toBe('two\nthree\n');
    expect(writer.dropped).toBe(0);
  });

  it('drops the oldest lines beyond its bound, counts them, and reports them before the next line', async () => {
    const { sink, writer } = make({ maxLines: 3 });
    writer.push('on its way');
    await sink.asked();
    for (let k = 0; k < 8; k++) writer.push(`line ${k}`);
    expect(writer.dropped).toBe(5);
    sink.answer('all', 'all');
    await writer.flush();
    expect(sink.written).toBe('on its way\ndropped 5\nline 5\nline 6\nline 7\n');
  });

  it('has a bound in bytes too, and drops a single line that is larger', async () => {
    const { sink, writer } = make({ maxBytes: 20 });
    writer.push('on its way');
    await sink.asked();
    writer.push('x'.repeat(30));
    for (const line of ['12345', '67890', 'abcde', 'fghij']) writer.push(line);
    sink.answer('all', 'all');
    await writer.flush();
    expect(sink.written).toBe('on its way\ndropped 2\n67890\nabcde\nfghij\n');
  });

  it('stops at a sink that fails, reports why once, and counts what was not taken', async () => {
    const errors: unknown[] = [];
    const { sink, writer } = make({ failed: (error) => errors.push(error) });
    for (const line of ['a', 'b', 'c']) writer.push(line);
    const broken = new Error('broken');
    sink.answer(2, broken);
    await writer.flush();
    writer.push('d');
    await writer.flush();
    expect(errors).toEqual([broken]);
    expect([sink.written, writer.dropped]).toEqual(['a\n', 3]);
  });

  it('whose `failed` throws counts as before, and does not end the application', async () => {
    let calls = 0;
    const failed = () => {
      calls++;
      throw new Error('no room for errors');
    };
    const { sink, writer } = make({ failed });
    writer.push('a');
    sink.answer(new Error('broken'));
    await writer.flush();
    writer.push('b');
    await writer.flush();
    expect([calls, writer.dropped]).toEqual([1, 2]);
  });

  it.each<[string, readonly Answer[], number]>([
    ['that was not taken', [], 6],
    ['that was taken in part', [4], 6],
    ['that a reader took before it went away', [11, 'lost', 5], 5],
    ['that was taken before the sink failed', [10, new Error('broken')], 6],
    ['that was not taken before the sink failed', [new Error('broken')], 6],
  ])('does not count a notice %s', async (_, answers, dropped) => {
    const { sink, writer } = make({ maxLines: 2 });
    for (let k = 0; k < 6; k++) writer.push(`${k}234`);
    sink.answer(...answers);
    await sink.asked();
    await new Promise((resolve) => setImmediate(resolve));
    await writer.close();
    expect(sink.readers.join('') + sink.written).toMatch(answers.length > 1 ? /^dropped 4\n/ : /^(drop)?$/);
    expect(writer.dropped).toBe(dropped);
  });

  it('drops a line that would be read as two, counts it, and reports it before the next line', async () => {
    const { sink, writer } = make();
    for (const line of ['a', 'b\nc', 'd\n', '\n', 'e']) writer.push(line);
    expect(writer.dropped).toBe(3);
    sink.answer('all');
    await writer.flush();
    expect(sink.written).toBe('dropped 3\na\ne\n');
  });

  it('drops what waits when it is closed, and counts it', async () => {
    const { sink, writer } = make();
    for (const line of ['a', 'b']) writer.push(line);
    await sink.asked();
    writer.push('c');
    await writer.close();
    writer.push('d');
    expect(writer.dropped).toBe(4);
  });
});
