import { type Command, type CommandGroup, defineCommand } from '../command/command.ts';
import { requiredText, switchFlag, textFlag } from '../command/flag.ts';
import { pairFlag, partFlags, windowFlag } from './sessionsFlags.ts';

const run: Command = defineCommand({
  name: 'run',
  summary: 'lead a person through the steps of a flow',
  words: { text: '<file>', summary: 'a flow, in YAML' },
  options: {
    session: textFlag('--session <session>', 'write into this session, by folder or name, when each step began'),
  },
  help: {
    text: `
Shows the text of each step. Enter continues; with --session a new bookmark in the session does, too. What a flow asks of a
device (device:…) is shown and never executed. bookmark:NAME becomes a stage event of the session, in raw/flow.jsonl.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { trouble: 'a signal, or the end of the input, came before the last step; or a file was in trouble' },
    examples: [
      'flow run configs/flows/clinic.yaml',
      'flow run configs/flows/clinic.yaml --session sessions/2025-11-11T14-30-00Z',
    ],
  },
  async run(host, options, words) {
    const { runFlow } = await import('../flow/runFlow.ts');
    return runFlow(host, options, words);
  },
});

const report: Command = defineCommand({
  name: 'report',
  summary: 'latency, target and joules of each step of a flow in a session',
  words: { text: '<session>', summary: 'the session that was recorded while the flow ran, by folder or name' },
  options: {
    flow: requiredText('--flow <file>', 'the flow that ran'),
    html: textFlag('--html <file>', 'write a page that needs no other file'),
    markdown: textFlag('--markdown <file>', 'write a table for a ticket'),
    json: switchFlag('--json', 'one JSON object, instead of a table'),
    pair: pairFlag,
    window: windowFlag,
    ...partFlags,
  },
  help: {
    text: `
The frames of a step are those that reached the first stage while it ran; of several pairs of stages the first one counts, or
the one of --pair. A target is met when 95 % of the frames took no longer. Energy is that of the whole bench over the time of
the step; where a part of it has no power there is none. Without marks of flow run the bookmarks of the session count that are
called like a step or like a bookmark of it.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { trouble: 'the session does not show the flow, or a part of it could not be read' },
    examples: [
      'flow report sessions/2025-11-11T14-30-00Z --flow configs/flows/clinic.yaml',
      'flow report sessions/2025-11-11T14-30-00Z --flow configs/flows/clinic.yaml --html report.html --markdown report.md',
    ],
  },
  async run(host, options, words) {
    const { reportFlow } = await import('../flow/reportFlow.ts');
    return reportFlow(host, options, words);
  },
});

export const flow: CommandGroup = {
  name: 'flow',
  summary: 'lead a person through steps, and report the latency and energy of each',
  commands: [run, report],
};
