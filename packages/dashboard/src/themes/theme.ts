import { type Colour, contrast } from './contrast.ts';

/** What texts are written in. Each has a contrast of at least 4.5 to the ground. */
export const textRoles = ['text', 'emphasis', 'latency', 'power', 'accent', 'good', 'warn', 'bad'] as const;
/** What only marks: lines and frames. At least 3. */
export const markRoles = ['border'] as const;

/** What a colour is for. The ground is what all others stand on. */
export type ColourRole = (typeof textRoles)[number] | (typeof markRoles)[number] | 'ground';

/** Colours of a dashboard, the same in a terminal and in a page. A severity is a word and a glyph besides its colour. */
export interface Theme extends Readonly<Record<ColourRole, Colour>> {
  readonly name: string;
  readonly kind: 'dark' | 'light';
}

/** A theme, or why the text is not a theme. */
export type ParsedTheme = { readonly theme: Theme } | { readonly reason: string };

/** WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (marks), level AA. */
const leastText = 4.5;
const leastMark = 3;

/** The least contrast to the ground that a role needs. */
export function leastContrast(role: Exclude<ColourRole, 'ground'>): number {
  return markRoles.some((mark) => mark === role) ? leastMark : leastText;
}

/** Reads a theme. One colour that cannot be read refuses it, with the contrast that was measured. Unknown fields are ignored. */
export function parseTheme(text: string): ParsedTheme {
  const given = parsed(text);
  if (given === undefined) return { reason: 'it is not a JSON object' };
  const { name, kind } = given;
  if (typeof name !== 'string' || name === '' || name.length > 64) return { reason: 'its "name" is not a text' };
  if (kind !== 'dark' && kind !== 'light') return { reason: 'its "kind" is neither "dark" nor "light"' };
  const roles: readonly ColourRole[] = ['ground', ...textRoles, ...markRoles];
  const wrong = roles.find((role) => !isColour(given[role]));
  if (wrong !== undefined) return { reason: `its "${wrong}" is not a colour of the form #1a2b3c` };
  const colours = Object.fromEntries(roles.map((role) => [role, given[role]])) as Record<ColourRole, Colour>;
  const faults = contrastFaults(colours);
  return faults.length > 0 ? { reason: faults.join('; ') } : { theme: { name, kind, ...colours } };
}

/** The pairs of colours that people could not read: `"text" has a contrast of 3.10 to "ground", and needs 4.5`. */
export function contrastFaults(colours: Readonly<Record<ColourRole, Colour>>): readonly string[] {
  const needs = [...textRoles, ...markRoles].map((role) => [role, leastContrast(role)] as const);
  return needs.flatMap(([role, least]) => {
    const measured = contrast(colours[role], colours.ground);
    // Cut off and not rounded: 4.499 must not look like 4.5.
    const shown = (Math.floor(measured * 100) / 100).toFixed(2);
    return measured >= least ? [] : [`"${role}" has a contrast of ${shown} to "ground", and needs ${least}`];
  });
}

function isColour(value: unknown): value is Colour {
  return typeof value === 'string' && /^#[0-9a-fA-F]{6}$/.test(value);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
