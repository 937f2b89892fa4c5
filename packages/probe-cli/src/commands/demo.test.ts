import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
// Loaded here, so that its loading does not count into the first test.
import '../demo/demo.ts';
import { probed, startProbe } from '../host/testHost.suite.ts';

// The demo starts a program with telemetry of its own, seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('benchlab-probe demo', () => {
  it('shows the example with joules, serves metrics, and ends by itself with a verdict', async () => {
    const running = startProbe(['demo', '--for', '8s', '--metrics-port', '0']);
    const [, url = ''] = await running.shown(/(http:\/\/127\.0\.0\.1:[0-9]+\/metrics)/);

    // The page goes with the demo: what was read last counts.
    let page = '';
    const read = async () => {
      page = await fetch(url).then((response) => response.text());
    };
    const joules = /^benchlab_operation_energy_joules_bucket\{.*benchlab_operation="checkout"/m;
    let isRunning = true;
    void running.ended.then(() => {
      isRunning = false;
    });
    while (!joules.test(page) && isRunning) await read().catch(() => undefined);

    expect(page).toMatch(/^hw_power_watts\{.*benchlab_simulated="true".*\} [0-9.]+$/m);
    expect(page).toMatch(joules);
    const { code, out, err } = await running.ended;
    expect(err).toBe('');
    // How many joules an order takes depends on what else this host does.
    expect(out).toMatch(/^[A-Z]+ +joules\(checkout\) < 1000 J +observed [0-9.]+ J/m);
    expect(out).toContain('SIMULATED');
    expect(code).toBe(0);
  });

  it('states what to do when the port of the metrics page is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;

    const { code, err } = await probed('demo', '--metrics-port', `${port}`);

    expect(err).toMatch(new RegExp(`Port ${port} of 127\\.0\\.0\\.1.*in use.*--metrics-port`));
    expect(code).toBe(97);
  });
});
