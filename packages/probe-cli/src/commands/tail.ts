import { type Command, defineCommand } from '../command/command.ts';
import { defaultFlag, requiredText, switchFlag } from '../command/flag.ts';
import { telemetryOutFlag } from '../command/telemetryOutFlag.ts';
import { readerCount } from '../command/valueParsers.ts';

export const tail: Command = defineCommand({
  name: 'tail',
  summary: 'follow a stream of lines, and serve it to any number of readers, until ended',
  options: {
    input: requiredText('--input <source>', 'a file, a FIFO, unix:PATH, udp:PORT, or - for standard input', {
      sets: 'from',
    }),
    to: requiredText('--to <address>', 'where readers connect: unix:PATH or tcp:HOST:PORT'),
    unprotected: switchFlag('--unprotected', 'allow --to an address that other hosts can reach; there is no password'),
    maxReaders: defaultFlag('--max-readers <n>', 'readers at one time, 1 to 1024', readerCount, 64),
    telemetryOut: telemetryOutFlag,
  },
  help: {
    text: `
A file is read from its start and followed, also after it was cut or replaced; a FIFO may have any number of writers, one
after the other. A source that is not there yet is waited for. A reader gets the lines that come after it connected. For a
reader that is too slow, 256 KiB wait; then its oldest lines are dropped and counted on standard error, and other readers
notice nothing. Lines longer than 64 KiB are refused. The Unix socket has mode 0660. Readers must not write.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'tail --input /run/app/events.fifo --to unix:/run/app/events.sock',
      'tail --input events.jsonl --to tcp:127.0.0.1:8082',
      'node app.js | benchlab-probe tail --input - --to unix:/tmp/events.sock',
    ],
  },
  async run(host, options) {
    const [{ runTail }, { withCommandEvents }] = await Promise.all([
      import('../tail/runTail.ts'),
      import('../events/commandEvents.ts'),
    ]);
    return withCommandEvents(options.telemetryOut, 'tail', (events) => runTail(host, options, events));
  },
});
