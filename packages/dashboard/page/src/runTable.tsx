import type { DashboardView } from '../../src/model/index.ts';
import { count, figure, share } from '../../src/report/format.ts';

/** Rows that are drawn, the newest. A filter finds the others. */
const most = 50;
const states = { running: ['…', ''], ok: ['●', 'good'], failed: ['■', 'bad'] } as const;

/** Runs by correlation id. */
export function RunTable({ view }: { view: DashboardView }) {
  const { runs } = view;
  if (runs.length === 0) return null;
  return (
    <div class="wide">
      <h2 id="runs">
        Runs <span class="n">{count(runs.length)}</span>
      </h2>
      <section class="scroll" tabIndex={0} aria-labelledby="runs">
        <table>
          <thead>
            <tr>
              <th scope="col">correlation id</th>
              <th scope="col">component</th>
              <th scope="col">node</th>
              <th scope="col">state</th>
              <th scope="col" class="right">
                completed
              </th>
              <th scope="col" class="right">
                p50 ms
              </th>
              <th scope="col" class="right">
                p95 ms
              </th>
              <th scope="col" class="right">
                succeeded
              </th>
              <th scope="col" class="right">
                tokens/s
              </th>
              <th scope="col">kernel</th>
            </tr>
          </thead>
          <tbody>
            {runs.slice(0, most).map((run) => {
              const [sign, colour] = states[run.state];
              return (
                <tr key={`${run.node} ${run.component} ${run.id}`}>
                  <th scope="row" class="id">
                    <bdi>{run.id}</bdi>
                    {run.isSimulated && <span class="simulated"> simulated</span>}
                  </th>
                  <td>
                    <bdi>{run.component}</bdi>
                  </td>
                  <td>
                    <bdi>{run.node}</bdi>
                  </td>
                  <td class={colour}>
                    <span aria-hidden="true">{sign}</span> {run.errorType ?? run.state}
                  </td>
                  <td class="right">{count(run.completions)}</td>
                  <td class="right">{figure(run.p50Ms)}</td>
                  <td class="right">{figure(run.p95Ms)}</td>
                  <td class="right">{share(run.successShare)}</td>
                  <td class="right">{figure(run.tokensPerSecond)}</td>
                  <td>
                    <bdi>{run.kernelVariant ?? '–'}</bdi>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {runs.length > most && (
        <p class="where">
          The newest {most} of {count(runs.length)}; the filter finds the others.
        </p>
      )}
    </div>
  );
}
