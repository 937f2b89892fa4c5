// Does a tag name the version that every published package has? The release workflow asks before it publishes.
//   node scripts/release-tag.mjs v1.2.3
import { publishedWorkspaces } from './workspaces.mjs';

const [tag = ''] = process.argv.slice(2);
const wrong = publishedWorkspaces().filter(({ manifest }) => `v${manifest.version}` !== tag);
for (const { manifest } of wrong)
  console.error(`${manifest.name} has version ${manifest.version}, and the tag is ${tag}.`);
if (wrong.length > 0) {
  console.error('Make the version first: npm run release:version');
  process.exitCode = 1;
}
