import type { FlowView, StepView } from '../../src/model/index.ts';
import { count, withUnit } from '../../src/report/format.ts';

const signs = { waiting: '○', running: '▸', done: '●' } as const;

/** The steps of a flow: what the person reads, and whether the target is met. */
export function FlowPanel({ flow: { name, steps } }: { flow: FlowView }) {
  return (
    <section class="flow" aria-labelledby="flow">
      <h2 id="flow">
        Flow <span class="n">{name}</span>
      </h2>
      <ol>
        {steps.map((step) => (
          <Step key={step.id} step={step} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step }: { step: StepView }) {
  const { id, copy, state, frames, p95Ms, targetMs, isTargetMet } = step;
  return (
    <li class={state === 'running' ? 'current' : undefined} aria-current={state === 'running' ? 'step' : undefined}>
      <p class="state">
        <span aria-hidden="true">{signs[state]}</span> <bdi>{id}</bdi> <span class="where">{state}</span>
      </p>
      {copy !== undefined && <p class="copy">{copy}</p>}
      <p class="sub">
        p95 {withUnit(p95Ms, 'ms')} · {count(frames)} frames
        {targetMs !== undefined && ` · target ${withUnit(targetMs, 'ms')}`}
        {isTargetMet !== undefined && (
          <span class={isTargetMet ? 'good' : 'bad'}>
            {' '}
            <span aria-hidden="true">{isTargetMet ? '●' : '■'}</span> {isTargetMet ? 'met' : 'missed'}
          </span>
        )}
      </p>
    </li>
  );
}
