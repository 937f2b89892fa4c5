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
  it('shows its program with joules, serves metrics, and ends with a verdict at Ctrl-C', async () => {
    const running = startProbe(['demo', '--metrics-port', '0', '--web-port', '0']);
    const [, url = ''] = await running.shown(/(http:\/\/127\.0\.0\.1:[0-9]+\/metrics)/);
    const page = () => fetch(url).then((response) => response.text());

    const joules = /^benchlab_operation_energy_joules_bucket\{.*benchlab_operation="checkout"/m;
    await expect.poll(page, { timeout: 50_000, interval: 200 }).toMatch(joules);
    expect(await page()).toMatch(/^hw_power_watts\{.*benchlab_simulated="true".*\} [0-9.]+$/m);
    const [, dashboard = ''] = await running.shown(/^page +(http:\/\/127\.0\.0\.1:\d+\/)$/m);
    const stream = () => fetch(`${dashboard}api/events?after=0`).then((response) => response.text());
    // A run has its latency and its energy, which comes from emulated hardware.
    const order =
      /"component":"checkout","run":"[0-9a-f]{32}","event":"completion","timeMs":[\d.]+,"energyJoules":[\d.]+,.*"simulated":true/;
    await expect.poll(stream, { timeout: 50_000, interval: 200 }).toMatch(order);
    expect(await stream()).toMatch(/"kind":"power","timeMs":[\d.]+,"node":"demo",.*"simulated":true/);
    const { rows } = (await (await fetch(`${dashboard}api/live`)).json()) as { rows: unknown[] };
    expect(rows).toContainEqual({ t: expect.any(Number), lat_ms: expect.any(Number), power_w: expect.any(Number) });
    await expect.poll(page, { timeout: 20_000 }).toMatch(/^hw_gpu_utilization_ratio\{.*benchlab_simulated="true"/m);
    await running.shown(/^the newest \d+ of \d+ spans; .*\n+operation +total calls +newest +errors/m);
    running.send('SIGINT');

    const { code, out, err } = await running.ended;
    expect(err).toBe('');
    // How many joules an order takes depends on what else this host does. One that stops the board leaves a gap.
    expect(out).toMatch(/^[A-Z]+ +joules\(checkout\) < 1000 J +(observed [0-9.]+ J|.*samples cover [0-9.]+ %)/m);
    expect(out).toMatch(/^meter .*\(simulated\)/m);
    expect(code).toBe(0);
  });

  it('ends by itself after --for', async () => {
    const { code, out } = await probed('demo', '--for', '1s', '--metrics-port', '0');

    expect(out).toMatch(/^benchlab-probe run: demo \(.* s, exit code 0\)$/m);
    expect(code).toBe(0);
  });

  it.each(['metrics', 'web'])('states what to do when the port of --%s-port is in use', async (page) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;

    const { code, err } = await probed('demo', '--metrics-port', '0', `--${page}-port`, `${port}`);

    expect(err).toMatch(new RegExp(`Port ${port} of 127\\.0\\.0\\.1.*in use.*--${page}-port`));
    expect(code).toBe(97);
  });

  it('names its flag when nothing can be written at the path of the runtime events', async () => {
    const { code, err } = await probed('demo', '--metrics-port', '0', '--telemetry-out', '/no/such/folder/x');

    expect(err).toMatch(/--telemetry-out is "\/no\/such\/folder\/x"\. .*a file or a FIFO that can be written.*ENOENT/);
    expect(code).toBe(2);
  });
});
