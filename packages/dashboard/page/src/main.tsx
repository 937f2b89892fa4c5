import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import type { PageSetup } from '../../src/web/pageSetup.ts';
import { App } from './app.tsx';
import './style.css';
import { applyTheme, firstTheme } from './theme.ts';

const root = document.getElementById('app');
if (root !== null) await start(root);

async function start(element: HTMLElement): Promise<void> {
  const answer = await fetch('api/setup').catch(() => undefined);
  if (answer?.ok !== true) {
    element.textContent = 'The server does not answer. Load the page again when it runs.';
    return;
  }
  const setup = (await answer.json()) as PageSetup; // of our own server
  const theme = firstTheme(setup.themes, setup.theme);
  if (theme === undefined) return;
  applyTheme(theme);
  element.textContent = '';
  render(<App setup={setup} firstTheme={theme} />, element);
}
