// Adds digests to the images of deploy/images.env, where the registries answer: a tag can be moved, a digest cannot.
// Asks each registry by the API of the OCI distribution specification (https://github.com/opencontainers/distribution-spec).
//   node scripts/pin-images.mjs              print what each tag is now; exit 1 where a digest in the file differs
//   node scripts/pin-images.mjs --write      write NAME=image:tag@sha256:… into the file
//   --file FILE                              another list; --plain-http HOST allows a registry without TLS (for tests)
// An image of ours (benchlab/…) is not in a registry, and is left as it is. What no registry answers for is left too, and the
// exit code is 1: nothing is invented.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './workspaces.mjs';

const limitMs = 20_000;
const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const { values: options } = parseArgs({
  options: {
    file: { type: 'string', default: join(root, 'deploy/images.env') },
    write: { type: 'boolean', default: false },
    'plain-http': { type: 'string', multiple: true, default: [] },
  },
});

let faults = 0;
const lines = [];
for (const line of readFileSync(options.file, 'utf8').split('\n')) lines.push(await pinned(line));
if (options.write) writeFileSync(options.file, lines.join('\n'));
process.exitCode = faults === 0 ? 0 : 1;

async function pinned(line) {
  const [, variable, text] = /^([A-Z][A-Z0-9_]*)=(\S+)$/.exec(line) ?? [];
  if (text === undefined || text.startsWith('benchlab/')) return line;
  try {
    const image = parsed(text);
    const digest = await digestOf(image);
    if (image.digest !== undefined && image.digest !== digest) {
      // A tag that moved may be a mistake or an attack: a person decides, by removing the digest first.
      throw new Error(`the tag is ${digest} now. Remove the digest from the file to take it.`);
    }
    console.log(`${variable} ${image.name}:${image.tag} ${digest}`);
    return `${variable}=${image.name}:${image.tag}@${digest}`;
  } catch (error) {
    faults++;
    console.error(`${variable}: ${text}: ${error.message}`);
    return line;
  }
}

/** `ghcr.io/google/cadvisor:v1@sha256:…` in parts. Without a host it is Docker Hub, without a folder its library. */
function parsed(text) {
  const [, name, tag, digest] = /^([^@\s]+):([\w][\w.-]{0,127})(?:@(sha256:[0-9a-f]{64}))?$/.exec(text) ?? [];
  if (name === undefined) throw new Error('not an image with a tag. Write HOST/NAME:TAG.');
  const [first, ...rest] = name.split('/');
  const hasHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const repository = hasHost ? rest.join('/') : rest.length > 0 ? name : `library/${name}`;
  return { name, tag, digest, host: hasHost ? first : 'registry-1.docker.io', repository };
}

/** The digest of what the tag names: computed from the bytes, so that a registry cannot state another. */
async function digestOf({ host, repository, tag }) {
  const base = `${options['plain-http'].includes(host) ? 'http' : 'https'}://${host}`;
  const url = `${base}/v2/${repository}/manifests/${tag}`;
  let response = await ask(url, { accept });
  if (response.status === 401) {
    const token = await tokenFor(response.headers.get('www-authenticate') ?? '');
    response = await ask(url, { accept, authorization: `Bearer ${token}` });
  }
  if (!response.ok) throw new Error(`the registry answered ${response.status}.`);
  const digest = `sha256:${createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex')}`;
  const stated = response.headers.get('docker-content-digest');
  if (stated !== null && stated !== digest) throw new Error(`the registry states ${stated}, and sent ${digest}.`);
  return digest;
}

/** An anonymous token, as registries give to everyone who reads public images. */
async function tokenFor(challenge) {
  const field = (name) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = field('realm');
  if (!/^Bearer /i.test(challenge) || realm === undefined)
    throw new Error('the registry wants a login of another kind.');
  const query = new URLSearchParams({ service: field('service') ?? '', scope: field('scope') ?? '' });
  const response = await ask(`${realm}?${query}`, {});
  if (!response.ok) throw new Error(`the registry gave no token (${response.status}).`);
  const { token, access_token: other } = await response.json();
  return token ?? other;
}

async function ask(url, headers) {
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(limitMs) });
  } catch (error) {
    throw new Error(`the registry did not answer (${error.cause?.code ?? error.message}).`);
  }
}
