import type { Choice, Shown } from './app.tsx';
import { Cards } from './cards.tsx';
import { FindingList } from './findingList.tsx';
import { FlowPanel } from './flowPanel.tsx';
import { HistogramChart } from './histogramChart.tsx';
import { RunTable } from './runTable.tsx';
import { ScatterChart } from './scatterChart.tsx';
import { SeriesTable } from './seriesTable.tsx';
import { TimeChart } from './timeChart.tsx';
import { Verdict } from './verdict.tsx';

export function Bench({ choose, ...shown }: Shown & { choose(part: Partial<Choice>): void }) {
  const { view } = shown;
  if (view.range.mode === 'waiting') return <Waiting {...shown} />;
  return (
    <div class="bench">
      <Verdict view={view} />
      {view.flow !== undefined && <FlowPanel flow={view.flow} />}
      <Cards {...shown} />
      <section class="main-chart" aria-label="Latency and power over time">
        <TimeChart {...shown} />
      </section>
      <FindingList view={view} />
      <section class="half" aria-label="Latency against power">
        <ScatterChart {...shown} />
      </section>
      <section class="half" aria-label="How often which latency">
        <HistogramChart {...shown} />
      </section>
      <SeriesTable view={view} choose={choose} />
      <RunTable view={view} />
    </div>
  );
}

function Waiting({ view }: Shown) {
  return (
    <section class="waiting">
      <h2>Nothing came yet</h2>
      <ul>
        {view.inputs.map(({ name, condition, reason }) => (
          <li key={name}>
            <code>{name}</code> is {condition}
            {reason === undefined ? '.' : `: ${reason}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
