import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { contrast } from './contrast.ts';
import { loadTheme } from './loadTheme.ts';
import { contrastFaults, markRoles, parseTheme, textRoles } from './theme.ts';

const themes = fileURLToPath(new URL('../../assets/dashboards/themes', import.meta.url));
const textOf = (name: string) => readFileSync(join(themes, `${name}.json`), 'utf8');

test('contrast is that of WCAG: 21 for black on white, 1 for equal colours, 4.48 for #777777 on white', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21);
  expect(contrast('#123456', '#123456')).toBe(1);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
});

describe.each(['dark', 'light', 'release'])('the theme %s', (name) => {
  const parsed = parseTheme(textOf(name));
  if (!('theme' in parsed)) throw new Error(parsed.reason);
  const { theme } = parsed;

  test.each(textRoles)('writes in %s with a contrast of at least 4.5', (role) => {
    expect(contrast(theme[role], theme.ground)).toBeGreaterThanOrEqual(4.5);
    // A selected row is inverse: the ground on the colour of the text. The ratio is the same.
    expect(contrast(theme.ground, theme[role])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(markRoles)('marks in %s with a contrast of at least 3', (role) => {
    expect(contrast(theme[role], theme.ground)).toBeGreaterThanOrEqual(3);
  });
});

test('a colour that cannot be read is refused with its measured contrast', () => {
  const theme = JSON.parse(textOf('light'));
  // Stock Solarized base00 on base3.
  expect(parseTheme(JSON.stringify({ ...theme, text: '#657b83' }))).toEqual({
    reason: '"text" has a contrast of 4.12 to "ground", and needs 4.5',
  });
  expect(contrastFaults({ ...theme, border: '#93a1a1' })).toEqual([
    '"border" has a contrast of 2.47 to "ground", and needs 3',
  ]);
});

test.each([
  ['[]', 'it is not a JSON object'],
  ['{', 'it is not a JSON object'],
  ['{"kind":"dark"}', 'its "name" is not a text'],
  ['{"name":"x","kind":"grey"}', 'its "kind" is neither "dark" nor "light"'],
  ['{"name":"x","kind":"dark","ground":"black"}', 'its "ground" is not a colour of the form #1a2b3c'],
])('%s is not a theme', (text, reason) => {
  expect(parseTheme(text)).toEqual({ reason });
});

describe('a theme by name or path', () => {
  const own = mkdtempSync(join(tmpdir(), 'benchlab-themes-'));
  afterEach(() => rmSync(join(own, 'night.json'), { force: true }));

  test('is taken from the first folder that has it', async () => {
    writeFileSync(join(own, 'night.json'), JSON.stringify({ ...JSON.parse(textOf('dark')), name: 'night' }));
    expect((await loadTheme('night', [own, themes])).name).toBe('night');
    expect((await loadTheme('dark', [own, themes])).name).toBe('dark');
    expect((await loadTheme(join(own, 'night.json'), [])).name).toBe('night');
  });

  test.each([
    ['drak', /There is no theme "drak"\. Did you mean dark\? Use one of dark, light, release/],
    ['..%2fdark', /There is no theme/],
    ['/no/such/theme.json', /cannot be read/],
  ])('%s is refused with what to do', async (name, message) => {
    await expect(loadTheme(name, [own, themes])).rejects.toThrow(message);
  });

  test('whose file is bad is refused with the reason', async () => {
    writeFileSync(join(own, 'night.json'), '{');
    await expect(loadTheme('night', [own])).rejects.toThrow(/night\.json cannot be used: it is not a JSON object/);
    writeFileSync(join(own, 'night.json'), ' '.repeat(70_000));
    await expect(loadTheme('night', [own])).rejects.toThrow(/larger than 65536 bytes/);
  });
});
