import type { Theme } from '../../src/model/index.ts';

const saved = 'benchlab.theme';
const roles = ['ground', 'text', 'emphasis', 'border', 'latency', 'power', 'accent', 'good', 'warn', 'bad'] as const;

/** The theme that the reader chose before, else that of the command line, else the one that the browser prefers. */
export function firstTheme(themes: readonly Theme[], wanted: string | undefined): Theme | undefined {
  const named = (name: string | null | undefined) => themes.find((theme) => theme.name === name);
  const isLight = matchMedia('(prefers-color-scheme: light)').matches;
  return named(read()) ?? named(wanted) ?? named(isLight ? 'light' : 'dark') ?? themes[0];
}

/** Through the object model: the policy of the server allows no inline styles. */
export function applyTheme(theme: Theme): void {
  const { style } = document.documentElement;
  for (const role of roles) style.setProperty(`--${role}`, theme[role]);
  style.setProperty('color-scheme', theme.kind);
}

export function saveTheme({ name }: Theme): void {
  try {
    localStorage.setItem(saved, name);
  } catch {
    // Storage may be switched off: the choice lasts as long as the page.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(saved);
  } catch {
    return null;
  }
}
