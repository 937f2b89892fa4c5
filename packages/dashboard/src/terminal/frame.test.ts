import { readFileSync } from 'node:fs';
import xterm from '@xterm/headless';
import { describe, expect, test } from 'vitest';
import { contrast } from '../themes/contrast.ts';
import { parseTheme } from '../themes/theme.ts';
import { Cells, type Look, roles } from './cells.ts';
import { frameOf } from './frame.ts';
import { colourDepth, colourOf256, colours256, nearest256, paletteOf } from './palette.ts';

const parsed = parseTheme(readFileSync(new URL('../../assets/dashboards/themes/dark.json', import.meta.url), 'utf8'));
if (!('theme' in parsed)) throw new Error(parsed.reason);
const { theme } = parsed;
const palette = paletteOf(theme, 'truecolor');
const text: Look = { role: 'text' };

/** What a real terminal shows after some frames. */
async function shownAfter(columns: number, rows: number, frames: readonly string[]): Promise<readonly string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  for (const frame of frames) await new Promise<void>((resolve) => terminal.write(frame, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: rows }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
  terminal.dispose();
  return lines;
}

function cellsOf(lines: readonly string[], columns = 20): Cells {
  const cells = new Cells(columns, lines.length);
  for (const [row, line] of lines.entries()) cells.put(0, row, line, text);
  return cells;
}

describe('a terminal that gets the difference of two frames shows the second', () => {
  test.each([
    [
      ['hello', 'world'],
      ['hello', 'worlds'],
    ],
    [
      ['hello', 'world'],
      ['', ''],
    ],
    [
      ['abcdef', 'x'],
      ['abXdeY', 'x'],
    ],
    [
      ['日本語 x', ''],
      ['日本 x', ''],
    ],
    [
      ['a日本', ''],
      ['日本a', ''],
    ],
    [
      ['👩‍👩‍👧 family', ''],
      ['family 👩‍👩‍👧', ''],
    ],
    [
      ['x日', '日x'],
      ['日x', 'x日'],
    ],
    [
      ['', ''],
      ['0123456789012345678日', '01234567890123456789'],
    ],
  ])('%j, %j', async (before, after) => {
    const [first, second] = [cellsOf(before), cellsOf(after)];
    const frames = [frameOf(first, undefined, palette), frameOf(second, first, palette)];
    const shown = await shownAfter(20, 2, frames);
    expect(shown).toEqual(await shownAfter(20, 2, [frameOf(second, undefined, palette)]));
    expect(shown.map((line) => line.trimEnd())).toEqual(second.lines());
  });

  test('for random changes, wide characters among them', async () => {
    const signs = ['a', 'b', ' ', '日', '…', '⣿', '🇯🇵', 'é'];
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return Math.floor((seed / 0x80000000) * below);
    };
    let before: Cells | undefined;
    const frames: string[] = [];
    for (let round = 0; round < 60; round++) {
      const after = new Cells(24, 4);
      for (let row = 0; row < 4; row++) {
        const line = Array.from({ length: 30 }, () => signs[random(signs.length)]).join('');
        after.put(random(4), row, line, random(2) === 0 ? text : { role: 'bad', isBold: true });
      }
      frames.push(frameOf(after, before, palette));
      before = after;
    }
    const shown = await shownAfter(24, 4, frames);
    expect(shown.map((line) => line.trimEnd())).toEqual(before?.lines());
  });
});

test('equal frames need no byte, and a frame is drawn as a whole', () => {
  const cells = cellsOf(['same']);
  expect(frameOf(cells, cellsOf(['same']), palette)).toBe('');
  const changed = frameOf(cellsOf(['sane']), cells, palette);
  expect(changed.startsWith('\x1b[?2026h\x1b[1;3H') && changed.endsWith('\x1b[0m\x1b[?2026l')).toBe(true);
  expect(changed.length).toBeLessThan(80);
});

test('a name of escape sequences is shown and does not act', async () => {
  const cells = cellsOf(['\x1b[2J\x1b]0;x\x07evil\u202e\n'], 40);
  const [shown] = await shownAfter(40, 1, [frameOf(cells, undefined, palette)]);
  expect(shown?.trimEnd()).toBe('·[2J·]0;x·evil··');
});

test('a wide character at the edge is left out, and never cut', () => {
  const cells = new Cells(5, 1);
  cells.put(0, 0, '日本語', text);
  expect(cells.texts).toEqual(['日', '', '本', '', ' ']);
});

test('in ASCII every sign has one column of ASCII', () => {
  const cells = new Cells(10, 1, { isAscii: true });
  cells.put(0, 0, '▲ 日é…', text);
  expect(cells.texts.join('')).toBe('^ ???.    ');
});

describe('colours', () => {
  test.each([
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'truecolor'],
    [{ TERM: 'xterm-direct' }, 'truecolor'],
    [{ TERM: 'xterm-256color' }, '256'],
    [{ TERM: 'linux' }, '16'],
    [{ TERM: 'xterm', NO_COLOR: '1' }, 'none'],
    [{ TERM: 'xterm', NO_COLOR: '' }, '16'],
    [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 'none'],
    [{}, 'none'],
  ] as const)('of %j are %s', (environment, depth) => {
    expect(colourDepth(environment)).toBe(depth);
  });

  test('of the theme and its ground are written in 24 bits, 256 or 16 colours, and not at all without', () => {
    const codes = (['truecolor', '256', '16', 'none'] as const).map((depth) => paletteOf(theme, depth)[8]);
    expect(codes).toEqual(['0;38;2;229;101;99;48;2;0;43;54', '0;38;5;167;48;5;234', '0;91', '0']);
    // Bold and inverse do not need colours.
    expect(paletteOf(theme, 'none')[8 + 16 + 32]).toBe('0;1;7');
  });

  test.each(['dark', 'light', 'release'])('of the theme %s keep their contrast among 256', (name) => {
    const made = parseTheme(
      readFileSync(new URL(`../../assets/dashboards/themes/${name}.json`, import.meta.url), 'utf8'),
    );
    if (!('theme' in made)) throw new Error(made.reason);
    for (const role of roles) {
      const { text: own, ground } = colours256(made.theme, role);
      expect(contrast(colourOf256(own), colourOf256(ground))).toBeGreaterThanOrEqual(role === 'border' ? 3 : 4.5);
    }
  });

  test.each([
    ['#000000', 16],
    ['#ffffff', 231],
    ['#808080', 244],
    ['#ff0000', 196],
  ] as const)('%s is number %d of 256', (colour, number) => {
    expect(nearest256(colour)).toBe(number);
  });
});
