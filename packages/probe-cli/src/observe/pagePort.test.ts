import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { pagePort } from './pagePort.ts';

it.each([{}, { PROMETHEUS_PORT: ' ' }])('takes a free port where the user has set none: %j', async (environment) => {
  const { port, note } = await pagePort(environment);
  expect(note).toBeUndefined();
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  await new Promise((resolve) => server.close(resolve));
});

it('takes the port that the user has set, in the order in which programs read the variables', async () => {
  expect(await pagePort({ PROMETHEUS_PORT: '9999' })).toEqual({ port: 9999 });
  expect(await pagePort({ PROMETHEUS_PORT: '9999', OTEL_EXPORTER_PROMETHEUS_PORT: ' 9998 ' })).toEqual({ port: 9998 });
});

it.each(['0', '65536', '-1', 'x', '99999999', 'tcp://10.96.0.12:9090'])('knows no port from %s', async (value) => {
  expect(await pagePort({ PROMETHEUS_PORT: value })).toEqual({
    note: 'the metrics page of the program is not read, because PROMETHEUS_PORT gives it no port that is known: remove the variable',
  });
});
