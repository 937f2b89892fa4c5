import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { capframexCsv } from '../exports/capframexCsv.ts';
import { capframexJson } from '../exports/capframexJson.ts';
import { presentmonV1 } from '../exports/presentmonV1.ts';
import { sixtyHertz } from '../exports/rows.suite.ts';
import { pairSummary } from '../pairSummary.ts';
import { readSession } from '../readSession.ts';
import { importedSession } from './importedSession.ts';
import { importFrames } from './importFrames.ts';

const v1 = `Application,ProcessID,SwapChainAddress,Runtime,SyncInterval,PresentFlags,Dropped,TimeInSeconds,msInPresentAPI,msBetweenPresents,AllowsTearing,PresentMode,msUntilRenderComplete,msUntilDisplayed,msBetweenDisplayChange
game.exe,1,0x1,DXGI,0,0,0,0.5,0.1,16.5,0,Hardware,3,20.5,16.5
game.exe,1,0x1,DXGI,0,0,1,0.5167,0.1,16.7,0,Hardware,3,0,16.5
game.exe,1,0x1,DXGI,0,0,0,0.5334,0.1,16.7,0,Hardware,3,21,16.5
`;

const frames = (text: string) =>
  importFrames(text, 'file').frames.map(({ timeSeconds, frameMs, untilDisplayedMs, isDropped }) => [
    Number(timeSeconds.toFixed(6)),
    frameMs,
    untilDisplayedMs,
    isDropped,
  ]);

test.each<[string, string, string, (number | boolean | undefined)[]]>([
  ['PresentMon 1', 'PresentMon 1', v1, [0.5, 16.5, 20.5, false]],
  [
    'PresentMon 1 with a byte order mark and CR LF',
    'PresentMon 1',
    `\ufeff${v1.replaceAll('\n', '\r\n')}`,
    [0.5, 16.5, 20.5, false],
  ],
  [
    'PresentMon 2.3 with NA',
    'PresentMon 2',
    'Application,ProcessID,TimeInMs,MsBetweenPresents,MsUntilDisplayed,NewColumn\ngame.exe,1,500,16.5,NA,7\n',
    [0.5, 16.5, undefined, false],
  ],
  [
    'PresentMon 2 --v2_metrics',
    'PresentMon 2',
    'Application,CPUStartTime,FrameTime,DisplayLatency,DisplayedTime\ngame.exe,0.5,16.5,20.5,16.6\n',
    [0.5, 16.5, 20.5, false],
  ],
  [
    'MangoHud',
    'MangoHud',
    'v1\nos,cpu,gpu,ram,kernel,driver,cpuscheduler\nLinux,A CPU,A GPU,1,6.1,x,y\nfps,frametime,cpu_load,gpu_power,elapsed\n60,16.5,10,100,500000000\n',
    [0.5, 16.5, undefined, false],
  ],
  [
    'quotes and a comma in a name',
    'PresentMon 1',
    'Application,Dropped,TimeInSeconds,MsBetweenPresents\n"a, ""b""",0,0.5,16.5\n',
    [0.5, 16.5, undefined, false],
  ],
  ['no times: frames add up', 'a table of frames', 'frametime,other\n500,1\n', [0.5, 500, undefined, false]],
])('%s is read by the names of its columns', (_, format, text, first) => {
  expect(importFrames(text, 'file').format).toBe(format);
  expect(frames(text)[0]).toEqual(first);
});

test('unknown columns are named, and are not an error', () => {
  const read = importFrames('Application,TimeInMs,MsBetweenPresents,NewColumn\na,1,2,3\n', 'file');

  expect(read.unknownColumns).toEqual(['NewColumn']);
  expect(read.frames).toHaveLength(1);
});

