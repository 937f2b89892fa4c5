import { type InMemoryTelemetry, inMemoryTelemetry, telemetryMatchers } from '@benchlab-otel/sdk/testing';
import { Shop } from './shop';

type Matchers = Record<'toHaveSpan' | 'toHaveRecorded', (...expected: unknown[]) => void>;
const recorded = (actual: unknown): Matchers => expect(actual) as unknown as Matchers;

expect.extend(telemetryMatchers as unknown as jest.ExpectExtendMap);
let telemetry: InMemoryTelemetry;
beforeEach(() => {
  telemetry = inMemoryTelemetry();
});
afterEach(() => telemetry.shutdown());

test('a marked method is a span with its child and its duration', async () => {
  expect(await new Shop().buy(100)).toBe(100);
  recorded(telemetry.spans()).toHaveSpan({ name: 'buy', parent: null });
  recorded(telemetry.spans()).toHaveSpan({ name: 'pay', parent: 'buy' });
  recorded(await telemetry.metrics()).toHaveRecorded('shop.buy.duration', { value: { count: 1 } });
});

test('one error is recorded once, on the innermost span', async () => {
  await expect(new Shop().buy(-1)).rejects.toThrow(RangeError);
  recorded(telemetry.spans()).toHaveSpan({ name: 'pay', status: 'error', events: ['exception'] });
  recorded(telemetry.spans()).toHaveSpan({ name: 'buy', status: 'error', events: [] });
});

test('after the modules are loaded again, marks of the copies see each other', async () => {
  const { Span } = await import('@benchlab-otel/sdk');
  jest.resetModules();
  const again = await import('@benchlab-otel/sdk');
  expect(again.Span).not.toBe(Span);
  const marked = again.spanned('twice', Shop.prototype.buy);
  await marked.call(new Shop(), 1);
  expect(telemetry.spans().map(({ name }) => name)).toEqual(['pay', 'buy', 'twice']);
});
