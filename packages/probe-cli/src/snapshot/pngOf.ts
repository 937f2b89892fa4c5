import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';

/** What is used of the renderer: docs of its class `Resvg`. */
interface Renderer {
  readonly Resvg: new (
    svg: string,
    options: { readonly font: { readonly loadSystemFonts: boolean } },
  ) => { innerBBox(): object | undefined; render(): { asPng(): Uint8Array } };
}

/** No package here brings it: its licence, MPL-2.0, is a choice of the user. */
const renderer = '@resvg/resvg-js';
const orElse = 'or write a file with the end .svg or .html, which need neither';
/** In the fonts of a picture. */
const letter =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9" font-family="system-ui, \'DejaVu Sans\', \'Liberation Sans\', Arial, sans-serif">M</text></svg>';
const options = { font: { loadSystemFonts: true } };

/**
 * A picture of SVG as PNG, without a browser.
 *
 * @throws BenchlabError UNSUPPORTED without the renderer, and without a font: texts would be left out silently
 */
export function pngOf(svg: string): Uint8Array {
  const { Resvg } = installed();
  if (new Resvg(letter, options).innerBBox() === undefined) {
    const what = 'PNG needs a font, and none of DejaVu Sans, Liberation Sans and Arial is installed.';
    throw new BenchlabError(
      'UNSUPPORTED',
      what,
      `Install one (on Debian: apt-get install fonts-dejavu-core), ${orElse}.`,
    );
  }
  return new Resvg(svg, options).render().asPng();
}

/** Next to this package, or where the command was started. */
function installed(): Renderer {
  let cause: unknown;
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(from)(renderer) as Renderer; // of its name
    } catch (error) {
      cause = error;
    }
  }
  const what = `PNG needs the package ${renderer}, which is not installed.`;
  throw new BenchlabError('UNSUPPORTED', what, `npm install ${renderer}, ${orElse}.`, { cause });
}
