import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Counted, Span } from '../../src/index.ts';
import { Recorder } from '../recorder.ts';

let recorder: Recorder;
beforeEach(() => {
  recorder = Recorder.start();
});
afterEach(() => recorder.stop());
const names = () => recorder.ended.map((span) => span.name);

class Feed {
  @Span @Counted('feed.calls') onData(): void {}
  @Span #onEnd(): void {}
  @Span static ping(): void {}
  get ended(): () => void {
    return this.#onEnd;
  }
}

/** An object of another library that calls what it was given as a method of its own. */
class Timer {
  call(given: () => void): void {
    given.call(this);
  }
}

test('a method that is called without its object has the name of its own class, never of a foreign one', async () => {
  const feed = new Feed();
  const emitter = new EventEmitter();
  emitter.on('data', feed.onData);
  emitter.emit('data');
  new Timer().call(feed.onData);
  const { onData } = feed;
  onData();
  await new Promise<void>((resolve) => {
    setTimeout(feed.onData);
    setTimeout(resolve, 1);
  });
  feed.onData();
  expect(names()).toEqual(Array(5).fill('Feed.onData'));
  expect(await recorder.points('feed.calls')).toEqual({ '{"code.function.name":"Feed.onData"}': 5 });
});

test('a private and a static method keep their names without their object', () => {
  new Timer().call(new Feed().ended);
  const { ping } = Feed;
  ping();
  new Timer().call(ping);
  expect(names()).toEqual(['Feed.#onEnd', 'Feed.ping', 'Feed.ping']);
});

test('before there is an object of its class, a method has its declared name', () => {
  class Late {
    @Span onData(): void {}
  }
  new Timer().call(Late.prototype.onData);
  new Late().onData();
  expect(names()).toEqual(['onData', 'Late.onData']);
});

test('an inherited method has the name of the class that declares it', () => {
  class Derived extends Feed {
    @Span override onData(): void {
      super.onData();
    }
  }
  const { onData } = new Derived();
  onData();
  expect(names()).toEqual(['Feed.onData', 'Derived.onData']);
});
