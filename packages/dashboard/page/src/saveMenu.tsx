import { type DashboardView, rowsCsv, type Theme, type ViewOptions } from '../../src/model/index.ts';
import type { LiveData } from './liveData.ts';
import { picture } from './picture.ts';

interface SaveProps {
  readonly data: LiveData;
  readonly view: DashboardView;
  readonly options: ViewOptions;
  readonly nowMs: number;
  readonly theme: Theme;
}

/** Files of what is shown: exactly the rows of the window, of the node and of the filter. */
export function SaveMenu({ data, options, nowMs, view, theme }: SaveProps) {
  const name = `benchlab-${new Date(view.range.toMs).toISOString().slice(0, 19).replaceAll(':', '-')}`;
  const csv = () => save(new Blob([rowsCsv(data.dashboard.rows(options, nowMs))], { type: 'text/csv' }), `${name}.csv`);
  const png = () => {
    const chart = document.querySelector<HTMLCanvasElement>('.main-chart canvas');
    if (chart === null) return;
    picture(view, chart, theme).toBlob((blob) => {
      if (blob !== null) save(blob, `${name}.png`);
    }, 'image/png');
  };
  return (
    <details class="menu">
      <summary>Save</summary>
      <div>
        <button type="button" onClick={csv}>
          Rows as CSV
        </button>
        <button type="button" onClick={png}>
          Chart as PNG
        </button>
      </div>
    </details>
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has its own reference once the download began.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
