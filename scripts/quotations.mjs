// Writes the files that pages quote into their blocks of code: ```ts file=examples/nest/src/main.ts. With --check it fails when
// a quotation is not the file.
//   node scripts/quotations.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pagesOfUsers } from './release/blocks.mjs';
import { root } from './workspaces.mjs';

const checks = process.argv.includes('--check');
/** A name without a folder is a file of an example that only the page has. */
const quotation = /^(```\S+ file=(\S+\/\S+)\n).*?^```$/gms;

for (const page of pagesOfUsers()) {
  const path = join(root, page);
  const text = readFileSync(path, 'utf8');
  const quoted = text.replace(quotation, (_, head, file) => `${head}${readFileSync(join(root, file), 'utf8')}\`\`\``);
  if (quoted === text) continue;
  if (checks) {
    console.error(`${page} quotes a file that has changed. Run: npm run render`);
    process.exitCode = 1;
  } else writeFileSync(path, quoted);
}
