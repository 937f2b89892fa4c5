import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The bound of memory of each target, MB: an idle one takes some 100. */
const limitMb = 500;

export async function startTarget(name, args) {
  const file = fileURLToPath(new URL(`../targets/${name}.mjs`, import.meta.url));
  const env = { ...process.env, LIMIT_MB: String(limitMb) };
  const child = fork(file, args, { execArgv: [], env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr.on('data', (bytes) => {
    errors = `${errors}${bytes}`.slice(-2000);
  });
  const end = new Promise((_, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`${name} ended with ${signal ?? code}: ${errors}`)));
  });
  end.catch(() => undefined);
  const message = () => Promise.race([once(child, 'message').then(([first]) => first), end]);
  const address = await message();
  return {
    ...address,
    child,
    figures() {
      const answer = message();
      if (child.connected) child.send('figures');
      return answer;
    },
  };
}
