import { bookmarkStage, flowEndStage, stepStage } from '@benchlab-otel/session';
import { expect, test } from 'vitest';
import { Dashboard, type DashboardOptions } from './dashboard.ts';
import type { Fact } from './fact.ts';
import { bookmarkStageOf, FlowMarks, isFlowStage } from './flowMarks.ts';
import type { FlowPlan, FlowView } from './flowView.ts';

const startMs = Date.UTC(2026, 0, 1);
const plan: FlowPlan = {
  flow: 'journey',
  steps: [
    { id: 'retina', copy: 'Look into the viewer.', ops: ['bookmark:retina_start'], latency_target_ms: 10 },
    { id: 'voice', latency_target_ms: 4 },
    { id: 'done' },
  ],
};

const mark = (seconds: number, stage: string): Fact => ({
  ...{ kind: 'stage', node: 'local', stage, timeMs: startMs + seconds * 1000, timeNs: seconds * 1e9 },
});
/** A frame that enters at `seconds`. */
const frame = (seconds: number, latencyMs: number): Fact => ({
  ...{ kind: 'latency', node: 'local', from: 'ingress', to: 'encoded', isExact: true },
  ...{ timeMs: startMs + seconds * 1000 + latencyMs, latencyMs },
});

function flowOf(facts: readonly Fact[], options: DashboardOptions = { flow: plan }): FlowView | undefined {
  const dashboard = new Dashboard(options);
  for (const fact of facts) dashboard.add('in', fact, startMs + 1e9);
  dashboard.finish();
  return dashboard.view({}, startMs + 1e9).flow;
}

test('a step has the frames that entered while it ran, and its target is met when 95 % of them kept it', () => {
  const frames = [frame(0.5, 3), frame(1, 5), frame(2, 9), frame(2.999, 8), frame(3, 5)];
  expect(flowOf([...frames, mark(1, 'flow:retina'), mark(3, 'flow:voice'), mark(4, 'flow:end')])).toEqual({
    name: 'journey',
    node: 'local',
    steps: [
      {
        id: 'retina',
        copy: 'Look into the viewer.',
        targetMs: 10,
        state: 'done',
        seconds: 2,
        frames: 3,
        p95Ms: 9,
        isTargetMet: true,
      },
      { id: 'voice', targetMs: 4, state: 'done', seconds: 1, frames: 1, p95Ms: 5, isTargetMet: false },
      { id: 'done', state: 'waiting', seconds: 0, frames: 0 },
    ],
  });
});

test('the step that began last runs, and a step that ran twice counts both times', () => {
  const marks = [mark(1, 'flow:retina'), mark(2, 'flow:voice'), mark(3, 'flow:retina')];
  const steps = flowOf([...marks, frame(1.5, 2), frame(2.5, 2), frame(3.5, 4), frame(5, 2)])?.steps;
  expect(steps?.map(({ state, frames }) => [state, frames])).toEqual([
    ['running', 3],
    ['done', 1],
    ['waiting', 0],
  ]);
});

test('without a plan the steps are those that ran; without a frame there is no verdict', () => {
  expect(flowOf([mark(1, 'flow:a'), mark(2, 'flow:b')], {})?.steps).toEqual([
    { id: 'a', state: 'done', seconds: 1, frames: 0 },
    { id: 'b', state: 'running', seconds: 0, frames: 0 },
  ]);
});

test('without marks of steps, bookmarks stand for steps of the plan', () => {
  const marks = [mark(1, 'bookmark:retina_start'), mark(2, 'bookmark:other'), mark(3, 'bookmark:voice')];
  expect(flowOf(marks)?.steps.map(({ state, seconds }) => [state, seconds])).toEqual([
    ['done', 2],
    ['running', 0],
    ['waiting', 0],
  ]);
  expect(flowOf(marks, {})).toBeUndefined();
  expect(flowOf([frame(1, 2)])).toBeUndefined();
});

test('marks of flows are no stages of a pipeline', () => {
  const dashboard = new Dashboard();
  const facts = [mark(1, 'ingress'), mark(1.1, 'flow:a'), mark(1.2, 'encoded'), mark(1.3, 'bookmark:b')];
  for (const fact of facts) dashboard.add('in', fact, startMs + 1e9);
  dashboard.finish();
  expect(dashboard.view({}, startMs + 1e9).series.map(({ series }) => series.name)).toEqual(['ingress → encoded']);
});

test('the names of stages are those that the session writes', () => {
  for (const stage of [stepStage('a'), flowEndStage(), bookmarkStage('a')]) expect(isFlowStage(stage)).toBe(true);
  expect(bookmarkStageOf('a')).toBe(bookmarkStage('a'));
  const marks = new FlowMarks();
  for (const stage of [stepStage('a'), bookmarkStage('b'), flowEndStage()]) marks.add(stage, 'local', 1);
  expect(marks.all.map(({ kind, name }) => [kind, name])).toEqual([
    ['step', 'a'],
    ['bookmark', 'b'],
    ['end', 'end'],
  ]);
});

test('of more than 2,000 marks the oldest go, and are counted; a late one finds its place', () => {
  const marks = new FlowMarks();
  for (let at = 1; at <= 2_005; at++) marks.add(stepStage(`${at}`), 'local', at);
  marks.add(stepStage('late'), 'local', 1_999.5);
  expect([marks.all.length, marks.forgotten]).toEqual([2_000, 6]);
  expect(marks.all.map(({ timeMs }) => timeMs)).toEqual(
    marks.all.map(({ timeMs }) => timeMs).toSorted((a, b) => a - b),
  );
});
