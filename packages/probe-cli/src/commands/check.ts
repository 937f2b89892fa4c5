import { type Command, defineCommand } from '../command/command.ts';
import { optionalText } from '../command/flag.ts';

export const check: Command = defineCommand({
  name: 'check',
  summary: 'hold telemetry that a run saved, or a metrics page, against a probe.yaml',
  words: { text: '<file...>', summary: 'files that benchlab-probe run --save FILE wrote, or metrics pages' },
  options: {
    expect: optionalText(
      '--expect [file]',
      'what is expected of each of the files: probe.yaml in this folder by default',
    ),
  },
  help: {
    text: `
Nothing is started: change the expectations until they state what you mean, without a run for each change.
Of the budgets of the file, those on latency and counts are judged; energy is not in saved telemetry, so its budgets are
undecided. A metrics page, in the text format of Prometheus or in OpenMetrics, decides on series alone. What was lost, or
did not fit into the file, makes a judgement undecided where it could change it.`,
    exitCodes: ['pass', 'fail', 'inconclusive', 'usage', 'trouble'],
    examples: [
      'check telemetry.json',
      'check telemetry.json --expect probe.yaml',
      'check metrics.txt --expect page.yaml',
    ],
  },
  async run(host, options, paths) {
    const { checkFiles } = await import('../presence/checkFiles.ts');
    return checkFiles(host, paths, options.expect ?? true);
  },
});
