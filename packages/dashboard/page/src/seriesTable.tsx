import { type DashboardView, seriesKey } from '../../src/model/index.ts';
import { count, figure, share } from '../../src/report/format.ts';
import type { Choice } from './app.tsx';
import { DeltaText, levels } from './verdict.tsx';

/** Rows that are drawn. A filter finds the others. */
const most = 100;

/** Operations and pairs of stages: latency, success, and the energy of one. */
export function SeriesTable({ view, choose }: { view: DashboardView; choose(part: Partial<Choice>): void }) {
  const { series, headline, baseline } = view;
  const shownKey = headline === undefined ? undefined : seriesKey(headline.series);
  return (
    <div class="wide">
      <h2 id="operations">
        Operations and stages <span class="n">{count(series.length)}</span>
      </h2>
      <section class="scroll" tabIndex={0} aria-labelledby="operations">
        <table>
          <thead>
            <tr>
              <th scope="col">name</th>
              <th scope="col">node</th>
              <th scope="col" class="right">
                n
              </th>
              <th scope="col" class="right">
                p50 ms
              </th>
              <th scope="col" class="right">
                p95 ms
              </th>
              <th scope="col" class="right">
                p99 ms
              </th>
              <th scope="col" class="right">
                succeeded
              </th>
              <th scope="col" class="right">
                J each
              </th>
              {baseline !== undefined && <th scope="col">against the baseline</th>}
            </tr>
          </thead>
          <tbody>
            {series.slice(0, most).map((each) => {
              const key = seriesKey(each.series);
              const mark = each.level === undefined ? undefined : levels[each.level];
              return (
                <tr key={key} class={key === shownKey ? 'chosen' : undefined}>
                  <th scope="row">
                    <button
                      type="button"
                      class="link"
                      aria-pressed={key === shownKey}
                      onClick={() => choose({ series: key })}
                    >
                      <bdi>{each.series.name}</bdi>
                    </button>
                    {each.isSimulated && <span class="simulated"> simulated</span>}
                    {each.isByOrder && <span class="where"> paired by order</span>}
                  </th>
                  <td>
                    <bdi>{each.series.node}</bdi>
                  </td>
                  <td class="right">{count(each.n)}</td>
                  <td class="right">{figure(each.p50Ms)}</td>
                  <td class="right">
                    {figure(each.p95Ms)}
                    {mark !== undefined && (
                      <span class={`level ${mark.colour}`}>
                        {' '}
                        <span aria-hidden="true">{mark.sign}</span> {each.level}
                      </span>
                    )}
                  </td>
                  <td class="right">{figure(each.p99Ms)}</td>
                  <td class="right">{share(each.successShare)}</td>
                  <td class="right">{figure(each.joules)}</td>
                  {baseline !== undefined && (
                    <td>
                      <DeltaText headline={each} />
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {series.length > most && <p class="where">The filter finds {count(series.length - most)} more.</p>}
    </div>
  );
}
