import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DashboardView, Theme, ViewOptions, ViewWindow } from '../../src/model/index.ts';
import type { PageSetup } from '../../src/web/pageSetup.ts';
import { Announcer } from './announcer.tsx';
import { Bench } from './bench.tsx';
import { Controls } from './controls.tsx';
import { Fleet } from './fleet.tsx';
import { Foot } from './foot.tsx';
import { Header } from './header.tsx';
import { LiveData } from './liveData.ts';
import { applyTheme, saveTheme } from './theme.ts';
import { useKeys } from './useKeys.ts';

/** What the reader has chosen. */
export interface Choice {
  readonly window: ViewWindow | undefined;
  readonly series: string | undefined;
  readonly node: string | undefined;
  readonly baseline: string | undefined;
  readonly filter: string;
}

/** Time between two paintings at least, ms; a painting that takes long may take a tenth of the time. */
const paintMs = 100;
const paintShare = 10;
/** Ages grow also when nothing comes, ms. */
const idleMs = 1_000;

export function App({ setup, firstTheme }: { setup: PageSetup; firstTheme: Theme }) {
  const [theme, setTheme] = useState(firstTheme);
  const [page, setPage] = useState<'bench' | 'fleet'>(location.hash === '#fleet' ? 'fleet' : 'bench');
  const [choice, setChoice] = useState<Choice>({
    window: undefined,
    series: undefined,
    node: undefined,
    baseline: setup.baselines[0]?.name,
    filter: '',
  });
  const [, paint] = useState(0);
  const data = useLiveData(setup, () => paint((n) => n + 1));

  useEffect(() => {
    const changed = () => setPage(location.hash === '#fleet' ? 'fleet' : 'bench');
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);

  const chooseTheme = (next: Theme) => {
    applyTheme(next);
    saveTheme(next);
    setTheme(next);
  };
  const choose = (part: Partial<Choice>) => {
    if ('baseline' in part) data.compareWith(part.baseline);
    setChoice((before) => ({ ...before, ...part }));
  };
  const togglePause = () => {
    if (data.dashboard.isPaused) data.dashboard.resume();
    else data.dashboard.pause(data.nowMs());
    paint((n) => n + 1);
  };

  const nowMs = data.nowMs();
  const options = optionsOf(choice);
  const view = data.dashboard.view(options, nowMs);
  useKeys({ togglePause, choose, themes: setup.themes, theme, chooseTheme });

  const shown = { data, options, view, nowMs, theme };
  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <Header {...{ view, data, page, theme, setup, chooseTheme, togglePause, options, nowMs }} />
      <Controls {...{ view, choice, choose, setup, all: data.dashboard.view({ window: options.window }, nowMs) }} />
      <main id="main" tabIndex={-1}>
        {page === 'fleet' ? <Fleet view={view} choose={choose} /> : <Bench {...shown} choose={choose} />}
      </main>
      <Foot view={view} lost={data.lost} />
      <Announcer view={view} />
    </>
  );
}

export type Shown = {
  readonly data: LiveData;
  readonly options: ViewOptions;
  readonly view: DashboardView;
  readonly nowMs: number;
  readonly theme: Theme;
};

function optionsOf({ window, series, node, filter }: Choice): ViewOptions {
  return {
    window,
    ...(series === undefined ? {} : { series }),
    ...(node === undefined ? {} : { node }),
    ...(filter === '' ? {} : { filter }),
  };
}

/** The stream from the first painting on; `paint` is called as often as there is something new and there is time for it. */
function useLiveData(setup: PageSetup, paint: () => void): LiveData {
  const timer = useRef<number | undefined>(undefined);
  const cost = useRef(0);
  const paintNow = useRef(paint);
  paintNow.current = paint;
  const data = useMemo(() => {
    const later = (ms: number) => {
      if (timer.current !== undefined) return;
      timer.current = setTimeout(() => {
        timer.current = undefined;
        const started = performance.now();
        paintNow.current();
        // Preact paints in a microtask: this runs after it.
        setTimeout(() => {
          cost.current = performance.now() - started;
        });
      }, ms) as unknown as number; // the number of a browser
    };
    return new LiveData(setup, () => later(Math.max(paintMs, paintShare * cost.current)));
  }, [setup]);
  useEffect(() => {
    const idle = setInterval(() => paintNow.current(), idleMs);
    return () => clearInterval(idle);
  }, []);
  return data;
}
