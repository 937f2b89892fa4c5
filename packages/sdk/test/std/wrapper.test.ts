import { counted, spanned, timed } from '../../src/index.ts';
import { behaviour } from '../behaviour/index.ts';
import { configured, counting, type Desk as DeskLike, desk, faulty, onlyFailures, timing } from '../desk.ts';

// The same methods without a mark, wrapped afterwards: what who has no decorators would write.
class Desk implements DeskLike {
  run<T>(work: () => T): T {
    return work();
  }
  async runAsync<T>(work: () => Promise<T>): Promise<T> {
    return await work();
  }
  *iterate<T, R, N>(work: () => Generator<T, R, N>): Generator<T, R, N> {
    return yield* work();
  }
  async *stream<T, R, N>(work: () => AsyncGenerator<T, R, N>): AsyncGenerator<T, R, N> {
    return yield* work();
  }
  [desk]<T>(work: () => T): T {
    return work();
  }
  private<T>(work: () => T): T {
    return this.hidden(work);
  }
  hidden<T>(work: () => T): T {
    return work();
  }
  named<T>(work: () => T): T {
    return work();
  }
  configured<T>(_id: number, work: () => T): T {
    return work();
  }
  faulty<T>(work: () => T): T {
    return work();
  }
  timed<T>(work: () => T): T {
    return work();
  }
  *timedRows(): Generator<number> {
    yield 1;
    yield 2;
  }
  counted<T>(_id: number, work: () => T): T {
    return work();
  }
  failed<T>(work: () => T): T {
    return work();
  }
  all<T>(work: () => T): T {
    return work();
  }
  static open<T>(work: () => T): T {
    return work();
  }
}

const { prototype } = Desk;
prototype.run = spanned('Desk.run', prototype.run);
prototype.runAsync = spanned('Desk.runAsync', prototype.runAsync);
prototype.iterate = spanned('Desk.iterate', prototype.iterate);
prototype.stream = spanned('Desk.stream', prototype.stream);
prototype[desk] = spanned('Desk.[desk]', prototype[desk]);
prototype.hidden = spanned('Desk.hidden', prototype.hidden);
prototype.named = spanned('desk.named', prototype.named);
prototype.configured = spanned(configured, prototype.configured);
prototype.faulty = spanned(faulty, prototype.faulty);
prototype.timed = timed(timing, prototype.timed);
prototype.timedRows = timed(prototype.timedRows);
prototype.counted = counted(counting, prototype.counted);
prototype.failed = counted(onlyFailures, prototype.failed);
prototype.all = counted(timed(spanned('Desk.all', prototype.all)));
Desk.open = spanned('Desk.open', Desk.open);

class Branch extends Desk {
  override run<T>(work: () => T): T {
    return super.run(work);
  }
}
Branch.prototype.run = spanned('Branch.run', Branch.prototype.run);

// A function alone does not know its class.
const functionName = (name: string) => name.split('.').pop() ?? name;
behaviour('wrapped functions', { Desk, Branch, functionName });
