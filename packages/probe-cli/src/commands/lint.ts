import { type Command, type CommandGroup, defineCommand } from '../command/command.ts';
import { repeatedFlag, wordFlag } from '../command/flag.ts';
import { text } from '../command/valueParsers.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { lintKinds, type NamedKind } from '../lint/kinds.ts';
import type { LintFormat } from '../lint/lintReport.ts';

const format = wordFlag('--format <format>', 'text, or for programs', ['text', 'json', 'github']);
const registry = repeatedFlag(
  '--registry <path>',
  'metrics of your own: files of OpenTelemetry Weaver, or a folder of them; may be repeated',
  text,
);
const comments = 'A comment # lint: allow RULE: the reason, on a line or above it, allows what RULE finds there.';

export const lint: CommandGroup = {
  name: 'lint',
  summary: 'find mistakes in configuration before it runs',
  commands: lintKinds.map(lintCommand),
};

function lintCommand(kind: NamedKind): Command {
  const common = {
    name: kind.name,
    summary: kind.summary,
    words: { text: '<path...>', summary: 'files, and folders to search for them' },
    help: {
      text: `${kind.text.trim()}\n${kind.exceptions ?? comments}`,
      exitCodes: ['pass', 'findings', 'trouble', 'usage'] as const,
      examples: kind.examples.map((example) => `lint ${kind.name} ${example}`),
    },
  };
  const lintWith = async (
    host: CommandHost,
    wanted: LintFormat = 'text',
    paths: readonly string[] = [],
    registries: readonly string[] = [],
  ) => {
    const [{ lintPaths }, { registryFiles }] = await Promise.all([
      import('../lint/lintPaths.ts'),
      import('../lint/readLintFiles.ts'),
    ]);
    return lintPaths(host, { kind: await kind.load(await registryFiles(registries)), format: wanted, paths });
  };
  if (!kind.hasRegistry) {
    return defineCommand({
      ...common,
      options: { format },
      run: (host, options, paths) => lintWith(host, options.format, paths),
    });
  }
  return defineCommand({
    ...common,
    options: { format, registry },
    run: (host, options, paths) => lintWith(host, options.format, paths, options.registry),
  });
}
