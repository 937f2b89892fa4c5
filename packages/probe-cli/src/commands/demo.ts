import { type Command, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { defaultFlag, valueFlag } from '../command/flag.ts';
import { telemetryOutFlag } from '../command/telemetryOutFlag.ts';
import { portNumber } from '../command/valueParsers.ts';

export const demo: Command = defineCommand({
  name: 'demo',
  summary: 'see all of it on an emulated board: a program with spans, its joules, a metrics page, a dashboard',
  options: {
    for: valueFlag('--for <duration>', 'end after this time: 20s, 5m; until Ctrl-C by default', duration),
    metricsPort: defaultFlag(
      '--metrics-port <port>',
      'port of the metrics page on 127.0.0.1; 0 takes any free one',
      portNumber,
      9109,
    ),
    webPort: valueFlag(
      '--web-port <port>',
      'port of the dashboard on 127.0.0.1; 0 takes any free one (8081, or a free one where that is in use)',
      portNumber,
    ),
    telemetryOut: telemetryOutFlag,
  },
  help: {
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['demo', 'demo --for 20s', 'demo --metrics-port 0'],
  },
  async run(host, options) {
    const { runDemo } = await import('../demo/demo.ts');
    return runDemo(host, options);
  },
});
