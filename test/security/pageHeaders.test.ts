// Requests to the metrics page whose headers Node would refuse by itself, so that nothing would report them.
import { expect, it } from 'vitest';
import { raw } from './attackers.ts';
import { answer, listening, reported } from './page.suite.ts';

it.each([
  ['that are not HTTP', 'nonsense\r\n\r\n', 400],
  ['with a line that is not a header', 'GET /metrics HTTP/1.1\r\nHost localhost\r\n\r\n', 400],
  ['of more than 16 KiB', `GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['without Host', 'GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
])('headers %s are refused and reported', async (_what, bytes, status) => {
  const lines = reported();
  const port = await listening();

  expect(await raw(port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));

  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('requests whose headers cannot be read were refused with 400 or 431: 1 so far.');
  expect((await answer(port)).status).toBe(200);
});

it('a request that expects something unknown is answered like any other', async () => {
  expect((await answer(await listening(), { expect: 'wonders' })).status).toBe(200);
});

it('answers that wait are not mixed with the refusal of what follows them', async () => {
  const port = await listening();

  const text = await raw(port, 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\nnonsense\r\n\r\n');

  expect(text.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(1);
});
