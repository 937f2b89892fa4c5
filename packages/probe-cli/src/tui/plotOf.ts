import type { PlotKind } from '@benchlab-otel/dashboard/terminal';

/** What curves and signs can be made of, by what the environment states of the terminal. */
export function plotOf(environment: NodeJS.ProcessEnv): { readonly plot: PlotKind; readonly isAscii: boolean } {
  const { LC_ALL, LC_CTYPE, LANG, TERM } = environment;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((each) => each !== undefined && each !== '') ?? '';
  // Terminals are UTF-8 today: a locale that states nothing is taken for one.
  if (locale !== '' && !/utf-?8/i.test(locale)) return { plot: 'ascii', isAscii: true };
  // The font of the console of Linux has blocks, and no braille.
  return { plot: TERM === 'linux' ? 'block' : 'braille', isAscii: false };
}
