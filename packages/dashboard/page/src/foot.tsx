import type { DashboardView } from '../../src/model/index.ts';
import { count } from '../../src/report/format.ts';

/** Where figures come from, and what is not in them. */
export function Foot({ view, lost }: { view: DashboardView; lost: number }) {
  const missing = [
    [view.refusedLines, 'lines refused'],
    [view.forgotten, 'facts beyond the bounds'],
    [lost, 'entries that the server did not have any more'],
  ] as const;
  return (
    <footer>
      <ul>
        {view.inputs.map(({ name, node, condition, facts, reason, clock }) => (
          <li key={name}>
            <bdi>
              <code>{name}</code>
            </bdi>{' '}
            on {node}: {condition}
            {reason !== undefined && `, ${reason}`} · {count(facts)} facts{clock !== undefined && ` · clock: ${clock}`}
          </li>
        ))}
      </ul>
      <p>
        {missing
          .filter(([n]) => n > 0)
          .map(([n, what]) => `${count(n)} ${what}`)
          .join(' · ')}
      </p>
      <p class="keys">
        Keys: <kbd>p</kbd> pause, <kbd>/</kbd> filter, <kbd>1</kbd>–<kbd>5</kbd> window, <kbd>t</kbd> theme
      </p>
    </footer>
  );
}
