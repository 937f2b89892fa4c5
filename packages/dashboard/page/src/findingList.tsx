import type { DashboardView } from '../../src/model/index.ts';
import { clockTime, count } from '../../src/report/format.ts';

const signs = { bad: '■ bad', warn: '▲ warning', note: '· note' } as const;
/** More than these do not fit beside the chart: the rest is counted. */
const most = 30;

export function FindingList({ view }: { view: DashboardView }) {
  const { findings } = view;
  return (
    // The list can be scrolled by keys.
    <section class="findings" aria-labelledby="findings">
      <h2 id="findings">
        Findings <span class="n">{count(findings.length)}</span>
      </h2>
      {findings.length === 0 ? (
        <p class="quiet">Nothing was found.</p>
      ) : (
        <ul tabIndex={0} aria-label="Findings">
          {findings.slice(0, most).map(({ severity, text, node, count: n, lastMs }) => (
            <li key={`${severity} ${node} ${text}`}>
              <span class={`severity ${severity}`}>{signs[severity]}</span> <bdi>{text}</bdi>
              <span class="where">
                {' '}
                {node !== undefined && `${node} · `}
                {n > 1 && `${count(n)} times · `}
                {clockTime(lastMs)}
              </span>
            </li>
          ))}
          {findings.length > most && <li class="where">and {count(findings.length - most)} more</li>}
        </ul>
      )}
    </section>
  );
}
