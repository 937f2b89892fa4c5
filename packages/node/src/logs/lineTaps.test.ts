import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Level, pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LineTaps, type LogLine } from './lineTaps.ts';
import { telemetryLogger } from './logger.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taps-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

/** A stream that keeps its lines. */
function kept() {
  const lines: string[] = [];
  return { lines, write: (line: string) => void lines.push(line) };
}

const messages = (lines: readonly string[]) => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);

describe.each([
  ['without taps', []],
  ['with a tap', [() => {}]],
] as const)('a log destination %s', (_, taps) => {
  function loggerTo(destination: Parameters<LineTaps['before']>[0]) {
    const lineTaps = new LineTaps();
    for (const tap of taps) lineTaps.add(tap);
    return { logger: telemetryLogger({ destination, level: 'debug' }, { taps: lineTaps }), taps: lineTaps };
  }

  it('of several streams gets each line in the streams of its level', () => {
    const [all, bad] = [kept(), kept()];
    const { logger } = loggerTo(
      pino.multistream([
        { level: 'debug' as Level, stream: all },
        { level: 'error' as Level, stream: bad },
      ]),
    );
    logger.debug('one');
    logger.error('two');
    expect([messages(all.lines), messages(bad.lines)]).toEqual([['one', 'two'], ['two']]);
  });

  it('that wants pino to state level, message and logger gets them', () => {
    const seen: unknown[] = [];
    const destination = {
      [Symbol.for('pino.metadata')]: true,
      lastLevel: 0,
      lastMsg: '',
      write() {
        seen.push([this.lastLevel, this.lastMsg]);
      },
    };
    loggerTo(destination).logger.warn('hot');
    expect(seen).toEqual([[40, 'hot']]);
  });

  it('that buffers is flushed by the logger and by the taps, and can be reopened for a rotation', async () => {
    const path = join(folder, 'app.log');
    const destination = pino.destination({ dest: path, sync: false, minLength: 4096 });
    const { logger, taps: lineTaps } = loggerTo(destination);
    await new Promise((resolve) => destination.once('ready', resolve));
    logger.info('one');
    await lineTaps.flush();
    expect(messages(readFileSync(path, 'utf8').trim().split('\n'))).toEqual(['one']);

    renameSync(path, `${path}.1`);
    const reopened = new Promise((resolve) => destination.once('ready', resolve));
    destination.reopen();
    await reopened;
    logger.info('two');
    await new Promise<void>((resolve) => logger.flush(() => resolve()));
    expect(messages(readFileSync(path, 'utf8').trim().split('\n'))).toEqual(['two']);
    destination.destroy();
  });

  it('whose methods use private fields works', async () => {
    class Own {
      readonly #lines: string[] = [];
      write(line: string) {
        this.#lines.push(line);
      }
      flushSync() {
        this.#lines.push('flushed');
      }
      get size() {
        return this.#lines.length;
      }
    }
    const own = new Own();
    const { logger, taps: lineTaps } = loggerTo(own);
    logger.info('one');
    await lineTaps.flush();
    expect(own.size).toBe(2);
  });

  it('that is frozen gets its lines', () => {
    const kept: string[] = [];
    const { logger } = loggerTo(
      Object.freeze({
        [Symbol.for('pino.metadata')]: true,
        lastLevel: 0,
        write: (line: string) => void kept.push(line),
      }),
    );
    logger.info('one');
    expect(messages(kept)).toEqual(['one']);
  });

  it('that throws in each of its methods never ends the application', async () => {
    const fail = (): never => {
      throw new Error('no space');
    };
    const { logger, taps: lineTaps } = loggerTo({ write: fail, flush: fail, flushSync: fail } as {
      write: () => never;
    });
    logger.info('one');
    logger.error('two');
    await lineTaps.flush();
  });
});

it('a tap gets the lines of a destination of several streams', () => {
  const tapped: LogLine[] = [];
  const taps = new LineTaps();
  taps.add((line) => tapped.push(line));
  telemetryLogger({ destination: pino.multistream([kept(), kept()]) }, { taps }).info('once');
  expect(tapped.map(({ msg }) => msg)).toEqual(['once']);
});
