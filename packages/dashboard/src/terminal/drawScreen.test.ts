import { describe, expect, test } from 'vitest';
import { Dashboard } from '../model/dashboard.ts';
import type { Fact } from '../model/fact.ts';
import { Cells } from './cells.ts';
import { drawScreen } from './drawScreen.ts';
import { viewLines, viewObject } from './figureList.ts';
import { afterKey, firstState, type ScreenState } from './screenState.ts';
import { textScreen } from './textScreen.ts';

const nowMs = Date.UTC(2026, 0, 1, 12);

function demo(more: readonly Fact[] = []): Dashboard {
  const dashboard = new Dashboard();
  dashboard.openInput('demo.jsonl', 'rig-07');
  const frames = Array.from(
    { length: 200 },
    (_, at): Fact => ({
      kind: 'latency',
      node: 'rig-07',
      from: 'ingress',
      to: 'encoded',
      timeMs: nowMs - 50_000 + at * 200,
      isExact: true,
      ...(at % 50 === 0 ? {} : { latencyMs: 5 + (at % 10) }),
      simulated: true,
    }),
  );
  const powers = Array.from(
    { length: 100 },
    (_, at): Fact => ({
      kind: 'power',
      node: 'rig-07',
      source: 'BENCHLAB 2',
      timeMs: nowMs - 50_000 + at * 500,
      watts: 240 + (at % 7),
    }),
  );
  const run = { kind: 'event', node: 'rig-07', component: 'infer', run: 'batch-1' } as const;
  const runs: readonly Fact[] = [
    { ...run, event: 'launch', timeMs: nowMs - 3_000 },
    { ...run, event: 'completion', timeMs: nowMs - 2_000, errorType: 'OutOfMemory' },
  ];
  for (const fact of [...frames, ...powers, ...runs, ...more]) dashboard.add('demo.jsonl', fact, nowMs);
  return dashboard;
}

function linesOf(
  dashboard: Dashboard,
  columns: number,
  rows: number,
  change: Partial<ScreenState> = {},
  names: readonly string[] = [],
) {
  const cells = new Cells(columns, rows);
  const state = { ...firstState('braille'), ...change };
  const context = drawScreen(cells, state, { dashboard, nowMs, themeName: 'dark', columns: names });
  return { lines: cells.lines(), text: cells.lines().join('\n'), context };
}

const zoomedTitles = {
  charts: 'latency, how often',
  series: 'stages 2',
  runs: 'runs 1',
  nodes: 'nodes 1',
  findings: 'findings 1',
} as const;

describe('the screen', () => {
  test('of 80 x 24 has the numbers first, and marks what is simulated', () => {
    const { lines } = linesOf(demo(), 80, 24);
    expect(lines[0]).toContain('● live  1 min');
    expect(lines[0]).toContain('SIMULATED');
    expect(lines[2]).toContain('p95 latency  ingress → encoded');
    expect(lines[2]).toContain('power  BENCHLAB 2');
    expect(lines.join('\n')).toMatch(/p50 10\.0 {2}p99 14\.0 {2}max 14\.0/);
    expect(lines.join('\n')).toMatch(/n 196 {2}ok 98\.0 % {2}dropped 4/);
    expect(lines[23]).toContain('? help');
  });

  test.each([
    [80, 24],
    [100, 30],
    [140, 36],
    [200, 50],
    [300, 100],
  ])('of %d x %d keeps within its edges and shows every pane', (columns, rows) => {
    for (const pane of ['charts', 'series', 'runs', 'nodes', 'findings'] as const) {
      for (const isZoomed of [false, true]) {
        const { lines, text } = linesOf(demo(), columns, rows, { pane, isZoomed });
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
        expect(text).toContain(isZoomed ? zoomedTitles[pane] : 'p95 latency');
      }
    }
    expect(linesOf(demo(), columns, rows, { isHelp: true }).text).toContain('pause: what is shown stays');
  });

  test('of 79 x 23 states what it needs', () => {
    expect(linesOf(demo(), 79, 23).text).toContain('needs 80 x 24 characters');
  });

  test('without a line states what it waits for, and has no zero', () => {
    const dashboard = new Dashboard();
    dashboard.openInput('events.jsonl', 'local');
    dashboard.changeInput('events.jsonl', { condition: 'waiting', reason: 'There is no events.jsonl to read from.' });
    const { lines } = linesOf(dashboard, 80, 24);
    expect(lines[0]).toContain('○ There is no events.jsonl to read from.');
    expect(lines.slice(3, 8).join('\n')).not.toMatch(/\d/);
  });

  test('keeps its columns with wide names, and does not act on what they hold', () => {
    const wide = {
      kind: 'event',
      node: '日本',
      component: '推論 👩‍👩‍👧\x1b[2J',
      event: 'launch',
      run: '走る',
      timeMs: nowMs,
    } as const;
    const { lines } = linesOf(demo([wide]), 80, 24, { pane: 'runs' });
    const row = lines.find((line) => line.includes('走る'));
    const other = lines.find((line) => line.includes('batch-1'));
    expect(row).toContain('推論 👩‍👩‍👧·[2J');
    // The state begins in the same column of the terminal.
    const columnOf = (line = '', word: string) => new Intl.Segmenter().segment(line.slice(0, line.indexOf(word)));
    const width = (line = '', word: string) =>
      Array.from(columnOf(line, word), ({ segment }) =>
        /[\u3000-\u9fff]|\p{Extended_Pictographic}/u.test(segment) ? 2 : 1,
      ).reduce<number>((sum, each) => sum + each, 0);
    expect(width(row, '▸')).toBe(width(other, '✗'));
  });

  test('paused states how much came since', () => {
    const dashboard = demo();
    dashboard.pause(nowMs);
    dashboard.add('demo.jsonl', { kind: 'power', node: 'rig-07', source: 'x', watts: 1, timeMs: nowMs }, nowMs);
    expect(linesOf(dashboard, 80, 24).lines[0]).toContain('paused, +1');
  });

  test('has the columns that were named', () => {
    const header = linesOf(demo(), 200, 50, {}, ['p50', 'ok']).lines.find((line) =>
      line.includes('stages / component'),
    );
    expect(header).toContain('p50 ms');
    expect(header?.slice(0, 100)).not.toMatch(/p95|p99|max|lost/);
  });
});

