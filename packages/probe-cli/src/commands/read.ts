import { agentFlag, assumeFirmwareFlag, noDitherFlag, portFlag, simulateFlag } from '../command/boardFlags.ts';
import { type Command, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { defaultFlag, switchFlag, valueFlag } from '../command/flag.ts';
import { telemetryOutFlag } from '../command/telemetryOutFlag.ts';
import { rate } from '../command/valueParsers.ts';

export const read: Command = defineCommand({
  name: 'read',
  summary: 'show what the boards read, until Ctrl-C',
  options: {
    port: portFlag,
    simulate: simulateFlag,
    agent: agentFlag,
    assumeFirmware: assumeFirmwareFlag,
    rate: defaultFlag('--rate <hz>', 'polls a second, 1 to 100', rate, 10, { sets: 'rateHz' }),
    dither: noDitherFlag,
    for: valueFlag('--for <duration>', 'end after this time: 500ms, 20s, 5m', duration),
    json: switchFlag('--json', 'print one JSON object a sample'),
    telemetryOut: telemetryOutFlag,
  },
  help: {
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'read',
      'read --simulate --for 5s',
      'read --agent',
      'read --port /dev/ttyACM0 --rate 20 --json > samples.jsonl',
    ],
  },
  async run(host, options) {
    const [{ readBoards }, { withCommandEvents }] = await Promise.all([
      import('../read/readBoards.ts'),
      import('../events/commandEvents.ts'),
    ]);
    return withCommandEvents(options.telemetryOut, 'read', (events) => readBoards(host, options, events));
  },
});
