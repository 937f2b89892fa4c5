// The commands of an installed benchlab-probe: each loads its part of the bundle, and finds the files of the package that are not
// modules. That of doctor is what it puts before the program that it observes.
import { join } from 'node:path';
import { run } from '../command.mjs';
import { root } from '../workspaces.mjs';

const limitMs = 60_000;

const commands = [
  { args: ['--version'], code: 0, shows: /^\d+\.\d+\.\d+/ },
  { args: ['--help'], code: 0, shows: /Usage:/ },
  { args: ['completion', 'bash'], code: 0, shows: /complete -F/ },
  { args: ['run', '--', process.execPath, '-e', ''], code: 0, shows: /received {2}0 spans/ },
  { args: ['doctor', '--', process.execPath, '-e', ''], code: 99, shows: /because no SDK was registered/ },
  { args: ['lint', 'collector', join(root, 'collector-config/agent/agent.yaml')], code: 0, shows: /No mistakes/ },
  { args: ['sessions', 'show', join(root, 'data/sample')], code: 0, shows: /frames/ },
  { args: ['cycle', 'package.json'], code: 2, shows: /package\.json/ },
  { args: ['demo', '--for', '4s', '--metrics-port', '0'], code: 0, shows: /received/ },
];

/** One check for each command. */
export function checkCommands(project) {
  return commands.map(({ args, code, shows }) => {
    const words = args.map((word) => word.replace(root, '').replace(process.execPath, 'node') || "''").join(' ');
    return {
      title: `npx benchlab-probe ${words}`,
      check: async () => {
        const result = await run('npx', ['--no-install', 'benchlab-probe', ...args], { cwd: project, limitMs });
        if (result.code !== code || !shows.test(result.output))
          throw new Error(`Exit ${result.code} instead of ${code}, or no ${shows}:\n${result.output}`);
      },
    };
  });
}
