/** What came from a keyboard, a mouse wheel, or from the terminal itself. */
export type TerminalInput =
  | { readonly kind: 'key'; readonly key: string }
  /** The colour of the ground, as an answer to OSC 11: 0 to 1 a part. */
  | { readonly kind: 'ground'; readonly red: number; readonly green: number; readonly blue: number };

const sequences: Readonly<Record<string, string>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[H': 'home',
  '[F': 'end',
  '[5~': 'pageup',
  '[6~': 'pagedown',
  '[Z': 'backtab',
};
const control: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x03': 'ctrl-c',
  '\x0c': 'ctrl-l',
  '\x15': 'ctrl-u',
  '\x1a': 'ctrl-z',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const csi = /^\x1b(\[[0-9;?<]*[ -/]*[@-~]|O[A-D])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const osc = /^\x1b\](\d+);([^\x07\x1b]{0,256})(?:\x07|\x1b\\)/;
/** SGR mouse reports (xterm, mode 1006): 64 and 65 are the wheel. */
const wheel = /^\[<(64|65);\d+;\d+M$/;

/** Reads what a terminal sent in one piece. Sequences that are not known are left out. Never throws. */
export function terminalInputs(text: string): readonly TerminalInput[] {
  const inputs: TerminalInput[] = [];
  let rest = text;
  while (rest !== '') {
    const [taken, input] = next(rest);
    if (input !== undefined) inputs.push(input);
    rest = rest.slice(taken);
  }
  return inputs;
}

function next(text: string): readonly [taken: number, input: TerminalInput | undefined] {
  const command = osc.exec(text);
  if (command !== null) return [command[0].length, command[1] === '11' ? ground(command[2] ?? '') : undefined];
  const sequence = csi.exec(text);
  if (sequence !== null) return [sequence[0].length, keyOf(sequence[1] ?? '')];
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  if (first === '\x1b') return [1, { kind: 'key', key: 'escape' }];
  const key = control[first] ?? (first >= ' ' ? first : undefined);
  return [first.length, key === undefined ? undefined : { kind: 'key', key }];
}

function keyOf(sequence: string): TerminalInput | undefined {
  const turned = wheel.exec(sequence);
  if (turned !== null) return { kind: 'key', key: turned[1] === '64' ? 'up' : 'down' };
  const key = sequences[sequence];
  return key === undefined ? undefined : { kind: 'key', key };
}

function ground(value: string): TerminalInput | undefined {
  const [, ...parts] = /^rgb:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})$/i.exec(value) ?? [];
  if (parts.length !== 3) return undefined;
  const [red = 0, green = 0, blue = 0] = parts.map((part) => Number.parseInt(part, 16) / (16 ** part.length - 1));
  return { kind: 'ground', red, green, blue };
}
