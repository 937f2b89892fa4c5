import { codesAndMeanings, type ExitCodeName, exitCode } from '../command/exitCode.ts';
import { commands, description } from '../program.ts';
import { commandTree } from './commandTree.ts';
import { manPage } from './manPage.ts';

/** The manual page of the commands that there are. `npm run render` writes it into the package. */
export async function writtenManPage(): Promise<string> {
  const names = Object.keys(exitCode) as ExitCodeName[]; // the keys of the table are the names
  return manPage(await commandTree(commands), { summary: description, codes: codesAndMeanings(names) });
}
