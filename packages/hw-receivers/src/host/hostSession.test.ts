import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { HostSession } from './hostSession.ts';
import type { HostStart, StartHostWorker } from './hostWorker.ts';
import type { HostReply, HostRequest } from './messages.ts';
import { FilePlace } from './watchedFiles.ts';

const chip = '/sys/class/hwmon/hwmon0';
const signal = new AbortController().signal;
const nothing: HostReply = {
  numbered: { forgotten: [], sources: [], sensors: [], samples: [], lost: [] },
  problems: [],
  answered: [],
  hasPower: true,
};

/** Threads of which the test says what each does with a request: a reply, or the path at which it hangs. */
function setUp(answer: (request: HostRequest, thread: number) => Partial<HostReply> | string | Error) {
  const clock = new ManualClock();
  const starts: HostStart[] = [];
  const asked: HostRequest[] = [];
  const returns: (() => void)[] = [];
  const startWorker: StartHostWorker = (start) => {
    starts.push(start);
    const thread = starts.length;
    const place = new FilePlace();
    let hangs = false;
    return {
      place,
      async ask(request) {
        asked.push(request);
        const is = answer(request, thread);
        if (is instanceof Error) throw is;
        hangs = typeof is === 'string';
        place.enter(typeof is === 'string' ? is : '');
        return typeof is === 'string' ? new Promise<never>(() => undefined) : { ...nothing, ...is };
      },
      end: async () => (hangs ? { hanging: new Promise<void>((resolve) => returns.push(resolve)) } : {}),
    };
  };
  const session = new HostSession({ sources: ['hwmon'], root: undefined }, startWorker, clock);
  const ask = async (kind: HostRequest['kind'] = 'host') => {
    const asking = session.ask(kind, signal).catch((error: unknown) => error);
    await clock.advanceMs(5000);
    return asking;
  };
  return { clock, session, starts, asked, returns, ask };
}

test('polls that do not touch what hung leave its wait as it is: it doubles with each try', async () => {
  const { clock, session, starts, ask } = setUp(({ kind, leftOut }) =>
    kind === 'host' && !leftOut.includes(chip) ? `${chip}/temp1_input` : {},
  );
  const tries: number[] = [];
  for (let seconds = 0; seconds < 1000; seconds += 10) {
    const before = starts.length;
    await ask('power');
    const isHang = (await ask('host')) instanceof Error;
    if (isHang) tries.push(Math.round(clock.nowNs() / 60e9));
    expect(starts.length - before).toBeLessThanOrEqual(1);
  }
  // After one, two, four and eight minutes; three threads hang by then, so it is left alone.
  expect(tries).toHaveLength(3);
  expect(session.stuck).toEqual([chip]);
});

test('a file that hung counts as read again when that very file answers', async () => {
  let isWell = false;
  const path = `${chip}/temp1_input`;
  const { clock, session, asked, ask } = setUp(({ leftOut, tried }) => {
    if (leftOut.includes(chip)) return {};
    return isWell || asked.length > 1 ? { answered: tried.filter(() => isWell) } : path;
  });
  expect(await ask()).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining(path) });
  await ask();
  expect(asked.at(-1)).toMatchObject({ leftOut: [chip], tried: [] });
  await clock.advanceMs(60_000);
  await ask();
  expect(asked.at(-1)).toMatchObject({ leftOut: [], tried: [path] });
  expect(session.stuck).toEqual([chip]);
  isWell = true;
  await ask();
  expect(session.stuck).toEqual([]);
});

test('a thread that follows another one gets where the energy counters stood; one after the end does not', async () => {
  const marks = { zones: { 'intel-rapl:0': { raw: 1, timeNs: 2, joules: 3, hasMoved: true, firstNs: 0 } } };
  const { session, starts, ask } = setUp(({ kind, leftOut }) => {
    if (kind === 'power') return { marks };
    return leftOut.includes(chip) ? {} : `${chip}/temp1_input`;
  });
  await ask('power');
  await ask('host');
  await ask('host');
  expect(starts.map((start) => start.marks)).toEqual([undefined, marks]);
  await session.end();
  await ask('power');
  expect(starts.at(-1)).not.toHaveProperty('marks');
});

test('no thread is started while four hang, and one is started when one of them returns', async () => {
  const { session, starts, returns, ask } = setUp((_, thread) => (thread > 4 ? {} : `/proc/file${thread}`));
  for (let hang = 0; hang < 4; hang++) expect(await ask()).toMatchObject({ code: 'TIMEOUT' });
  expect(await ask()).toMatchObject({ code: 'TIMEOUT', message: '4 reads of files of the host hang. '.concat(fix) });
  expect(starts).toHaveLength(4);
  returns[0]?.();
  expect(await ask()).toMatchObject({ thread: 5 });
  expect(session.stuck).toHaveLength(4);
});

const fix = 'The host is not read until one returns. Restart the host.';

test('a second request waits for the first', async () => {
  const { clock, session, asked } = setUp(() => ({}));
  await Promise.all([session.ask('host', signal), session.ask('power', signal)]);
  expect(asked.map(({ kind }) => kind)).toEqual(['host', 'power']);
  expect(clock.pending).toBe(0);
});

test('a thread that ends each time is started again after one second, two, four, up to a minute', async () => {
  const { clock, session, starts } = setUp(() => new Error('ended'));
  const at: number[] = [];
  for (let tick = 0; tick < 2000; tick++) {
    const before = starts.length;
    const answer = await session.ask('host', signal).catch((error: unknown) => error);
    if (starts.length > before) {
      at.push(Math.round(clock.nowNs() / 1e9) - 1);
      expect(answer).toMatchObject({ code: 'DEVICE_LOST' });
    } else {
      expect(answer).toBeUndefined();
    }
    clock.jumpMs(100);
  }
  expect(at).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
});
