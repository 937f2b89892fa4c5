import type { Theme } from '../themes/theme.ts';
import { font } from './axes.ts';
import { markup } from './markup.ts';
import type { Snapshot } from './snapshot.ts';
import { timeChartSvg } from './timeChartSvg.ts';
import { comparedText, latencyText, powerText, rangeText, sourceText, titleText } from './words.ts';

/** px of the picture. */
export const pictureSize: { readonly width: number; readonly height: number } = { width: 1600, height: 800 };
const margin = 48;
/** Characters that fit into a line of the picture at its sizes of fonts. */
const [longestTitle, longestLine] = [84, 150];

/** Latency and power over time as one SVG with all that its reader needs: title, legend, statistics, source and range of time. */
export function pictureSvg({ view, chart }: Snapshot, theme: Theme): string {
  const { width, height } = pictureSize;
  const { headline, power, baseline, isSimulated } = view;
  const compared = headline === undefined ? '' : comparedText(headline, baseline);
  const against = compared === '' ? '' : `against ${baseline}: ${compared}`;
  const legendY = height - 56;
  const sample = (x: number, colour: string, more: string) =>
    `<line x1="${x}" y1="${legendY - 6}" x2="${x + 28}" y2="${legendY - 6}" stroke="${colour}" stroke-width="2"${more}/>`;
  const word = (x: number, colour: string, content: string) =>
    `<text x="${x}" y="${legendY}" fill="${colour}">${content}</text>`;
  const legend = [
    sample(margin, theme.latency, ''),
    word(margin + 38, theme.latency, `latency, ms${headline === undefined ? ': not measured' : ''}`),
    sample(margin + 300, theme.power, ' stroke-dasharray="5 3"'),
    word(margin + 338, theme.power, `power, W${power === undefined ? ': not measured' : ''}`),
    word(margin + 600, theme.text, rangeText(view)),
  ];
  const text = (y: number, colour: string, size: number, content: string, longest: number, more = '') =>
    `<text x="${margin}" y="${y}" fill="${colour}" font-size="${size}"${more}>${markup(cut(content, longest))}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${font} font-size="18">`,
    `<rect width="${width}" height="${height}" fill="${theme.ground}"/>`,
    text(
      72,
      theme.emphasis,
      34,
      `${titleText(view)}${isSimulated ? ' · simulated' : ''}`,
      longestTitle,
      ' font-weight="600"',
    ),
    text(116, theme.latency, 22, latencyText(view), longestLine),
    text(148, theme.power, 22, powerText(view), longestLine),
    text(180, theme.text, 22, against, longestLine),
    timeChartSvg(chart, theme, { left: margin + 56, top: 216, right: width - margin - 56, bottom: height - 116 }),
    `<g font-size="20">${legend.join('')}</g>`,
    text(height - 24, theme.text, 20, `source: ${sourceText(view)}`, longestLine),
    '</svg>',
  ].join('\n');
}

function cut(text: string, longest: number): string {
  const signs = [...text];
  return signs.length <= longest ? text : `${signs.slice(0, longest - 1).join('')}…`;
}
