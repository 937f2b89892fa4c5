import { useEffect } from 'preact/hooks';
import { type Theme, viewWindows } from '../../src/model/index.ts';
import type { Choice } from './app.tsx';

interface KeyActions {
  togglePause(): void;
  choose(part: Partial<Choice>): void;
  readonly themes: readonly Theme[];
  readonly theme: Theme;
  chooseTheme(theme: Theme): void;
}

/** Keys of one letter, except where text is written. */
export function useKeys({ togglePause, choose, themes, theme, chooseTheme }: KeyActions): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const { target, key } = event;
      const isText = target instanceof HTMLInputElement && target.type !== 'radio';
      if (isText) {
        if (key === 'Escape') target.blur();
        return;
      }
      if (target instanceof HTMLSelectElement) return;
      const window = viewWindows[Number(key) - 1];
      if (key === 'p') togglePause();
      else if (key === 't') {
        const next = themes[(themes.findIndex(({ name }) => name === theme.name) + 1) % themes.length];
        if (next !== undefined) chooseTheme(next);
      } else if (key === '/') {
        event.preventDefault();
        document.getElementById('filter')?.focus();
      } else if (/^[1-5]$/.test(key) && window !== undefined) choose({ window });
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
}
