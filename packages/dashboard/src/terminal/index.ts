export { viewLines, viewObject } from './figureList.ts';
export { type ColourDepth, colourDepth } from './palette.ts';
export type { PlotKind } from './plot.ts';
export { processScreen } from './processScreen.ts';
export type { ScreenDevice } from './screenDevice.ts';
export { columnNames } from './tables.ts';
export { type TextScreenOptions, textScreen } from './textScreen.ts';
export { Tui, type TuiOptions } from './tui.ts';
