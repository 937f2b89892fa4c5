import { type Command, type CommandGroup, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { defaultFlag, repeatedFlag, switchFlag, textFlag, valueFlag, wordFlag } from '../command/flag.ts';
import { stagePair, text } from '../command/valueParsers.ts';
import { archiveCommands } from './sessionsArchive.ts';
import { deliver } from './sessionsDeliver.ts';
import { keepCommands } from './sessionsKeep.ts';
import { recordCommands } from './sessionsRecord.ts';

const words = { text: '<folder...>', summary: 'folders of sessions, each with raw/*.jsonl' };
const pairFlag = repeatedFlag('--pair <from:to>', 'two stages, may be repeated; neighbours by default', stagePair);
const windowFlag = valueFlag(
  '--window <duration>',
  'the longest time between two stages: a frame that takes longer was dropped; 2s by default',
  duration,
  { sets: 'windowMs' },
);

const howPaired = `
Frames are paired by their id, and where lines have none, by order of time: pairing "fifo", which is wrong once a frame was
dropped. Power is that of the whole bench when a frame reached the first stage, between the samples around it; across a
gap and after the last sample there is none.`;

const align: Command = defineCommand({
  name: 'align',
  summary: 'join the stages of sessions in pairs, and each frame with the power of the bench',
  words,
  options: { pair: pairFlag, window: windowFlag },
  help: {
    text: `
Writes aligned/latency.jsonl in each folder. The same lines give the same file.${howPaired}`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['sessions align sessions/2025-11-11T14-30-00Z', 'sessions align sessions/* --pair ingress:encoded'],
  },
  async run(host, options, folders) {
    const { alignSessions } = await import('../sessions/alignSessions.ts');
    return alignSessions(host, options, folders);
  },
});

const show: Command = defineCommand({
  name: 'show',
  summary: 'latency, drops and joules a frame of sessions, by pair of stages',
  words,
  options: { pair: pairFlag, window: windowFlag, json: switchFlag('--json', 'one JSON object, instead of tables') },
  help: {
    text: howPaired,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['sessions show sessions/2025-11-11T14-30-00Z', 'sessions show sessions/* --json'],
  },
  async run(host, options, folders) {
    const { showSessions } = await import('../sessions/showSessions.ts');
    return showSessions(host, options, folders);
  },
});

const exportFrames: Command = defineCommand({
  name: 'export',
  summary: 'write the frames of sessions as tables for CapFrameX',
  words,
  options: {
    format: wordFlag('--format <name>', 'capframex-csv by default; seed has five columns and no other', [
      'capframex-csv',
      'seed',
    ]),
    application: defaultFlag('--application <name>', 'the name of the game in the list', text, 'Vantage:Pipeline'),
    frameTime: wordFlag(
      '--frame-time <what>',
      'what MsBetweenPresents is: the latency of the frame (default), or cadence, the time since the frame before',
      ['latency', 'cadence'],
    ),
    out: textFlag('--out <folder>', 'write there; cx-export in the folder of the session by default'),
    pair: pairFlag,
    window: windowFlag,
  },
  help: {
    text: `
Writes FROM_to_TO.csv for each pair of stages. CapFrameX watches a folder: copy the files there. After writing, each rule of
its import is checked; what it would refuse or hide is a warning. CapFrameX does not import the format seed.${howPaired}`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'sessions export sessions/2025-11-11T14-30-00Z',
      'sessions export sessions/2025-11-11T14-30-00Z --frame-time cadence --application game.exe --out /mnt/cx-import',
    ],
  },
  async run(host, options, folders) {
    const { exportSessions } = await import('../sessions/exportSessions.ts');
    return exportSessions(host, options, folders);
  },
});

export const sessions: CommandGroup = {
  name: 'sessions',
  summary: 'sessions of a bench: record, join stages with power, show, export, keep',
  commands: [...recordCommands, align, show, exportFrames, ...keepCommands, ...archiveCommands, deliver],
};
