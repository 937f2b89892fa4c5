import type { DashboardView, Level, SeriesView } from '../../src/model/index.ts';
import { count, share, withUnit } from '../../src/report/format.ts';

/** Words and signs, so that no verdict is by colour alone. */
export const levels: Readonly<
  Record<Level, { readonly sign: string; readonly rule: string; readonly colour: string }>
> = {
  good: { sign: '●', rule: 'below 10 ms', colour: 'good' },
  slow: { sign: '▲', rule: '10 to 20 ms', colour: 'warn' },
  bad: { sign: '■', rule: 'above 20 ms', colour: 'bad' },
};

/** The one figure that counts, what it means, and what it is compared with. */
export function Verdict({ view }: { view: DashboardView }) {
  const { headline, baseline } = view;
  if (headline === undefined)
    return (
      <section class="verdict">
        <p class="big">–</p>
        <p>No run and no frame in this window.</p>
      </section>
    );
  const { series, level } = headline;
  const mark = level === undefined ? undefined : levels[level];
  return (
    <section class="verdict" aria-label="Verdict">
      <p class="label">
        p95 latency of {series.name}
        {view.nodes.length > 1 && <span class="where"> on {series.node}</span>}
      </p>
      <p class="big">
        {withUnit(headline.p95Ms, 'ms')}
        {mark !== undefined && (
          <span class={`level ${mark.colour}`}>
            <span aria-hidden="true">{mark.sign}</span> {level}
          </span>
        )}
      </p>
      <p class="sub">
        {mark !== undefined && `${mark.rule} · `}
        {endedText(headline)}
        {baseline !== undefined && (
          <>
            {' · '}
            <DeltaText headline={headline} /> <span class="where">{baseline}</span>
          </>
        )}
      </p>
    </section>
  );
}

function endedText({ series, n, successShare, failed, dropped }: SeriesView): string {
  const [many, lost, gone] = series.kind === 'run' ? ['runs', failed, 'failed'] : ['frames', dropped, 'dropped'];
  return `${count(n)} ${many} · ${share(successShare)} succeeded${lost > 0 ? `, ${count(lost)} ${gone}` : ''}`;
}

const deltaMarks = { slower: ['▲', 'bad'], faster: ['▼', 'good'], same: ['=', ''], 'too few': ['?', ''] } as const;

export function DeltaText({ headline }: { headline: SeriesView }) {
  const { delta } = headline;
  if (delta === undefined) return <span>not in the baseline</span>;
  const { word, p95Ratio, n, baselineN } = delta;
  const [sign, colour] = deltaMarks[word];
  const change =
    p95Ratio === undefined ? '' : ` ${p95Ratio >= 1 ? '+' : '−'}${Math.abs((p95Ratio - 1) * 100).toFixed(0)} %`;
  return (
    <span class={colour}>
      <span aria-hidden="true">{sign}</span> {word === 'too few' ? 'too few to compare' : word}
      {word !== 'too few' && change}{' '}
      <span class="where">
        (n {count(n)} against {count(baselineN)})
      </span>
    </span>
  );
}
