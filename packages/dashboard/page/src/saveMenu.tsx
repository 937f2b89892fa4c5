import { type DashboardView, rowsCsv, type Theme, type ViewOptions } from '../../src/model/index.ts';
import { pictureSize, pictureSvg, reportHtml, snapshotOf } from '../../src/report/index.ts';
import type { LiveData } from './liveData.ts';

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
  const snapshot = () => snapshotOf(data.dashboard, options, nowMs);
  const csv = () => save(new Blob([rowsCsv(data.dashboard.rows(options, nowMs))], { type: 'text/csv' }), `${name}.csv`);
  const report = () => save(new Blob([reportHtml(snapshot(), theme)], { type: 'text/html' }), `${name}.html`);
  const png = () => void painted(pictureSvg(snapshot(), theme)).then((blob) => save(blob, `${name}.png`));
  return (
    <details class="menu">
      <summary>Save</summary>
      <div>
        <button type="button" onClick={report}>
          Report as HTML
        </button>
        <button type="button" onClick={png}>
          Chart as PNG
        </button>
        <button type="button" onClick={csv}>
          Rows as CSV
        </button>
      </div>
    </details>
  );
}

/** A picture of SVG as PNG. */
async function painted(svg: string): Promise<Blob> {
  const image = new Image(pictureSize.width, pictureSize.height);
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), pictureSize);
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture is too large')) : resolve(blob)),
      'image/png',
    );
  });
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has its own reference once the download began.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
