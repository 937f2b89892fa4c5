import { InvalidArgumentError } from 'commander';
import { type Command, type CommandGroup, defineCommand } from '../command/command.ts';
import { exitCode } from '../command/exitCode.ts';

/** The command that prints the completion of all commands, itself included. */
export function completionOf(commands: () => readonly (Command | CommandGroup)[]): Command {
  return defineCommand({
    name: 'completion',
    summary: 'print the completion of commands, options and their values for a shell',
    words: { text: '<shell>', summary: 'bash' },
    options: {},
    help: {
      text: `
For one user: benchlab-probe completion bash > ~/.local/share/bash-completion/completions/benchlab-probe
For this shell alone: source <(benchlab-probe completion bash)`,
      exitCodes: ['pass', 'trouble', 'usage'],
      examples: ['completion bash', 'source <(benchlab-probe completion bash)'],
    },
    async run({ terminal }, _options, [shell]) {
      if (shell !== 'bash')
        throw new InvalidArgumentError(`There is no completion for ${shell}. Write: benchlab-probe completion bash`);
      const [{ commandTree }, { bashCompletion }] = await Promise.all([
        import('../help/commandTree.ts'),
        import('../help/bashCompletion.ts'),
      ]);
      terminal.out(bashCompletion(await commandTree(commands())));
      return exitCode.pass;
    },
  });
}
