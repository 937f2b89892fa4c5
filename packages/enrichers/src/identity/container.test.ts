import { expect, it } from 'vitest';
import { container } from './container.ts';

it('adds the id that the detector of OpenTelemetry finds, or nothing outside of a container', async () => {
  const found = (await container().resource?.()) ?? {};
  const id: unknown = found['container.id'];
  expect(Object.keys(found).length).toBe(id === undefined ? 0 : 1);
  if (id !== undefined) expect(id).toMatch(/^[0-9a-f-]{32,64}$/);
});
