import { type Command, type CommandGroup, defineCommand } from '../command/command.ts';
import { wordFlag } from '../command/flag.ts';
import { lintKinds, type NamedKind } from '../lint/kinds.ts';

export const lint: CommandGroup = {
  name: 'lint',
  summary: 'find mistakes in configuration before it runs',
  commands: lintKinds.map(lintCommand),
};

function lintCommand(kind: NamedKind): Command {
  return defineCommand({
    name: kind.name,
    summary: kind.summary,
    words: { text: '<path...>', summary: 'files, and folders to search for them' },
    options: { format: wordFlag('--format <format>', 'text, or for programs', ['text', 'json', 'github']) },
    help: {
      text: `${kind.text.trim()}
A comment # lint: allow RULE: the reason, on a line or above it, allows what RULE finds there.`,
      exitCodes: ['pass', 'findings', 'trouble', 'usage'],
      examples: kind.examples.map((example) => `lint ${kind.name} ${example}`),
    },
    async run(host, { format = 'text' }, paths) {
      const { lintPaths } = await import('../lint/lintPaths.ts');
      return lintPaths(host, { kind: await kind.load(), format, paths });
    },
  });
}
