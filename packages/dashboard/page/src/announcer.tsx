import { useEffect, useRef, useState } from 'preact/hooks';
import type { DashboardView } from '../../src/model/index.ts';
import { withUnit } from '../../src/report/format.ts';

/** A screen reader is interrupted at most this often, ms. */
const everyMs = 5_000;

/** What a screen reader reads out: the verdict and the worst finding, when they have changed. */
export function Announcer({ view }: { view: DashboardView }) {
  const newest = useRef('');
  newest.current = textOf(view);
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setInterval(() => setText(newest.current), everyMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}

function textOf({ headline, findings, paused }: DashboardView): string {
  if (paused !== undefined) return 'Paused.';
  const [worst] = findings;
  const verdict =
    headline?.level === undefined
      ? ''
      : `Latency of ${headline.series.name} is ${headline.level}, p95 ${withUnit(headline.p95Ms, 'ms')}.`;
  return `${verdict} ${worst === undefined ? '' : `${worst.severity}: ${worst.text}.`}`.trim();
}
