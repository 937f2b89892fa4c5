// Packs all packages as they are published, for a project that installs them before they are.
//   npm run pack:npm -- FOLDER
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { packAll } from './pack.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('npm run pack:npm needs the folder for the tarballs: npm run pack:npm -- ../tarballs');
  process.exitCode = 2;
} else {
  mkdirSync(folder, { recursive: true });
  for (const file of (await packAll(resolve(folder))).values()) console.log(file);
}
