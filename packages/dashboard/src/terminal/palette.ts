import { type Colour, contrast, rgb } from '../themes/contrast.ts';
import { leastContrast, type Theme } from '../themes/theme.ts';
import { boldBit, inverseBit, roleBits, roles } from './cells.ts';

/** Colours that a terminal has: 24 bits, 256, 16, or none. */
export type ColourDepth = 'truecolor' | '256' | '16' | 'none';

/** SGR parameters (ECMA-48, 8.3.117) of each look, by the bits of a cell. */
export type Palette = readonly string[];

/** Of 16 colours those of the user's terminal, whose contrast is the user's own: by role, for a dark and for a light ground. */
const sixteen: Readonly<Record<string, readonly [dark: number, light: number]>> = {
  text: [39, 39],
  emphasis: [39, 39],
  border: [90, 90],
  latency: [94, 34],
  power: [95, 35],
  accent: [96, 36],
  good: [92, 32],
  warn: [93, 33],
  bad: [91, 31],
};

/**
 * What the environment states of the colours of a terminal: `NO_COLOR` (no-color.org), `TERM`, and `COLORTERM` as terminals set it.
 */
export function colourDepth(environment: Readonly<Record<string, string | undefined>>): ColourDepth {
  const { NO_COLOR, TERM = '', COLORTERM = '' } = environment;
  if ((NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb' || TERM === '') return 'none';
  if (/^(?:truecolor|24bit)$/i.test(COLORTERM) || /-direct$/.test(TERM)) return 'truecolor';
  return TERM.includes('256color') ? '256' : '16';
}

/** The looks of a theme in a terminal of some depth. */
export function paletteOf(theme: Theme, depth: ColourDepth): Palette {
  const colours = roles.map((role) => coloursOf(theme, role, depth));
  return Array.from({ length: 64 }, (_, bits) => {
    const number = bits & roleBits;
    // Of 16 colours the text is the emphasis too: bold tells them apart.
    const isBold = (bits & boldBit) !== 0 || (roles[number] === 'emphasis' && (depth === '16' || depth === 'none'));
    const parts = ['0', ...(isBold ? ['1'] : []), ...((bits & inverseBit) === 0 ? [] : ['7'])];
    return [...parts, ...(colours[number] ?? [])].join(';');
  });
}

function coloursOf(theme: Theme, role: (typeof roles)[number], depth: ColourDepth): readonly string[] {
  if (depth === 'none') return [];
  if (depth === '16') return [String((sixteen[role] ?? [39, 39])[theme.kind === 'dark' ? 0 : 1])];
  if (depth === 'truecolor') return [`38;2;${rgb(theme[role]).join(';')}`, `48;2;${rgb(theme.ground).join(';')}`];
  const { text, ground } = colours256(theme, role);
  return [`38;5;${text}`, `48;5;${ground}`];
}

/** A role and its ground among 256 colours: as near as its contrast allows, which the nearest alone can lose. */
export function colours256(
  theme: Theme,
  role: (typeof roles)[number],
): { readonly text: number; readonly ground: number } {
  const ground = nearest256(theme.ground);
  return { text: nearest256(theme[role], { ground: colourOf256(ground), least: leastContrast(role) }), ground };
}

/** The levels of the 6 x 6 x 6 cube of xterm's 256 colours (colours 16 to 231); 232 to 255 are greys 8, 18, … 238. */
const levels = [0, 95, 135, 175, 215, 255];

/** A colour of xterm's 256, from 16 on: users change the first 16. */
export function colourOf256(number: number): Colour {
  const at = number - 16;
  const grey = 8 + 10 * (number - 232);
  const parts =
    number >= 232 ? [grey, grey, grey] : [levels[Math.floor(at / 36)], levels[Math.floor(at / 6) % 6], levels[at % 6]];
  return `#${parts.map((part = 0) => part.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * The nearest of xterm's 256 colours.
 *
 * @param legible what it must have: a contrast of at least `least` to `ground`. Absent: no such bound
 */
export function nearest256(colour: Colour, legible?: { readonly ground: Colour; readonly least: number }): number {
  const wanted = rgb(colour);
  const distance = (number: number) =>
    rgb(colourOf256(number)).reduce((sum, part, index) => sum + (part - (wanted[index] ?? 0)) ** 2, 0);
  const numbers = Array.from({ length: 240 }, (_, index) => 16 + index).filter(
    (number) => legible === undefined || contrast(colourOf256(number), legible.ground) >= legible.least,
  );
  return numbers.reduce((found, number) => (distance(number) < distance(found) ? number : found), numbers[0] ?? 231);
}
