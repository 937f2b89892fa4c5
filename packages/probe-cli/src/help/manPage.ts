import type { CommandNode, OptionNode } from './commandTree.ts';

export interface ManPageOptions {
  /** One sentence on the whole program. */
  readonly summary: string;
  /** The exit codes of all commands. */
  readonly codes: CommandNode['codes'];
}

/**
 * The manual page of all commands, as man(7) macros. It has no date and no version, so that it changes with the commands
 * alone.
 */
export function manPage(tree: readonly CommandNode[], { summary, codes }: ManPageOptions): string {
  const lines = [
    '.\\" Written from the commands by scripts/man-page.mjs: npm run render',
    '.TH BENCHLAB\\-PROBE 1 "" "benchlab\\-otel" "User Commands"',
    '.SH NAME',
    `benchlab\\-probe \\- ${escaped(lowered(summary))}`,
    '.SH SYNOPSIS',
    ...tree.flatMap((node) => ['.B', `benchlab\\-probe ${escaped(node.path)}`, escaped(usage(node)), '.br']),
    '.SH DESCRIPTION',
    escaped(`${summary} Each command has --help with its examples.`),
    '.SH COMMANDS',
    ...tree.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...codes.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, escaped(meaning)]),
    '.SH SEE ALSO',
    'https://github.com/benchlab\\-otel/benchlab\\-otel',
  ];
  return `${lines.join('\n')}\n`;
}

function usage({ options, words }: CommandNode): string {
  const parts = [
    ...(options.length > 0 ? ['[options]'] : []),
    ...(words?.areCommandLine ? ['--'] : []),
    ...(words ? [words.text] : []),
  ];
  return parts.join(' ');
}

function commandLines({ path, summary, words, options, text, codes, examples }: CommandNode): readonly string[] {
  return [
    `.SS ${escaped(path)}`,
    `${escaped(sentence(summary))}`,
    ...(words === undefined ? [] : ['.TP', `.I ${escaped(words.text)}`, escaped(words.summary)]),
    ...options.flatMap(optionLines),
    ...(text === '' ? [] : ['.PP', ...verbatim(text.split('\n'))]),
    '.PP',
    `Exit codes: ${escaped(codes.map(([code, meaning]) => `${code} (${meaning})`).join('; '))}.`,
    '.PP',
    'Examples:',
    ...verbatim(examples),
  ];
}

function optionLines({ flags, summary, choices, initial, isRequired }: OptionNode): readonly string[] {
  const notes = [
    ...(choices.length > 0 ? [`one of ${choices.join(', ')}`] : []),
    ...(initial === undefined ? [] : [`default: ${initial}`]),
    ...(isRequired ? ['required'] : []),
  ];
  return ['.TP', `.B ${escaped(flags)}`, escaped(`${summary}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`)];
}

/** Lines as they are: not filled, indented. */
function verbatim(lines: readonly string[]): readonly string[] {
  return ['.RS 4', '.nf', ...lines.map(escaped), '.fi', '.RE'];
}

/** A text that no macro and no escape of roff is in: man-pages(7), "Generating optimal glyphs". */
function escaped(text: string): string {
  const plain = text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

function lowered(text: string): string {
  return `${text[0]?.toLowerCase()}${text.slice(1)}`.replace(/\.$/, '');
}
