import { Counted, Span, Timed } from '../../src/index.ts';
import { behaviour } from '../behaviour/index.ts';
import { configured, counting, type Desk as DeskLike, desk, faulty, onlyFailures, timing } from '../desk.ts';

class Desk implements DeskLike {
  @Span run<T>(work: () => T): T {
    return work();
  }
  @Span async runAsync<T>(work: () => Promise<T>): Promise<T> {
    return await work();
  }
  @Span *iterate<T, R, N>(work: () => Generator<T, R, N>): Generator<T, R, N> {
    return yield* work();
  }
  @Span() async *stream<T, R, N>(work: () => AsyncGenerator<T, R, N>): AsyncGenerator<T, R, N> {
    return yield* work();
  }
  @Span [desk]<T>(work: () => T): T {
    return work();
  }
  private<T>(work: () => T): T {
    return this.#hidden(work);
  }
  @Span #hidden<T>(work: () => T): T {
    return work();
  }
  @Span('desk.named') named<T>(work: () => T): T {
    return work();
  }
  @Span(configured) configured<T>(_id: number, work: () => T): T {
    return work();
  }
  @Span(faulty) faulty<T>(work: () => T): T {
    return work();
  }
  @Timed(timing) timed<T>(work: () => T): T {
    return work();
  }
  @Timed *timedRows(): Generator<number> {
    yield 1;
    yield 2;
  }
  @Counted(counting) counted<T>(_id: number, work: () => T): T {
    return work();
  }
  @Counted(onlyFailures) failed<T>(work: () => T): T {
    return work();
  }
  @Counted @Timed @Span all<T>(work: () => T): T {
    return work();
  }
  @Span static open<T>(work: () => T): T {
    return work();
  }
}

class Branch extends Desk {
  @Span override run<T>(work: () => T): T {
    return super.run(work);
  }
}

behaviour('TC39 standard decorators', { Desk, Branch, functionName: (name) => name });
