import { counted } from '@benchlab-otel/analysis';
import { answersOf } from './answer.ts';
import { endText } from './headline.ts';
import { printable } from './printable.ts';
import type { RunResult } from './result.ts';
import { type AnnotationKind, workflowCommand } from './workflowCommand.ts';

interface Annotation {
  readonly kind: AnnotationKind;
  readonly title: string;
  readonly message: string;
}

/** GitHub shows ten annotations of each kind in a step, and drops the others without a word. */
const mostOfAKind = 10;
/** Characters of a message that are shown. */
const maxMessage = 1_000;

/**
 * What a run has to complain about, as lines that GitHub turns into annotations: errors for what failed, warnings for what is
 * undecided and for trouble. At most ten of each kind; the tenth states how many there are besides.
 */
export function githubAnnotations(result: RunResult): readonly string[] {
  const all = annotationsOf(result);
  return (['error', 'warning'] as const).flatMap((kind) => {
    const ofKind = all.filter((annotation) => annotation.kind === kind);
    const shown = ofKind.length > mostOfAKind ? ofKind.slice(0, mostOfAKind - 1) : ofKind;
    const more = ofKind.length - shown.length;
    const rest = {
      kind,
      title: 'benchlab-probe',
      message: `and ${counted(more, `more ${kind}`)}: the log has all of them`,
    };
    return [...shown, ...(more > 0 ? [rest] : [])].map(lineOf);
  });
}

function annotationsOf(result: RunResult): readonly Annotation[] {
  const { child, troubles } = result;
  const answers = answersOf(result).map(({ kind, outcome, name, facts }): Annotation & { outcome: string } => ({
    outcome,
    kind: outcome === 'fail' ? 'error' : 'warning',
    title: `${kind} ${outcome === 'fail' ? 'failed' : 'is inconclusive'}`,
    message: `${name}: ${facts.join(', ')}`,
  }));
  return [
    ...(child.code === 0
      ? []
      : [{ kind: 'error' as const, title: 'the program failed', message: `It ended with ${endText(child)}.` }]),
    ...answers.filter(({ outcome }) => outcome !== 'pass'),
    ...troubles.map((trouble) => ({ kind: 'warning' as const, title: 'trouble', message: trouble })),
  ];
}

function lineOf({ kind, title, message }: Annotation): string {
  const plain = printable(message);
  const cut = plain.length > maxMessage ? `${plain.slice(0, maxMessage - 1)}…` : plain;
  return workflowCommand(kind, { title }, cut);
}
