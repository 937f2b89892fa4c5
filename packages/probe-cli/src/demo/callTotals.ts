import { type OperationSummary, type ReceivedSpan, spanKindName } from '@benchlab-otel/analysis';

/** Operations that are counted. Calls of further ones are counted as spans only. */
const maxOperations = 10_000;

/** How many calls of each operation came since the start. */
export class CallTotals {
  readonly #calls = new Map<string, number>();
  #spans = 0;

  get spans(): number {
    return this.#spans;
  }

  add(spans: readonly Pick<ReceivedSpan, 'name' | 'kind'>[]): void {
    this.#spans += spans.length;
    for (const { name, kind } of spans) {
      const key = keyOf(name, spanKindName(kind));
      const calls = this.#calls.get(key);
      if (calls === undefined && this.#calls.size >= maxOperations) continue;
      this.#calls.set(key, (calls ?? 0) + 1);
    }
  }

  /** Undefined for an operation beyond the bound. */
  of({ name, kind }: Pick<OperationSummary, 'name' | 'kind'>): number | undefined {
    return this.#calls.get(keyOf(name, kind));
  }
}

function keyOf(name: string, kind: OperationSummary['kind']): string {
  return `${kind} ${name}`;
}
