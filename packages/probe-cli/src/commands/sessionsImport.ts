import { type Command, defineCommand } from '../command/command.ts';
import { defaultFlag } from '../command/flag.ts';
import { text } from '../command/valueParsers.ts';

export const importFiles: Command = defineCommand({
  name: 'import',
  summary: 'make sessions of frames that PresentMon, CapFrameX or MangoHud recorded',
  words: { text: '<file...>', summary: 'tables of frames (.csv), and records of CapFrameX (.json)' },
  options: {
    out: defaultFlag('--out <folder>', 'the folder in which each file becomes a session', text, 'sessions'),
  },
  help: {
    text: `
Columns are found by their names: PresentMon 1 and 2, OCAT, FrameView, CapFrameX, MangoHud. Columns that are not known are named.
The stages are frame_start, present and displayed: between the first two is the frame time, between the last two the time to
the screen; a frame that was not shown is a drop between them. Of power, that of the whole bench in records of CapFrameX is
kept. An existing session is left alone.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { trouble: 'a row could not be read, a file is not of such a program, or a file was in trouble' },
    examples: [
      'sessions import PresentMon-2026-11-22T040000.csv',
      'sessions import captures/*.json --out /var/log/benchlab/sessions',
    ],
  },
  async run(host, options, files) {
    const { importSessions } = await import('../sessions/importSession.ts');
    return importSessions(host, options, files);
  },
});
