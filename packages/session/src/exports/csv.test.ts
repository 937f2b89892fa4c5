import type { LatencyRow } from '@benchlab-otel/wire';
import { describe, expect, it, test } from 'vitest';
import { capframexCsv } from './capframexCsv.ts';
import { capframexProblems } from './capframexProblems.ts';
import { presentmonV1 } from './presentmonV1.ts';
import { seedCsv } from './seedCsv.ts';

const meta = { application: 'Vantage:Pipeline', createdAt: Date.UTC(2026, 10, 22, 4, 0, 0), comment: 'in to out' };
const rows = (n: number): LatencyRow[] =>
  Array.from({ length: n }, (_, k) => ({
    timeNs: 1e9 + k * 16_667_000,
    pair: ['in', 'out'] as const,
    latencyMs: 10.5,
    uncertaintyMs: 0,
    pairing: 'frame' as const,
    ...(k === 1 ? {} : { powerWatts: 246.2 }),
  }));

test('the five columns of the seed, and no other; a power that was not measured is an empty cell', () => {
  expect(seedCsv(rows(3), 'Vantage:Pipeline')).toBe(`TimeInSeconds,MsBetweenPresents,Dropped,Application,Note_Power_W
0.000000,10.500,0,Vantage:Pipeline,246.20
0.016667,10.500,0,Vantage:Pipeline,
0.033334,10.500,0,Vantage:Pipeline,246.20
`);
});

test('the table for CapFrameX begins with comments and the five columns in their order', () => {
  expect(capframexCsv(rows(2), meta)).toBe(`//GameName=Vantage:Pipeline
//ProcessName=Vantage:Pipeline
//CreationDate=2026-11-22
//CreationTime=04:00:00
//Comment=in to out
TimeInSeconds,MsBetweenPresents,Dropped,Application,Note_Power_W,MsBetweenDisplayChange,MsPCLatency,frametime
0.000000,10.500,0,Vantage:Pipeline,246.20,0.000,10.500,10.500
0.016667,10.500,0,Vantage:Pipeline,,16.667,10.500,10.500
`);
});

test('with cadence the time of a frame is that since the frame before', () => {
  const lines = capframexCsv(rows(3), meta, 'cadence').trimEnd().split('\n').slice(-2);

  expect(lines.map((line) => line.split(',')[1])).toEqual(['16.667', '16.667']);
  expect(lines.map((line) => line.split(',')[6])).toEqual(['10.500', '10.500']);
});

test.each(['', 'a,b', 'say "hi"', 'a\nb', 'x'.repeat(129), '=1+1', '+1', '-1', '@SUM(A1)'])(
  'the application %j would move the columns or be executed by a spreadsheet, and is refused',
  (application) => {
    expect(() => seedCsv([], application)).toThrow(expect.objectContaining({ option: 'application' }));
    expect(() => capframexCsv([], { ...meta, application })).toThrow(
      expect.objectContaining({ option: 'application' }),
    );
  },
);

test('a comment stays one line with one equals sign', () => {
  const csv = capframexCsv(rows(40), { ...meta, comment: 'a=b\n//Id=x' });

  expect(csv).toContain('//Comment=a:b //Id:x\n');
  expect(capframexProblems(csv)).toEqual([]);
});

describe('what CapFrameX would not import', () => {
  const good = capframexCsv(rows(40), meta);

  it('is found in no table that is written for it', () => {
    expect(capframexProblems(good)).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['the five columns alone', seedCsv(rows(60), 'app'), /the header neither begins with Application/],
    ['no MsBetweenDisplayChange', good.replace('MsBetweenDisplayChange', 'Other'), /without MsBetweenDisplayChange/],
    ['too few frames', capframexCsv(rows(12), meta), /12 frames are too few/],
    ['a comment twice', `//Comment=x\n${good}`, /Comment stands twice/],
    ['a second equals sign', good.replace('=in to out', '=in=out'), /Comment is cut at its second =/],
    ['a quote', good.replace('246.20', '"246.20"'), /a quote in a row/],
    ['another number of columns', good.replace('246.20', '246,20'), /another number of columns/],
    ['two applications', good.replace('0,Vantage:Pipeline', '0,other.exe'), /more than one application/],
  ])('%s', (_, csv, problem) => {
    expect(capframexProblems(csv)).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });
});

test('the columns of PresentMon 1 in their order, with the power behind them', () => {
  const csv = presentmonV1(rows(2), 'game.exe');

  expect(csv.split('\n').slice(0, 2)).toEqual([
    'Application,ProcessID,SwapChainAddress,Runtime,SyncInterval,PresentFlags,Dropped,TimeInSeconds,msInPresentAPI,msBetweenPresents,AllowsTearing,PresentMode,msUntilRenderComplete,msUntilDisplayed,msBetweenDisplayChange,msFlipDelay,Note_Power_W',
    'game.exe,0,0x0000000000000000,Other,0,0,0,0.000000,0.000,10.500,0,Other,10.500,10.500,0.000,0.000,246.20',
  ]);
  expect(capframexProblems(presentmonV1(rows(60), 'game.exe'))).toEqual([]);
});

test('two swap chains would hide frames', () => {
  const csv = presentmonV1(rows(60), 'game.exe').replace('0x0000000000000000', '0x1');

  expect(capframexProblems(csv)).toEqual([expect.stringMatching(/more than one swap chain/)]);
});
