import type { CommandNode, OptionNode } from './commandTree.ts';

const programName = 'benchlab-probe';
/** Words that stand for a file in the usage of an option or an argument. */
const isFile = (value = '') => /file|path|socket|link|source/.test(value);

/**
 * A script for bash 4 and newer that completes commands, options, the words of closed sets, and files. After `--` it offers
 * programs, and then files.
 */
export function bashCompletion(tree: readonly CommandNode[]): string {
  const names = [...new Set(tree.map(({ path }) => path.split(' ')[0] ?? path))];
  const groups = names.filter((name) => tree.some(({ path }) => path.startsWith(`${name} `)));
  const wordless = groups.filter((name) => !tree.some(({ path }) => path === name));
  return `# Completion of ${programName} for bash. Written by: ${programName} completion bash
_benchlab_probe() {
  local word path= value=
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  # bash takes --option=value for three words.
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word == -- ]]; then
      # The other program, and then files for it.
      if [[ $prev == -- ]]; then mapfile -t COMPREPLY < <(compgen -c -- "$cur")
      else compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); fi
      return
    fi
    case "$path $word" in
${paths(tree, groups)}
    esac
  done
  case "$path:$prev" in
${values(tree)}
  esac
  # An option that may stand without its value is followed by another one.
  if [[ $cur == -* ]]; then value=; fi
  case "$value" in
    '') ;;
    FILE) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    NOTHING) return ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$value" -- "$cur"); return ;;
  esac
  case "$path" in
${branch('', [...names, '--help', '--version'])}
${wordless.map((name) => branch(name, [...subcommands(tree, name), '--help'])).join('\n')}
${tree.map((node) => branch(node.path, wordsAfter(tree, node), isFile(node.words?.text))).join('\n')}
  esac
}
complete -F _benchlab_probe ${programName}
`;
}

/** From the words that came before to the command: `record`, then `record gst`. */
function paths(tree: readonly CommandNode[], groups: readonly string[]): string {
  const all = [...new Set([...groups, ...tree.map(({ path }) => path)])];
  return all
    .map((path) => {
      const words = path.split(' ');
      return `      '${words.slice(0, -1).join(' ')} ${words.at(-1)}') path='${path}' ;;`;
    })
    .join('\n');
}

function values(tree: readonly CommandNode[]): string {
  return tree
    .flatMap(({ path, options }) =>
      options
        .filter(({ value }) => value !== undefined)
        .map((option) => `    '${path}:${option.long}') value='${completedBy(option)}' ;;`),
    )
    .join('\n');
}

function completedBy({ choices, value }: OptionNode): string {
  if (choices.length > 0) return choices.join(' ');
  return isFile(value) ? 'FILE' : 'NOTHING';
}

function subcommands(tree: readonly CommandNode[], group: string): readonly string[] {
  return tree.filter(({ path }) => path.startsWith(`${group} `)).map(({ path }) => path.slice(group.length + 1));
}

/** The commands below it, where it is a group too, and its options. */
function wordsAfter(tree: readonly CommandNode[], { path, options }: CommandNode): readonly string[] {
  return [...subcommands(tree, path), ...options.map(({ long }) => long), '--help'];
}

function branch(path: string, words: readonly string[], withFiles = false): string {
  const files = withFiles
    ? ` compopt -o filenames 2>/dev/null; mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur");`
    : '';
  return `    '${path}') mapfile -t COMPREPLY < <(compgen -W '${words.join(' ')}' -- "$cur");${files} ;;`;
}
