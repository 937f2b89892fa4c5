import type { DashboardView, Theme, ViewOptions } from '../../src/model/index.ts';
import { count, span } from '../../src/report/format.ts';
import type { PageSetup } from '../../src/web/pageSetup.ts';
import type { LiveData } from './liveData.ts';
import { SaveMenu } from './saveMenu.tsx';

interface HeaderProps {
  readonly view: DashboardView;
  readonly data: LiveData;
  readonly page: 'bench' | 'fleet';
  readonly theme: Theme;
  readonly setup: PageSetup;
  readonly options: ViewOptions;
  readonly nowMs: number;
  chooseTheme(theme: Theme): void;
  togglePause(): void;
}

export function Header(props: HeaderProps) {
  const { view, data, page, theme, setup, chooseTheme, togglePause } = props;
  const isPaused = view.paused !== undefined;
  return (
    <header class="top">
      <h1>benchlab</h1>
      <nav aria-label="Pages">
        <a href="#bench" aria-current={page === 'bench' ? 'page' : undefined}>
          Bench
        </a>
        <a href="#fleet" aria-current={page === 'fleet' ? 'page' : undefined}>
          Fleet <span class="n">{view.nodes.length}</span>
        </a>
      </nav>
      <Status view={view} data={data} />
      <div class="actions">
        <button type="button" onClick={togglePause} aria-pressed={isPaused}>
          {view.paused === undefined ? 'Pause' : `Resume, +${count(view.paused.waiting)}`}
        </button>
        <SaveMenu {...props} />
        <label>
          <span class="hidden">Theme</span>
          <select
            value={theme.name}
            onChange={({ currentTarget }) => {
              const chosen = setup.themes.find(({ name }) => name === currentTarget.value);
              if (chosen !== undefined) chooseTheme(chosen);
            }}
          >
            {setup.themes.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
    </header>
  );
}

const stateWords = {
  connecting: 'connecting',
  live: 'live',
  polling: 'live, by polls',
  lost: 'no connection',
} as const;

/** In words: whether figures come, how old the newest is, and whether they were made up. */
function Status({ view, data }: Pick<HeaderProps, 'view' | 'data'>) {
  const { mode, ageMs } = view.range;
  const isLost = data.state === 'lost' || data.state === 'connecting';
  const word = isLost ? stateWords[data.state] : mode === 'live' ? stateWords[data.state] : mode;
  const isOld = mode === 'live' && (ageMs ?? 0) > 5_000;
  return (
    <p class="status">
      <span class={`dot ${isLost ? 'bad' : isOld ? 'warn' : mode === 'live' ? 'good' : ''}`} aria-hidden="true" />
      <span>
        {view.paused === undefined ? word : 'paused'}
        {ageMs !== undefined && <span class="age">, newest {span(ageMs)} ago</span>}
      </span>
      {view.isSimulated && <strong class="simulated">simulated</strong>}
    </p>
  );
}
