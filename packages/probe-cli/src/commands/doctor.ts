import { InvalidArgumentError } from 'commander';
import { type Command, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { repeatedFlag, switchFlag, valueFlag } from '../command/flag.ts';
import { telemetryOutFlag } from '../command/telemetryOutFlag.ts';
import { type FindingId, findingIds, findingKinds } from '../doctor/finding.ts';

export const doctor: Command = defineCommand({
  name: 'doctor',
  summary:
    'find why telemetry is missing: packages, environment, collector, ports, devices, clock; with a program, what it does',
  words: {
    text: '[command...]',
    summary: 'a program to look at while it runs, and its arguments, after --',
    areCommandLine: true,
  },
  options: {
    json: switchFlag('--json', 'print JSON of schema/doctor.schema.json'),
    ignore: repeatedFlag(
      '--ignore <id>',
      'show this finding without letting it decide the exit code, may be repeated',
      findingId,
    ),
    for: valueFlag(
      '--for <duration>',
      'end the program after this time: 500ms, 20s, 5m; it runs to its end by default',
      duration,
    ),
    telemetryOut: telemetryOutFlag,
  },
  help: {
    text: async () => `
Nothing of the application is loaded into doctor. It reads the package.json files of the folder that it runs in, asks the
collector with an empty export, and tries the port of the metrics page. With a program after --, an observer in its
NODE_OPTIONS reports what is registered. A finding is never a guess: what cannot be seen is listed as not looked at.

Findings:
${findingIds.map((id) => `  ${id.padEnd(24)}${findingKinds[id].wrong.replaceAll('`', '')}`).join('\n')}`,
    exitCodes: ['pass', 'fail', 'trouble', 'usage'],
    meanings: {
      pass: 'nothing was found',
      fail: 'something was found',
      trouble: 'what was asked for could not be looked at: a broken package.json, a program that is not Node.js',
    },
    examples: [
      'doctor',
      'doctor -- node app.js',
      'doctor --for 20s -- npm start',
      'doctor --json --ignore clock-unsynchronised',
    ],
  },
  async run(host, { telemetryOut, ...options }, words) {
    const { withCommandEvents } = await import('../events/commandEvents.ts');
    return withCommandEvents(telemetryOut, 'doctor', async (events) => {
      const { runDoctor } = await import('../doctor/runDoctor.ts');
      return runDoctor(host, options, words, events);
    });
  },
});

function findingId(given: string): FindingId {
  const found = findingIds.find((id) => id === given);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Write one of ${findingIds.join(', ')}.`);
}
