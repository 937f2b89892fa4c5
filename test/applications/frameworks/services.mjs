// Starts each service, asks it, and ends it by SIGTERM: what it answered, and its exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

for (const name of process.argv.slice(2)) {
  const env = {
    ...process.env,
    PORT: '0',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'prometheus',
    OTEL_EXPORTER_PROMETHEUS_PORT: '0',
  };
  const child = spawn(process.execPath, [`dist/${name}.js`], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, address } = JSON.parse(line);
    if (event !== 'ready') continue;
    const answer = await fetch(`http://127.0.0.1:${address.port}/checkout/a`);
    console.log(`${name}: ${answer.status} ${(await answer.text()).trim()}`);
    child.kill('SIGTERM');
  }
  console.log(`${name}: exit ${(await closed)[0]}`);
  clearTimeout(timer);
}
