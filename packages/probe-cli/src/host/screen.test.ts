import { expect, it } from 'vitest';
import { Screen } from './screen.ts';
import type { Terminal } from './terminal.ts';

function terminal(redraws: boolean) {
  const written: string[] = [];
  const fake: Terminal = {
    out: (text, over = 0) => written.push(over === 0 ? text : `over ${over}: ${text}`),
    err: () => undefined,
    redraws,
    columns: 10,
    rows: 5,
    onClosed: () => undefined,
    written: async () => undefined,
  };
  return { fake, written };
}

it('redraws in place on a terminal, each line cut to its width', () => {
  const { fake, written } = terminal(true);
  let now = 0;
  const screen = new Screen(fake, { redrawEveryMs: 200, plainEveryMs: 1000, now: () => now });

  screen.show(() => ['one', 'a line that is too long']);
  now = 200;
  screen.show(() => ['two']);

  expect(written).toEqual(['one\na line tha\n', 'over 2: two\n']);
});

it('shows no more lines than the window has, and counts the rest', () => {
  const { fake, written } = terminal(true);
  const screen = new Screen({ ...fake, columns: 40 }, { redrawEveryMs: 200, plainEveryMs: 1000 });

  screen.show(() => ['1', '2', '3', '4', '5', '6']);

  expect(written).toEqual(['1\n2\n3\n… and 3 lines for a taller window\n']);
});

it('prints plain text at its slower pace elsewhere, without escape sequences', () => {
  const { fake, written } = terminal(false);
  let now = 0;
  const screen = new Screen(fake, { redrawEveryMs: 200, plainEveryMs: 1000, now: () => now });

  for (; now <= 2000; now += 100) screen.show(() => [`at ${now}`]);

  expect(written).toEqual(['at 0\n', 'at 1000\n', 'at 2000\n']);
});

it('shows what was skipped in the end, once', () => {
  const { fake, written } = terminal(false);
  const screen = new Screen(fake, { redrawEveryMs: 200, plainEveryMs: 1000, now: () => 5 });

  screen.show(() => ['first']);
  screen.show(() => ['skipped']);
  screen.show(() => ['last']);
  screen.last();
  screen.last();

  expect(written).toEqual(['first\n', 'last\n']);
});
