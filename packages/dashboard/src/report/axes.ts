import type { Theme } from '../themes/theme.ts';
import { figure } from './format.ts';
import type { Scale } from './scale.ts';

/** The place of a drawing between its axes, px. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** px */
export const fontSize = 13;
export const font = "font-family=\"system-ui, 'DejaVu Sans', 'Liberation Sans', Arial, sans-serif\"";

/** Values at the left or the right of a box, with lines across it on the left. */
export function valueAxis(
  { ticks, at }: Scale,
  box: Box,
  theme: Theme,
  colour: string,
  side: 'left' | 'right',
): string {
  const x = side === 'left' ? box.left - 8 : box.right + 8;
  const anchor = side === 'left' ? 'end' : 'start';
  return ticks
    .map((value) => {
      const y = px(at(value));
      const line = side === 'left' ? gridLine(box.left, y, box.right, y, theme) : '';
      return `${line}<text x="${x}" y="${px(at(value) + 4)}" text-anchor="${anchor}" fill="${colour}">${figure(value)}</text>`;
    })
    .join('');
}

/** Texts below a box. */
export function bottomAxis(
  { ticks, at }: Scale,
  box: Box,
  theme: Theme,
  text: (value: number) => string,
  colour: string = theme.text,
): string {
  return ticks
    .map((value) => {
      const x = px(at(value));
      const line = gridLine(x, box.top, x, box.bottom, theme);
      return `${line}<text x="${x}" y="${box.bottom + 20}" text-anchor="middle" fill="${colour}">${text(value)}</text>`;
    })
    .join('');
}

function gridLine(
  x1: number | string,
  y1: number | string,
  x2: number | string,
  y2: number | string,
  theme: Theme,
): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${theme.border}" stroke-opacity="0.25"/>`;
}

/** A tenth of a pixel is enough. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