describe('keys', () => {
  const { context } = linesOf(demo(), 80, 24);
  const press = (state: ScreenState, ...keys: readonly string[]) =>
    keys.reduce((before, key) => afterKey(before, key, context)[0], state);
  const first = firstState('braille');

  test('go through windows, panes, curves and columns, and back to where they began', () => {
    expect(press(first, 'w').window).toBe(300_000);
    expect(press(first, 'W').window).toBe(30_000);
    expect(press(first, 'tab').pane).toBe('runs');
    expect(press(first, 'tab', 'backtab')).toEqual(first);
    expect(press(first, 'c', 'c', 'c')).toEqual(first);
    expect(press(first, 'o').sorts.series).toBe('n');
  });

  test('write a filter, in which other keys are letters', () => {
    const state = press(first, '/', 'q', 'é', '日', 'backspace', 'enter');
    expect([state.filter, state.isFiltering]).toEqual(['qé', false]);
    expect(press(state, 'escape').filter).toBe('');
    expect(press(first, '/', ...'x'.repeat(100)).filter).toHaveLength(60);
  });

  test('move the row within the table, and choose the series of the headline', () => {
    expect(press(first, 'down', 'down', 'down').cursors.series).toBe(context.rows.series - 1);
    expect(press(first, 'up').cursors.series).toBe(0);
    expect(press(first, 'end', 'enter').series).toBe(context.seriesKeys.at(-1));
  });

  test.each([
    ['q', 'quit'],
    ['ctrl-c', 'quit'],
    ['ctrl-z', 'suspend'],
    ['p', 'pause'],
    [' ', 'pause'],
    ['t', 'theme'],
    ['y', 'copy'],
    ['ctrl-l', 'redraw'],
  ])('%j asks for %s', (key, action) => {
    expect(afterKey(first, key, context)[1]).toBe(action);
  });
});

describe('figures for programs', () => {
  test('have value and unit apart, and no field for what was not measured', () => {
    const view = viewObject(demo().view({}, nowMs)) as { series: Record<string, unknown>[]; power: object };
    expect(view.series[0]).toMatchObject({
      kind: 'pair',
      name: 'ingress → encoded',
      simulated: true,
      p95: { value: 14, unit: 'ms' },
      success: { value: 0.98, unit: '1' },
    });
    expect(view.series[0]).not.toHaveProperty('energy');
    expect(view.power).toMatchObject({ source: 'BENCHLAB 2', max: { value: 246, unit: 'W' } });
  });

  test('are one line each, and no name makes a second one', () => {
    const evil = {
      kind: 'event',
      node: 'n',
      component: 'a\tb\nc',
      event: 'completion',
      run: 'r',
      errorType: 'x\ny',
      timeMs: nowMs,
    } as const;
    const lines = viewLines(demo([evil]).view({}, nowMs));
    expect(lines).toContain('pair\trig-07\tingress → encoded\tp95\t14\tms');
    expect(lines.every((line) => line.split('\t').length === 6 && !line.includes('\n'))).toBe(true);
  });
});

test('a snapshot in text has the screen without its keys', () => {
  const text = textScreen(demo(), {
    nowMs,
    plot: 'ascii',
    isAscii: true,
    themeName: 'dark',
    width: 140,
    height: 40,
    columns: [],
  });
  expect(text).toContain('p95 latency  ingress > encoded');
  expect(text).not.toContain('? help');
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
});
