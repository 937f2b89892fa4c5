// Two classes with a method of one name: a build that drops the names of classes makes one series of both.
import { startTelemetry } from '@benchlab-otel/node';
import { Timed } from '@benchlab-otel/sdk';

class Orders {
  @Timed run(): number {
    return 1;
  }
}

class Users {
  @Timed run(): number {
    return 2;
  }
}

async function main(): Promise<void> {
  const telemetry = await startTelemetry({ serviceName: 'shop', otlp: false, metricsPage: { port: 0 } });
  new Orders().run();
  new Users().run();
  const page = await (await fetch(telemetry.metricsUrl ?? '')).text();
  console.log(
    page
      .split('\n')
      .filter((line) => /^benchlab_call_duration_seconds_count/.test(line))
      .join('\n'),
  );
  await telemetry.shutdown();
}

void main();
