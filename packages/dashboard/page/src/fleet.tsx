import type { DashboardView } from '../../src/model/index.ts';
import { count, figure, span } from '../../src/report/format.ts';
import type { Choice } from './app.tsx';

/** A row a node. */
export function Fleet({ view, choose }: { view: DashboardView; choose(part: Partial<Choice>): void }) {
  return (
    <div class="wide">
      <h2 id="fleet">
        Fleet <span class="n">{count(view.nodes.length)}</span>
      </h2>
      <section class="scroll" tabIndex={0} aria-labelledby="fleet">
        <table class="fleet">
          <thead>
            <tr>
              <th scope="col">node</th>
              <th scope="col" class="right">
                power W
              </th>
              <th scope="col" class="right">
                p95 ms
              </th>
              <th scope="col">of</th>
              <th scope="col" class="right">
                J each
              </th>
              <th scope="col" class="right">
                age
              </th>
              <th scope="col" class="right">
                facts
              </th>
              <th scope="col" class="right">
                findings
              </th>
            </tr>
          </thead>
          <tbody>
            {view.nodes.map((node) => (
              <tr key={node.node}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    onClick={() => {
                      choose({ node: node.node, series: undefined });
                      location.hash = '#bench';
                    }}
                  >
                    <bdi>{node.node}</bdi>
                  </button>
                  {node.isSimulated && <span class="simulated"> simulated</span>}
                </th>
                <td class="right power">{figure(node.powerWatts)}</td>
                <td class="right latency">{figure(node.p95Ms)}</td>
                <td>
                  <bdi>{node.p95Series ?? '–'}</bdi>
                </td>
                <td class="right">{figure(node.joules)}</td>
                <td class="right">{span(node.ageMs)}</td>
                <td class="right">{count(node.facts)}</td>
                <td class={`right ${node.findings > 0 ? 'warn' : ''}`}>{count(node.findings)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
