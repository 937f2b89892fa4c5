import { assumeFirmwareFlag, portFlag } from '../command/boardFlags.ts';
import { type Command, defineCommand } from '../command/command.ts';
import { exitCode } from '../command/exitCode.ts';
import { switchFlag } from '../command/flag.ts';
import { printable } from '../report/printable.ts';

export const devices: Command = defineCommand({
  name: 'devices',
  summary: 'list the boards that are connected',
  options: { port: portFlag, assumeFirmware: assumeFirmwareFlag, json: switchFlag('--json', 'print JSON') },
  help: {
    text: 'Ports that hold no BENCHLAB are listed with the reason. Without any board the exit code is 97.',
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['devices', 'devices --port /dev/ttyACM0 --json'],
  },
  async run({ terminal }, { port, assumeFirmware, json }) {
    const [{ lookForBoards, noBoard }, { boardList, jsonList }] = await Promise.all([
      import('../run/meter.ts'),
      import('../report/deviceList.ts'),
    ]);
    const found = await lookForBoards({ ports: port, ...(assumeFirmware === undefined ? {} : { assumeFirmware }) });
    const { boards, refused } = found;
    if (json) terminal.out(jsonList(found));
    else if (boards.length > 0) terminal.out(boardList(boards));
    if (boards.length === 0) throw noBoard(refused);
    for (const { port: refusedPort, error } of json ? [] : refused) {
      terminal.err(
        `${printable(`${error.message.includes(refusedPort) ? '' : `${refusedPort}: `}${error.message}`)}\n`,
      );
    }
    return exitCode.pass;
  },
});
