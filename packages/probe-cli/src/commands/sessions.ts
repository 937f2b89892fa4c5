import { type Command, type CommandGroup, defineCommand } from '../command/command.ts';
import { defaultFlag, textFlag, wordFlag } from '../command/flag.ts';
import { text } from '../command/valueParsers.ts';
import { archiveCommands } from './sessionsArchive.ts';
import { deliver } from './sessionsDeliver.ts';
import { howPaired, pairFlag, partFlags, windowFlag } from './sessionsFlags.ts';
import { importFiles } from './sessionsImport.ts';
import { keepCommands } from './sessionsKeep.ts';
import { compare, show } from './sessionsRead.ts';
import { recordCommands } from './sessionsRecord.ts';

const words = {
  text: '<session...>',
  summary: 'sessions by folder or name, folders that hold sessions, patterns with * and ?',
};

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

const exportFrames: Command = defineCommand({
  name: 'export',
  summary: 'write the frames of sessions for CapFrameX, DuckDB, Perfetto and others',
  words,
  options: {
    format: wordFlag('--format <name>', 'what is written; capframex-csv by default', [
      'capframex-csv',
      'capframex-json',
      'seed',
      'presentmon-v1',
      'parquet',
      'trace',
    ]),
    application: defaultFlag('--application <name>', 'the name of the game in the list', text, 'Vantage:Pipeline'),
    frameTime: wordFlag(
      '--frame-time <what>',
      'what MsBetweenPresents is: the latency of the frame (default), or cadence, the time since the frame before',
      ['latency', 'cadence'],
    ),
    out: textFlag('--out <folder>', 'write there; into the folder of the session by default'),
    pair: pairFlag,
    window: windowFlag,
    ...partFlags,
  },
  help: {
    text: `
  capframex-csv   cx-export/FROM_to_TO.csv for each pair of stages: a record of CapFrameX
  capframex-json  cx-export/FROM_to_TO.json: the same with all rails and sensors, and the host
  seed            cx-export/FROM_to_TO.csv: five columns and no other, which CapFrameX does not import
  presentmon-v1   cx-export/FROM_to_TO.presentmon.csv: the columns of PresentMon 1, for its other readers
  parquet         aligned/latency.parquet: all rows, for DuckDB, pandas and others
  trace           aligned/trace.json: frames and sensors, for Perfetto and the Firefox Profiler

CapFrameX watches a folder: copy its files there. After writing, each rule of its import is checked; what it would refuse or
hide is a warning. Of several sessions --out gets files that begin with their names.${howPaired}`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'sessions export sessions/2025-11-11T14-30-00Z',
      'sessions export sessions/2025-11-11T14-30-00Z --frame-time cadence --application game.exe --out /mnt/cx-import',
      'sessions export sessions/2025-11-11T14-30-00Z --format capframex-json',
      "sessions export 'sessions/*' --format parquet --out tables",
      'sessions export sessions/2025-11-11T14-30-00Z --format trace --from 10s --to 20s',
    ],
  },
  async run(host, options, folders) {
    const { exportSessions } = await import('../sessions/exportSessions.ts');
    return exportSessions(host, options, folders);
  },
});

export const sessions: CommandGroup = {
  name: 'sessions',
  summary: 'sessions of a bench: record, join stages with power, show, compare, export, import, keep',
  commands: [
    ...recordCommands,
    align,
    show,
    compare,
    exportFrames,
    importFiles,
    ...keepCommands,
    ...archiveCommands,
    deliver,
  ],
};
