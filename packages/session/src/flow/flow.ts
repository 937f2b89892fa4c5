import { BenchlabError } from '@benchlab-otel/core';
import { z } from 'zod';

/** What a person is led through, step by step: a file in the format of docs/flows.md. */
export interface Flow {
  readonly flow: string;
  readonly steps: readonly FlowStep[];
}

/** One step. */
export interface FlowStep {
  readonly id: string;
  /** The text that the person reads. */
  readonly copy?: string;
  /** `device:…` is shown and never executed, `bookmark:NAME` becomes a stage event; others are kept, and shown. */
  readonly ops?: readonly string[];
  /** ms that 95 % of the frames of the step may take. */
  readonly latency_target_ms?: number;
}

/** Stages that a flow writes begin with these words: commands that look for neighbours leave them out. */
const [stepPrefix, bookmarkPrefix] = ['flow:', 'bookmark:'];
const endStage = 'flow:end';
/** Steps of one flow, and operations of one step. */
const [maxSteps, maxOps] = [1_000, 100];

/** The schema of a file of a flow. Keys that it does not know are kept out, and are not an error. */
export function flowSchema(): z.ZodType<Flow> {
  const name = (most: number) => z.string().min(1).max(most);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are refused
  const plain = name(100).regex(/^[^\u0000-\u001f\u007f]+$/, 'a text without control characters');
  const step = z.object({
    id: plain.refine((id) => id !== 'end', 'another name than "end"').describe('Unique in the flow'),
    copy: z.string().max(4_000).exactOptional().describe('The text that the person reads'),
    ops: z
      .array(plain)
      .max(maxOps)
      .exactOptional()
      .describe('device:… is shown, bookmark:NAME becomes a stage event; others are kept'),
    latency_target_ms: z.number().positive().max(1e9).exactOptional().describe('ms that 95 % of the frames may take'),
  });
  return z.object({
    flow: plain.describe('The name of the flow'),
    steps: z
      .array(step)
      .min(1)
      .max(maxSteps)
      .refine((steps) => new Set(steps.map(({ id }) => id)).size === steps.length, 'steps with ids of their own'),
  });
}

/**
 * Reads what a file of a flow holds.
 *
 * @param value of YAML or JSON
 * @param path for the message
 * @throws BenchlabError BAD_OPTION with the place and what is allowed
 */
export function parseFlow(value: unknown, path: string): Flow {
  const read = flowSchema().safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = issue?.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('') ?? '';
  const where = place === '' ? '' : ` at ${place.replace(/^\./, '')}`;
  const fix = 'Write flow: NAME and steps: a list with an id each; docs/flows.md describes the keys.';
  throw new BenchlabError('BAD_OPTION', `The flow ${path} is wrong${where}: ${issue?.message ?? 'unknown'}.`, fix);
}

/** The stage that begins a step. */
export function stepStage(id: string): string {
  return stepPrefix + id;
}

/** The stage that ends a flow. */
export function flowEndStage(): string {
  return endStage;
}

/** The names of the bookmarks of a step. */
export function bookmarksOf({ ops = [] }: FlowStep): readonly string[] {
  return ops.filter((op) => op.startsWith(bookmarkPrefix)).map((op) => op.slice(bookmarkPrefix.length));
}

/** The stage that a bookmark becomes. */
export function bookmarkStage(name: string): string {
  return bookmarkPrefix + name;
}

/** Whether a stage is a mark of a flow, and not a part of a pipeline. */
export function isFlowStage(stage: string): boolean {
  return stage.startsWith(stepPrefix) || stage.startsWith(bookmarkPrefix);
}
