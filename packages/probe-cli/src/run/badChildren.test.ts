// Programs under `run` that behave badly, each a real one.
import { describe, expect, it, vi } from 'vitest';
import { sender } from '../compare/sender.suite.ts';
import { script } from '../host/programs.suite.ts';
import { startProbe } from '../host/testHost.suite.ts';
import { startOtlpReceiver } from '../otlp/otlpReceiver.ts';
// Loaded here, so that its loading does not count into the first test.
import './budgetedRun.ts';

vi.setConfig({ testTimeout: 60_000 });

const { PATH } = process.env;
const ran = (command: readonly string[], ...options: readonly string[]) =>
  startProbe(['run', ...options, '--', ...command], { environment: { PATH } }).ended;

/** A program that sends one span `checkout`, after these statements. */
const sends = (statements: string) => script(sender({ checkout: '[5]' }, statements));
const oneSpan = ['--budget', 'count(checkout) == 1'];

describe('a program that', () => {
  it('closes its standard output and error is measured like others', async () => {
    const { code, out } = await ran(
      sends("const { closeSync } = require('fs'); closeSync(1); closeSync(2);"),
      ...oneSpan,
    );

    expect(out).toMatch(/^PASS +count\(checkout\) == 1/m);
    expect(code).toBe(0);
  });

  it('floods its standard output is read to the end, and the report comes after it', async () => {
    const flood = "require('fs').writeSync(1, 'x'.repeat(99) + '\\n')";
    const { code, out } = await ran(sends(`for (let k = 0; k < 20_000; k++) ${flood};`), ...oneSpan);

    expect(out.slice(0, 2_000_000)).toBe(`${'x'.repeat(99)}\n`.repeat(20_000));
    expect(out.slice(2_000_000)).toMatch(/^PASS +count\(checkout\) == 1/m);
    expect(code).toBe(0);
  });

  it('starts many processes that outlive it leaves none, and that is noted', async () => {
    const forks =
      "for (let k = 0; k < 20; k++) require('child_process').spawn('sleep', ['60'], { stdio: 'ignore' }).unref();";
    const { code, out } = await ran(sends(forks), ...oneSpan);

    expect(out).toMatch(/^note +the command left processes running; they were sent SIGTERM$/m);
    expect(out).toMatch(/^PASS +count\(checkout\) == 1/m);
    expect(code).toBe(0);
  });

  it('dies by a signal keeps the code of it, and no budget passes', async () => {
    const { code, out } = await ran(script("process.kill(process.pid, 'SIGKILL')"), ...oneSpan);

    expect(out).toContain('- it was ended by SIGKILL, and spans that wait for their export are lost then');
    expect(out).toMatch(/^INCONCLUSIVE +count\(checkout\) == 1/m);
    expect(code).toBe(137);
  });

  it('has an OTLP endpoint of its own does not pass, and the checklist names that', async () => {
    const other = await startOtlpReceiver({
      senders: { header: '', checkHeader: () => undefined, checkWay: () => undefined },
    });
    try {
      const own = `process.env.OTEL_EXPORTER_OTLP_ENDPOINT = ${JSON.stringify(other.endpoint)};`;
      const { code, out } = await ran(sends(own), '--expect-spans');

      expect(other.store.received.spans).toBe(1);
      expect(out).toContain(
        '- its code sets an exporter or an endpoint: leave both to the variables OTEL_EXPORTER_OTLP_*',
      );
      expect(code).toBe(98);
    } finally {
      await other.close();
    }
  });

  it('sends what is no OTLP, next to what is: 98, because a refused request may have had spans', async () => {
    const garbage = `
      const [name, secret] = process.env.OTEL_EXPORTER_OTLP_HEADERS.split('=');
      const headers = { 'content-type': 'application/x-protobuf', [name]: secret };
      const url = process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces';
      void fetch(url, { method: 'POST', headers, body: Buffer.alloc(500, 0xff) });`;
    const { code, out } = await ran(sends(garbage), ...oneSpan);

    expect(out).toMatch(/^trouble +1 OTLP request was refused as malformed or too large$/m);
    expect(out).toMatch(/^INCONCLUSIVE +count\(checkout\) == 1/m);
    expect(code).toBe(98);
  });
});