test('the host of MangoHud and the comments of CapFrameX are kept', () => {
  const mango =
    'os,cpu,gpu,ram,kernel,driver,cpuscheduler\nLinux,A CPU,A GPU,1,6.1,x,y\nfps,frametime,elapsed\n60,16,5\n';

  expect(importFrames(mango, 'file').host).toEqual({ processor: 'A CPU', gpus: ['A GPU'], kernel: '6.1' });
  expect(
    importFrames(`//Processor=A CPU\n//CreationDate=2026-11-22\n//CreationTime=04:00:00\n//Comment=x\n${v1}`, 'file'),
  ).toMatchObject({ host: { processor: 'A CPU' }, createdAt: '2026-11-22T04:00:00.000Z', comment: 'x' });
});

test('a row that is wrong is counted with its place, and those around it are read', () => {
  const wrong = ['game.exe', 'game.exe,1,0x1,D,0,0,0,x,0.1,-5', ',,,', 'game.exe,1,0x1,D,0,0,0,1e400,0.1,NaN', '\0'];
  const { frames: read, refused } = importFrames(v1 + wrong.join('\n'), 'file');

  expect(read).toHaveLength(3);
  expect(refused).toMatchObject({ count: 5, first: expect.arrayContaining(['line 5: no time of a frame']) });
});

test.each(['', 'a,b\n1,2\n', '{', '{}', '{"Runs":[]}', '[1]', 'frametime\n1\n'])('%j is refused', (text) => {
  expect(() => importFrames(text, 'some/file')).toThrow(/some\/file cannot be read: /);
});

test('what is exported reads back to the same numbers', () => {
  const rows = sixtyHertz(60);
  const meta = { application: 'game.exe', createdAt: Date.UTC(2026, 10, 22), comment: 'c' };
  const json = capframexJson(rows, { ...meta, host: { processor: 'A CPU' }, sensors: [] });
  const wanted = rows.map(({ timeNs }) => [Number(((timeNs - 1e9) / 1e9).toFixed(6)), 10.5]);

  for (const text of [capframexCsv(rows, meta), presentmonV1(rows, 'game.exe'), json, `\ufeff${json}`]) {
    expect(frames(text).map((frame) => frame.slice(0, 2))).toEqual(wanted);
  }
  expect(importFrames(json, 'file')).toMatchObject({ format: 'CapFrameX', host: { processor: 'A CPU' }, comment: 'c' });
});

test('a null in a record is a wrong frame, its power is that of the whole bench, and new lists are named', () => {
  const run = {
    CaptureData: {
      TimeInSeconds: [0, 0.5, 1],
      MsBetweenPresents: [1, null, 3],
      Dropped: [false, false, true],
      NewList: [],
    },
    PmdSystemPower: [240, null, 250],
    PmdGpuPower: [1],
    SampleTime: 100,
  };
  const read = importFrames(JSON.stringify({ Runs: [run, { CaptureData: {} }] }), 'file');

  expect(read.frames.map(({ frameMs, isDropped }) => [frameMs, isDropped])).toEqual([
    [1, false],
    [3, true],
  ]);
  expect(read.power).toEqual([
    { timeSeconds: 0, watts: 240 },
    { timeSeconds: 0.2, watts: 250 },
  ]);
  expect(read.refused).toEqual({ count: 2, first: ['run 1, frame 2: no time', 'run 2: no MsBetweenPresents'] });
  expect(read.unknownColumns).toEqual(['NewList']);
});

test('an imported session is read like a recorded one: frame times, times to the screen, drops', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-import-'));
  try {
    const files = importedSession(importFrames(v1, 'a.csv'), { name: 'a', from: 'a.csv', importedAt: 0 });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), [...text].join(''));
    }
    const { pairs, file } = await readSession(folder);

    expect(file).toMatchObject({ imported: 'PresentMon 1: a.csv', tags: { application: 'game.exe' } });
    expect(pairs.map(pairSummary)).toMatchObject([
      { pair: ['frame_start', 'present'], frames: 3, dropped: 0, p50Ms: 16.7 },
      { pair: ['present', 'displayed'], frames: 2, dropped: 1, p50Ms: 20.5, maxMs: 21 },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
