// What `flow run` writes into a session: docs/flows.md. Its stages are no part of a pipeline.

/** When a step of a flow began, or the flow ended, or a bookmark was set. */
export interface FlowMark {
  readonly kind: 'step' | 'end' | 'bookmark';
  readonly node: string;
  /** Of the step or the bookmark. */
  readonly name: string;
  readonly timeMs: number;
}

const [stepPrefix, bookmarkPrefix, endStage] = ['flow:', 'bookmark:', 'flow:end'];
/** Marks that are kept: a flow has 1,000 steps at most. */
const mostMarks = 2_000;

/** Whether a stage is a mark of a flow. */
export function isFlowStage(stage: string): boolean {
  return stage.startsWith(stepPrefix) || stage.startsWith(bookmarkPrefix);
}

/** The stage of a bookmark. */
export function bookmarkStageOf(name: string): string {
  return bookmarkPrefix + name;
}

/** The marks of flows in the order of time, within a bound. */
export class FlowMarks {
  /** Marks that went because of the bound. */
  forgotten = 0;
  readonly #marks: FlowMark[] = [];

  get all(): readonly FlowMark[] {
    return this.#marks;
  }

  /** Takes a stage that is a mark of a flow. */
  add(stage: string, node: string, timeMs: number): void {
    const isBookmark = stage.startsWith(bookmarkPrefix);
    const kind = isBookmark ? 'bookmark' : stage === endStage ? 'end' : 'step';
    const name = stage.slice((isBookmark ? bookmarkPrefix : stepPrefix).length);
    // Marks come in the order of time but for those of two files.
    let at = this.#marks.length;
    while (at > 0 && (this.#marks[at - 1]?.timeMs ?? 0) > timeMs) at--;
    this.#marks.splice(at, 0, { kind, node, name, timeMs });
    if (this.#marks.length <= mostMarks) return;
    this.#marks.shift();
    this.forgotten++;
  }

  copy(): FlowMarks {
    const made = new FlowMarks();
    made.#marks.push(...this.#marks);
    made.forgotten = this.forgotten;
    return made;
  }
}
